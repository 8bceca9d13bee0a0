"""How to fill in the facts of an action: one entry for each action that a person can take.

The simulation reads from the order's own table which actions are open to whom, so a new row there needs one line here
at most; `test_moves.py` asks for it. Machines need none: their actions come from jobs.
"""

import random
from collections.abc import Callable
from typing import Final

from sqlalchemy import select

from marketplace.core.money import Money
from marketplace.lots.models import LotVersion
from marketplace.orders import services
from marketplace.orders.answers import DECLINE_REASONS, PROBLEM_KINDS, Parcel, Reason, Receipt
from marketplace.orders.models import Order
from marketplace.orders.services import settlement
from marketplace.orders.transitions import ROWS, Action, Party
from marketplace.payments.models import Payout
from marketplace.payments.payouts.transitions import State as PayoutState
from marketplace.unit_of_work import UnitOfWork

Move = Callable[[UnitOfWork, Order, random.Random], object]
MACHINES: Final = frozenset({Party.CLOCK, Party.PROVIDER, Party.SYSTEM})
WORDS: Final = "Seen by two of us at the scale."


def plainly(action: Action) -> Move:
    """Return the move of an action that needs no facts."""
    return lambda uow, order, _chance: services.advance(uow, order=order, action=action)


def _ship(uow: UnitOfWork, order: Order, _chance: random.Random) -> object:
    content = uow.session.get_one(LotVersion, order.version_id).content
    parcel = Parcel(
        carrier="DHL",
        tracking=f"JD{order.reference}",
        seal_number="PS-7781",
        weight_mg=content["weight_mg"],
        insured=Money(order.price_minor, order.currency),
    )
    return services.ship(uow, order=order, parcel=parcel)


def _receive(uow: UnitOfWork, order: Order, chance: random.Random) -> object:
    content = uow.session.get_one(LotVersion, order.version_id).content
    return services.receive(
        uow, order=order, receipt=Receipt(seal_intact=chance.random() < 0.8, weight_mg=content["weight_mg"])
    )


def _report(uow: UnitOfWork, order: Order, chance: random.Random) -> object:
    return services.report_problem(uow, order=order, reason=Reason(chance.choice(sorted(PROBLEM_KINDS)), WORDS))


def _decline(uow: UnitOfWork, order: Order, chance: random.Random) -> object:
    return services.decline(uow, order=order, reason=Reason(chance.choice(sorted(DECLINE_REASONS)), WORDS))


def _propose(uow: UnitOfWork, order: Order, chance: random.Random) -> object:
    return services.propose(uow, order=order, decision=Reason(chance.choice(("continue", "refund")), WORDS))


def _resolve(kind: str) -> Move:
    return lambda uow, order, _chance: services.resolve(uow, order=order, decision=Reason(kind, WORDS))


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
    if payout.state in (PayoutState.PREPARED, PayoutState.APPROVED) and chance.random() < 0.1:
        return settlement.cancel_payout(uow, payout=payout, reason=WORDS)
    if payout.state == PayoutState.PREPARED:
        return settlement.approve_payout(uow, payout=payout)
    if payout.state == PayoutState.APPROVED:
        return settlement.send_payout(uow, payout=payout, reference=f"MP {payout.reference}")
    return settlement.confirm_payout(uow, payout=payout, proof=f"seen {payout.reference}")


def _fail_payout(uow: UnitOfWork, order: Order, chance: random.Random) -> object:
    """Let a sent payout come back; one that was not sent goes on."""
    payout = payout_of(uow, order)
    if payout is None or payout.state != PayoutState.SENT:
        return _pay_out(uow, order, chance)
    return settlement.fail_payout(uow, payout=payout, reason=WORDS)


FACTS: Final[dict[str, Move]] = {
    Action.STOP_PAYMENT: plainly(Action.STOP_PAYMENT),
    Action.CONFIRM: plainly(Action.CONFIRM),
    Action.DECLINE: _decline,
    Action.CANCEL: plainly(Action.CANCEL),
    Action.CANCEL_UNCONFIRMED: plainly(Action.CANCEL_UNCONFIRMED),
    Action.SHIP: _ship,
    Action.RECEIVE: _receive,
    Action.PROVE_DELIVERY: lambda uow, order, _chance: services.prove_delivery(uow, order=order, proof="POD 88 signed"),
    Action.ACCEPT: plainly(Action.ACCEPT),
    Action.APPROVE_RELEASE: plainly(Action.APPROVE_RELEASE),
    Action.COMPLETE_RELEASE: _pay_out,
    Action.FAIL_RELEASE: _fail_payout,
    Action.RETRY_RELEASE: _pay_out,
    Action.RETRY_REFUND: plainly(Action.RETRY_REFUND),
    Action.REPORT_PROBLEM: _report,
    Action.WITHDRAW_PROBLEM: lambda uow, order, _chance: services.withdraw_problem(uow, order=order),
    Action.PROPOSE: _propose,
    Action.CONTINUE: _resolve("continue"),
    Action.REFUND: _resolve("refund"),
}
# How likely a move is beside the others; 1 where nothing stands here. Ends are rarer, so that orders get far.
LIKELIHOOD: Final[dict[str, float]] = {
    Action.STOP_PAYMENT: 0.3,
    Action.DECLINE: 0.3,
    Action.CANCEL: 0.5,
    Action.REPORT_PROBLEM: 0.4,
    Action.FAIL_RELEASE: 0.4,
}


def actions_of_people() -> list[Action]:
    """Return the actions of the table that somebody with a name can take, in its order."""
    return list(dict.fromkeys(row.action for row in ROWS if row.who not in MACHINES))
