"""Money of an order that was paid in another currency than its price: held at the frozen rate, given back as paid."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.core.errors import Conflict
from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.ledger import chart, exchange, provider_exchange, queries, recipes
from marketplace.ledger.exchange import Swap, part_of
from marketplace.ledger.models import LedgerJournal
from marketplace.ledger.provider_exchange import Booked
from marketplace.ledger.recipes import Entry
from marketplace.ledger.services import post
from marketplace.orders.currencies import exchange_of, swap_of
from marketplace.orders.exchange_models import OrderExchange
from marketplace.orders.models import Order
from marketplace.orders.queries import payment_of, price_of
from marketplace.payments.charging import step_of
from marketplace.payments.models import Payment, Refund
from marketplace.payments.settlements import booked_for, keep, settlement_of, worth_today
from marketplace.payments.verdicts import Capture
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
    """Hold the price of a paid order: at once, or through the exchange frozen on it and the provider's own.

    `fee` is in the currency that the provider counted.
    """
    frozen, whole = exchange_of(uow.session, order.id), whole_of(uow.session, order)
    payment = payment_of(uow.session, order.id)
    settled = settlement_of(uow.session, payment.id) if payment is not None else None
    rate_ids = _ids(frozen)
    if settled is not None:
        booked = Booked(Money(settled.gross_minor, settled.currency), Money(settled.worth_minor, settled.currency))
        entry = provider_exchange.captured(order.id, whole, booked, fee)
        rate_ids = [*rate_ids, *(each for each in settled.rate_ids if each not in rate_ids)]
    elif frozen is None:
        entry = recipes.captured(order.id, price_of(order), fee)
    else:
        entry = exchange.captured(order.id, whole, fee)
    return post(
        uow,
        entry=entry,
        key=f"{order.id}:captured",
        order_id=order.id,
        external_ref=external_ref,
        event_at=event_at,
        rate_ids=rate_ids,
    )


def keep_settlement(uow: UnitOfWork, *, order: Order, payment: Payment, capture: Capture) -> None:
    """Note the provider's own exchange of a payment beside what the payment is worth; nothing when it made none.

    Where the provider counts in the price's currency, the price itself is what the payment is worth.
    """
    if not capture.is_exchanged or settlement_of(uow.session, payment.id) is not None:
        return
    frozen, whole = exchange_of(uow.session, order.id), whole_of(uow.session, order)
    if frozen is not None and whole.worth.currency == capture.settled.currency:
        worth, rate_ids = whole.worth, frozen.rate_ids
    else:
        worth, rate_ids = worth_today(uow, whole.agreed, capture.settled, reference=capture.balance_transaction_id)
    keep(uow, payment=payment, capture=capture, worth=worth, rate_ids=rate_ids)


def refund_entry(uow: UnitOfWork, *, order: Order, refund: Refund, is_back: bool) -> tuple[Entry, list[str]]:
    """Return what a refund on its way, or one that came back, posts, and the rates it is valued by."""
    amount, moved = (
        Money(refund.amount_minor, refund.currency),
        refund.returned_minor if is_back else refund.booked_minor,
    )
    if moved is None or refund.booked_currency is None:
        recipe = recipes.refund_failed if is_back else recipes.refund_sent
        return recipe(order.id, amount), []
    booked, rate_ids = booked_for(
        uow,
        payment_id=refund.payment_id,
        amount=amount,
        booked=Money(moved, refund.booked_currency),
        after=_before(uow, refund),
        reference=refund.balance_transaction_id or refund.reason,
    )
    exchanged = provider_exchange.refund_failed if is_back else provider_exchange.refund_sent
    return exchanged(order.id, amount, booked), rate_ids


def whole_of(session: Session, order: Order) -> Swap:
    """Return what the order's price and payment are to one another: the exchange frozen on it, or one and the same."""
    frozen = exchange_of(session, order.id)
    return provider_exchange.same(price_of(order)) if frozen is None else swap_of(frozen)


def _before(uow: UnitOfWork, refund: Refund) -> Money:
    """Return what the refunds asked for before this one sum to."""
    earlier = select(func.coalesce(func.sum(Refund.amount_minor), 0)).where(
        Refund.payment_id == refund.payment_id, Refund.id < refund.id
    )
    return Money(int(uow.session.scalar(earlier) or 0), refund.currency)


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
