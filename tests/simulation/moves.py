"""How to fill in the facts of an action: one entry for each action that a person can take.

The simulation reads from the order's own table which actions are open to whom, so a new row there needs one line here
at most; `test_moves.py` asks for it. Machines need none: their actions come from jobs.
"""

import contextlib
import random
from collections.abc import Callable
from typing import Final

from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.core.errors import TransitionRefused
from marketplace.core.money import Money
from marketplace.core.storage import LocalStore
from marketplace.lots.models import LotVersion
from marketplace.orders import services
from marketplace.orders.answers import DECLINE_REASONS, PROBLEM_KINDS, Finding, Parcel, Reason, Receipt
from marketplace.orders.decisions import Decision, decisions_open
from marketplace.orders.models import Order
from marketplace.orders.services import settlement
from marketplace.orders.transitions import ROWS, Action, Party
from marketplace.payments.models import Payout
from marketplace.payments.payouts.transitions import State as PayoutState
from marketplace.unit_of_work import UnitOfWork
from tests.builders.documents import papers_of_order

A = Action
Move = Callable[[UnitOfWork, Order, random.Random], object]
MACHINES: Final = frozenset({Party.CLOCK, Party.PROVIDER, Party.SYSTEM})
WORDS: Final = "Seen by two of us at the scale."


def plainly(action: Action) -> Move:
    """Return the move of an action that needs no facts."""
    return lambda uow, order, _chance: services.advance(uow, order=order, action=action)


def _report(uow: UnitOfWork, order: Order, chance: random.Random) -> object:
    return services.report_problem(uow, order=order, reason=Reason(chance.choice(sorted(PROBLEM_KINDS)), WORDS))


def _decline(uow: UnitOfWork, order: Order, chance: random.Random) -> object:
    return services.decline(uow, order=order, reason=Reason(chance.choice(sorted(DECLINE_REASONS)), WORDS))


def _part(order: Order, chance: random.Random) -> Money:
    return Money(chance.randrange(1, order.price_minor), order.currency)


def _chosen(order: Order, chance: random.Random, *, but: str = "") -> Decision:
    kind = chance.choice([kind for kind in decisions_open(order.disputed_from or "") if kind != but])
    return Decision(kind, WORDS, _part(order, chance) if kind == "split" else None)


def _decide(uow: UnitOfWork, order: Order, chance: random.Random) -> object:
    """Decide as it was proposed; an order that needs no second person is decided in any way."""
    if not order.needs_second_person:
        return services.resolve(uow, order=order, decision=_chosen(order, chance, but="continue"))
    minor = order.proposed_refund_minor
    refund = Money(minor, order.currency) if minor is not None else None
    return services.resolve(uow, order=order, decision=Decision(order.proposed_resolution or "", WORDS, refund))


def _parcel(uow: UnitOfWork, order: Order, *, leg: str) -> Parcel:
    content = uow.session.get_one(LotVersion, order.version_id).content
    tracking = f"{leg}{order.reference}{uow.now:%d%H%M%S}"
    price = Money(order.price_minor, order.currency)
    return Parcel("DHL", tracking, seal_number="PS-7781", weight_mg=content["weight_mg"], insured=price)


def _finding(uow: UnitOfWork, order: Order, *, is_match: bool) -> Finding:
    content = uow.session.get_one(LotVersion, order.version_id).content
    return Finding(is_match, seal_intact=True, weight_mg=content["weight_mg"], certificate="GL-1", note=WORDS)


def _receipt(uow: UnitOfWork, order: Order, chance: random.Random) -> Receipt:
    content = uow.session.get_one(LotVersion, order.version_id).content
    return Receipt(seal_intact=chance.random() < 0.8, weight_mg=content["weight_mg"])


def _offer(uow: UnitOfWork, order: Order, chance: random.Random) -> object:
    price = Money(order.price_minor, order.currency)
    refund = chance.choice((Money.zero(order.currency), price, _part(order, chance)))
    return services.offer_settlement(uow, order=order, refund=refund, text=WORDS)


def _add_evidence(uow: UnitOfWork, order: Order, _chance: random.Random) -> object:
    store = LocalStore(uow.settings.files_dir)
    return services.add_evidence(uow, order=order, text=WORDS, photos=[], store=store)


def payout_of(uow: UnitOfWork, order: Order) -> Payout | None:
    """Return the payout of an order that is under way."""
    ended = (PayoutState.FAILED, PayoutState.CANCELLED)
    found = select(Payout).where(Payout.order_id == order.id, Payout.state.not_in(ended))
    return uow.session.scalar(found)


def _pay_out(uow: UnitOfWork, order: Order, chance: random.Random) -> object:
    """Bring the payout one step further; the last one completes the release."""
    payout = payout_of(uow, order)
    if payout is None:
        return settlement.prepare_payout(uow, order=order)
    if payout.state == PayoutState.SENT and chance.random() < 0.2:
        return _cancel_too_late(uow, payout)
    if payout.state in (PayoutState.PREPARED, PayoutState.APPROVED) and chance.random() < 0.1:
        return settlement.cancel_payout(uow, payout=payout, reason=WORDS)
    if payout.state == PayoutState.PREPARED:
        return settlement.approve_payout(uow, payout=payout)
    if payout.state == PayoutState.APPROVED:
        return settlement.send_payout(uow, payout=payout, reference=f"MP {payout.reference}")
    return settlement.confirm_payout(uow, payout=payout, proof=f"seen {payout.reference}")


def _cancel_too_late(uow: UnitOfWork, payout: Payout) -> str:
    """Try to take back what was sent: it is refused, and where it is not, the invariants tell what came of it."""
    with contextlib.suppress(TransitionRefused):
        settlement.cancel_payout(uow, payout=payout, reason=WORDS)
        return "cancelled after it was sent"
    return "refused"


def _fail_payout(uow: UnitOfWork, order: Order, chance: random.Random) -> object:
    """Let a sent payout come back; one that was not sent goes on."""
    payout = payout_of(uow, order)
    if payout is None or payout.state != PayoutState.SENT:
        return _pay_out(uow, order, chance)
    return settlement.fail_payout(uow, payout=payout, reason=WORDS)


def _ship(uow: UnitOfWork, order: Order, _chance: random.Random) -> object:
    """Send the goods off, with every paper they need to leave."""
    papers_of_order(uow, order, uow.session.get_one(User, uow.person()))
    return services.ship(uow, order=order, parcel=_parcel(uow, order, leg="OUT"))


FACTS: Final[dict[str, Move]] = {
    A.STOP_PAYMENT: plainly(A.STOP_PAYMENT),
    A.CONFIRM: plainly(A.CONFIRM),
    A.DECLINE: _decline,
    A.CANCEL: plainly(A.CANCEL),
    A.CANCEL_UNCONFIRMED: plainly(A.CANCEL_UNCONFIRMED),
    A.EXTEND_SHIPPING: lambda uow, order, _: services.extend_shipping(uow, order=order, reason=WORDS),
    A.SHIP: _ship,
    A.MATCH: lambda uow, order, _: services.confirm_match(
        uow, order=order, finding=_finding(uow, order, is_match=True), parcel=_parcel(uow, order, leg="ON")
    ),
    A.MISMATCH: lambda uow, order, _: services.report_mismatch(
        uow, order=order, finding=_finding(uow, order, is_match=False)
    ),
    A.RECEIVE: lambda uow, order, chance: services.receive(uow, order=order, receipt=_receipt(uow, order, chance)),
    A.PROVE_DELIVERY: lambda uow, order, _: services.prove_delivery(uow, order=order, proof="POD 88 signed"),
    A.EXTEND_INSPECTION: lambda uow, order, _: services.extend_inspection(uow, order=order, laboratory="SSEF"),
    A.ACCEPT: plainly(A.ACCEPT),
    A.ASK_ADJUSTMENT: lambda uow, order, chance: services.ask_adjustment(
        uow, order=order, refund=_part(order, chance), text=WORDS
    ),
    A.AGREE_ADJUSTMENT: lambda uow, order, _: services.agree_adjustment(uow, order=order),
    A.DECLINE_ADJUSTMENT: lambda uow, order, _: services.decline_adjustment(uow, order=order, text=WORDS),
    A.WITHDRAW_ADJUSTMENT: lambda uow, order, _: services.withdraw_adjustment(uow, order=order),
    A.REJECT: lambda uow, order, _: services.reject(uow, order=order, reason=Reason("damaged", WORDS)),
    A.SEND_BACK: lambda uow, order, _: services.send_back(uow, order=order, parcel=_parcel(uow, order, leg="BACK")),
    A.RECEIVE_RETURN: lambda uow, order, chance: services.receive_return(
        uow, order=order, receipt=_receipt(uow, order, chance)
    ),
    A.PROVE_RETURN: lambda uow, order, _: services.prove_return(uow, order=order, proof="POD 89 signed"),
    A.TAKE_BACK: lambda uow, order, _: services.take_back(uow, order=order),
    A.CONTEST_RETURN: lambda uow, order, _: services.contest_return(uow, order=order, reason=Reason("damaged", WORDS)),
    A.REPORT_PROBLEM: _report,
    A.WITHDRAW_PROBLEM: lambda uow, order, _: services.withdraw_problem(uow, order=order),
    A.ADD_EVIDENCE: _add_evidence,
    A.OFFER_SETTLEMENT: _offer,
    A.ACCEPT_SETTLEMENT: lambda uow, order, _: services.accept_settlement(uow, order=order),
    A.PROPOSE: lambda uow, order, chance: services.propose(uow, order=order, decision=_chosen(order, chance)),
    A.CONTINUE: lambda uow, order, _: services.resolve(uow, order=order, decision=Decision("continue", WORDS)),
    A.DECIDE: _decide,
    A.APPEAL: lambda uow, order, _: services.appeal(uow, order=order, text=WORDS),
    A.APPROVE_RELEASE: plainly(A.APPROVE_RELEASE),
    A.COMPLETE_RELEASE: _pay_out,
    A.FAIL_RELEASE: _fail_payout,
    A.RETRY_RELEASE: _pay_out,
    A.RETRY_REFUND: plainly(A.RETRY_REFUND),
}
# How likely a move is beside the others; 1 where nothing stands here. Ends are rarer, so that orders get far.
LIKELIHOOD: Final[dict[str, float]] = {
    Action.STOP_PAYMENT: 0.3,
    Action.DECLINE: 0.3,
    Action.CANCEL: 0.5,
    Action.REPORT_PROBLEM: 0.4,
    Action.FAIL_RELEASE: 0.4,
    Action.ADD_EVIDENCE: 0.2,
    Action.EXTEND_SHIPPING: 0.2,
    Action.EXTEND_INSPECTION: 0.2,
    Action.WITHDRAW_PROBLEM: 0.4,
}


def actions_of_people() -> list[Action]:
    """Return the actions of the table that somebody with a name can take, in its order."""
    return list(dict.fromkeys(row.action for row in ROWS if row.who not in MACHINES))
