"""Planted bugs, each patched into the program at run time: the simulation must catch every one."""

import itertools
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Any, Final
from unittest.mock import patch

from marketplace.ledger import recipes
from marketplace.ledger import services as ledger
from marketplace.ledger.recipes import Entry, Share
from marketplace.orders import services
from marketplace.orders.services import goods, money, settlement
from marketplace.orders.transitions import ROWS, Action, LotMove, Party, Row, rules
from marketplace.papers import services as papers
from marketplace.payments import answers, inbox, outbox, receipts, sweep
from marketplace.payments.payouts import services as payouts
from marketplace.payments.payouts.transitions import State as PayoutState
from marketplace.payments.receipts import APPLIED
from marketplace.unit_of_work import UnitOfWork

# The package has a function of the same name, which hides its module.
advancing = sys.modules["marketplace.orders.services.advance"]

Plant = Callable[[], Any]
PLANTS: Final[dict[str, Plant]] = {}


def plant(function: Callable[[], Any]) -> Callable[[], Any]:
    """Name a planted bug after its function; the function returns one patch, or several in a tuple."""
    PLANTS[function.__name__] = function
    return function


@contextmanager
def planted(name: str | None) -> Iterator[None]:
    """Run the block with a bug in the program, or without one."""
    with ExitStack() as stack:
        found = PLANTS[name]() if name is not None else ()
        for each in found if isinstance(found, tuple) else (found,):
            stack.enter_context(each)
        yield


def words_of(name: str) -> str:
    """Return what a planted bug is, in a sentence."""
    return (PLANTS[name].__doc__ or "").strip().splitlines()[0]


@plant
def new_key_on_retry() -> Any:
    """A command that is sent again gets a new idempotency key."""
    lease = outbox._lease

    def again(*arguments: Any) -> Any:
        leased = lease(*arguments)
        return leased and replace(leased, key=f"{leased.key}:{leased.attempt}")

    return patch.object(outbox, "_lease", again)


@plant
def release_without_state_check() -> Any:
    """A large order is released from any state, as long as finance presses the button."""
    found = advancing.row_for

    def row_for(order: Any, action: Action, actor: Any, *, now: Any) -> Row | None:
        row = found(order, action, actor, now=now)
        if row is None and action is Action.APPROVE_RELEASE:
            return next(row for row in ROWS if row.action is action)
        return row

    return patch.object(advancing, "row_for", row_for)


@plant
def webhook_applied_twice() -> Any:
    """News of a payment that is paid already is applied again."""
    mark = receipts._mark_paid

    def twice(uow: UnitOfWork, payment: Any, **more: Any) -> None:
        if payment.state == "paid":
            more["consequences"].payment_paid(uow, payment, more["capture"])
        mark(uow, payment, **more)

    return patch.object(receipts, "_mark_paid", twice)


@plant
def refund_counted_twice() -> Any:
    """A refund is booked when it is sent, and again when it is done."""

    def done(uow: UnitOfWork, refund: Any) -> None:
        order = uow.session.get_one(settlement.Order, refund.order_id)
        whole = recipes.Line(recipes.chart.STRIPE_FEES, recipes.chart.STRIPE_CLEARING, settlement.price_of(order))
        settlement._post(uow, order, Entry("refund_done", (whole,)), key=f"{refund.id}:done")
        complete(uow, refund)

    complete = settlement.refund_done
    return patch.object(settlement, "refund_done", done)


@plant
def late_money_ignored() -> Any:
    """Money for an order that has ended is not noticed."""
    paid = settlement.payment_paid

    def only_waiting(uow: UnitOfWork, payment: Any, capture: Any) -> None:
        if uow.session.get_one(settlement.Order, payment.order_id).state == "pending_payment":
            paid(uow, payment, capture)

    return patch.object(settlement, "payment_paid", only_waiting)


@plant
def fee_forgotten() -> Any:
    """The provider's fee is not booked."""
    captured = recipes.captured
    return patch.object(recipes, "captured", lambda order_id, gross, fee: captured(order_id, gross, fee - fee))


@plant
def split_wrong_by_a_cent() -> Any:
    """One cent of the cooperative's part goes to the platform."""
    shares_of = money.shares_of

    def shares(order: Any) -> list[Share]:
        found = shares_of(order)
        cent = replace(found[0].amount, minor=1)
        moved = {"cooperative": -cent, "platform": cent}
        return [replace(share, amount=share.amount + moved.get(share.payee, cent - cent)) for share in found]

    return patch.object(money, "shares_of", shares)


@plant
def claim_not_released() -> Any:
    """An order that ends keeps its lot."""
    move = goods.move_lot

    def keep(uow: UnitOfWork, **more: Any) -> None:
        if more["move"] is not LotMove.OFFER_AGAIN:
            move(uow, **more)

    return patch.object(advancing, "move_lot", keep)


@plant
def sweep_does_nothing() -> Any:
    """A webhook that is lost stays lost."""
    return patch.object(sweep, "sweep", lambda _desk: True)


@plant
def lease_ignored() -> Any:
    """A command goes out although another worker sends it just now."""
    return patch.object(outbox, "_is_free", lambda command, _now: command.state in ("waiting", "leased"))


@plant
def crash_loses_the_outbox_row() -> Any:
    """A command counts as done before the call: a worker that is killed loses it."""
    lease = outbox._lease

    def leased(uow: UnitOfWork, command_id: Any, consequences: Any) -> Any:
        found = lease(uow, command_id, consequences)
        if found is not None:
            uow.session.get_one(outbox.ProviderCommand, command_id).state = "done"
        return found

    return (
        patch.object(outbox, "_lease", leased),
        patch.object(outbox, "note", _without_looking_at_the_state(outbox.note)),
    )


@plant
def payout_without_reserve() -> Any:
    """A payout takes no money aside; what it needs is booked when it is confirmed."""
    post = payouts._post

    def later(uow: UnitOfWork, payout: Any, entry: Entry) -> None:
        if entry.kind != "payout_reserved":
            post(uow, payout, entry)

    return patch.object(payouts, "_post", later)


@plant
def clock_acts_on_a_frozen_order() -> Any:
    """The clock does not see that an order is frozen."""
    is_open, freeze = rules.is_open, services.freeze

    def blind(row: Row, order: Any, actor: Any, *, now: Any) -> bool:
        return is_open(replace(row, even_frozen=True) if row.who is Party.CLOCK else row, order, actor, now=now)

    def keep_the_deadline(uow: UnitOfWork, *, order: Any, **more: Any) -> Any:
        due = order.next_due_at
        found = freeze(uow, order=order, **more)
        order.next_due_at = due
        return found

    return patch.object(rules, "is_open", blind), patch.object(services, "freeze", keep_the_deadline)


@plant
def duplicate_journal_key_ignored() -> Any:
    """The same event of money is booked as often as it comes; only paying twice for one order is told apart."""
    post, numbers = ledger.post, itertools.count()

    def always(uow: UnitOfWork, *, key: str, **more: Any) -> Any:
        return post(uow, key=f"{key}:{next(numbers)}", **more)

    mark = receipts._mark_sent

    def mark_again(uow: UnitOfWork, refund: Any, found: Any, consequences: Any) -> None:
        if refund.state in ("sent", "done"):
            consequences.refund_sent(uow, refund)
        mark(uow, refund, found, consequences)

    return patch.object(settlement, "post", always), patch.object(receipts, "_mark_sent", mark_again)


@plant
def amount_not_compared() -> Any:
    """Whatever amount arrives in the name of an order pays it."""
    judge = receipts.judge

    def trusting(expected: Any, page: Any, payment: Any) -> Any:
        if payment is not None:
            expected = replace(expected, amount=payment.amount_received)
            page = page and replace(page, amount=payment.amount_received)
        return judge(expected, page, payment)

    return patch.object(receipts, "judge", trusting)


@plant
def news_applied_before_it_is_read() -> Any:
    """News counts as applied when it is taken in."""
    receive = inbox.receive

    def done(uow: UnitOfWork, *, event: Any) -> bool:
        is_new = receive(uow, event=event)
        uow.session.get_one(inbox.ProviderNews, event.id).state = "applied"
        return is_new

    return patch.object(inbox, "receive", done), patch.object(sweep, "_open_payments", lambda _uow: [])


@plant
def closed_page_beats_payment() -> Any:
    """An order ends when its page was to be closed, without the provider's word for it."""
    closed = answers._page_closed

    def anyhow(uow: UnitOfWork, payment: Any, page: Any, consequences: Any) -> None:
        closed(uow, payment, replace(page, status="expired"), consequences)

    return patch.object(answers, "_page_closed", anyhow)


@plant
def failed_refund_forgotten() -> Any:
    """A refund that came back is not owed again."""
    return patch.object(receipts, "fail_refund", lambda _uow, **_more: APPLIED)


@plant
def payout_cancelled_after_it_was_sent() -> Any:
    """A payout that is on its way can be taken back."""
    row_for = payouts.row_for

    def either(state: str, action: Any) -> Any:
        return row_for(PayoutState.APPROVED if state == PayoutState.SENT and action == "cancel" else state, action)

    return patch.object(payouts, "row_for", either)


@plant
def number_lost_with_a_crash() -> Any:
    """The next number of a paper is kept before the paper is."""
    return patch.object(papers, "_next_serial", _counting_apart(papers._next_serial))


@plant
def step_without_an_entry() -> Any:
    """A move of an order leaves no entry in the audit log of its own name."""

    def record(uow: UnitOfWork, action: str, *rows: Any, **more: Any) -> Any:
        return entry(uow, "order.move" if action == "order.ship" else action, *rows, **more)

    entry = UnitOfWork.record
    return patch.object(UnitOfWork, "record", record)


@plant
def another_order_paid_out() -> Any:
    """A payout pays the price instead of the cooperative's part."""
    return patch.object(settlement, "net_of", settlement.price_of)


def _without_looking_at_the_state(note: Callable[..., None]) -> Callable[..., None]:
    def anyhow(uow: UnitOfWork, *, command_id: Any, **more: Any) -> None:
        uow.session.get_one(outbox.ProviderCommand, command_id).state = "leased"
        uow.session.flush()
        note(uow, command_id=command_id, **more)

    return anyhow


def _counting_apart(next_serial: Callable[..., int]) -> Callable[..., int]:
    def apart(uow: UnitOfWork, kind: Any, year: int) -> int:
        serial = next_serial(uow, kind, year)
        papers._keep_serial(uow, kind, year, serial)
        uow.session.commit()
        return serial

    return apart


def names() -> Sequence[str]:
    """Return the planted bugs by name."""
    return tuple(PLANTS)
