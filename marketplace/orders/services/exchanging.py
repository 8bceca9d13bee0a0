"""Money of an order that was paid in another currency than its price: held at the frozen rate, given back as paid."""

from datetime import datetime

from marketplace.core.errors import Conflict
from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.ledger import chart, exchange, queries, recipes
from marketplace.ledger.exchange import Swap, part_of
from marketplace.ledger.models import LedgerJournal
from marketplace.ledger.services import post
from marketplace.orders.currencies import exchange_of, swap_of
from marketplace.orders.exchange_models import OrderExchange
from marketplace.orders.models import Order
from marketplace.orders.queries import price_of
from marketplace.payments.charging import step_of
from marketplace.unit_of_work import UnitOfWork


class NothingToPayBack(Conflict):
    """The part is worth nothing in the currency that was paid."""

    code = "nothing_to_pay_back"
    message = N_("This amount is too small to be paid back in the currency the buyer paid.")


def post_capture(
    uow: UnitOfWork,
    *,
    order: Order,
    fee: Money,
    external_ref: str,
    event_at: datetime | None = None,
) -> LedgerJournal:
    """Hold the price of a paid order: at once, or through the exchange frozen on it. `fee` is in the paid currency."""
    frozen = exchange_of(uow.session, order.id)
    entry = (
        recipes.captured(order.id, price_of(order), fee)
        if frozen is None
        else exchange.captured(order.id, swap_of(frozen), fee)
    )
    return post(
        uow,
        entry=entry,
        key=f"{order.id}:captured",
        order_id=order.id,
        external_ref=external_ref,
        event_at=event_at,
        rate_ids=_ids(frozen),
    )


def decide_refund(uow: UnitOfWork, *, order: Order, part: Money, key: str) -> Money:
    """Owe the buyer a part of the held price (all of it: what she paid) and return it in the currency she paid.

    The rate is the order's, whatever rates do since. The same key again posts nothing and returns the same.
    """
    frozen = exchange_of(uow.session, order.id)
    if frozen is None:
        post(uow, entry=recipes.refund_decided(order.id, part), key=key, order_id=order.id)
        return part
    earlier = queries.journal_by_key(uow.session, key)
    if earlier is not None:
        return _owed_by(uow, order, earlier, frozen)
    portion = _portion(uow, order, part, swap_of(frozen))
    entry = exchange.refund_decided(order.id, portion)
    post(uow, entry=entry, key=key, order_id=order.id, rate_ids=frozen.rate_ids)
    return portion.given


def _portion(uow: UnitOfWork, order: Order, part: Money, whole: Swap) -> Swap:
    """Return the part, counted after all that left the held account before: so all parts sum to what was paid."""
    held = queries.balance(uow.session, chart.held(order.id), order.currency)
    portion = part_of(whole, part, after=whole.agreed - held, step=step_of(whole.given.currency))
    if not portion.given:
        raise NothingToPayBack
    return portion


def _owed_by(uow: UnitOfWork, order: Order, journal: LedgerJournal, frozen: OrderExchange) -> Money:
    code = chart.refund_payable(order.id).code(frozen.paid_currency)
    lines = queries.postings(uow.session, [journal.id])[journal.id]
    return sum((line.amount for line in lines if line.credit == code), Money.zero(frozen.paid_currency))


def _ids(frozen: OrderExchange | None) -> list[str]:
    return [] if frozen is None else frozen.rate_ids
