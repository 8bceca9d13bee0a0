"""What a disputed payment is of an order's price, when the buyer paid in another currency than the price's."""

from dataclasses import dataclass, replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.core.money import Money
from marketplace.ledger import chart, queries
from marketplace.ledger.exchange import Swap, part_of
from marketplace.orders.models import Order
from marketplace.orders.queries import price_of
from marketplace.orders.services.exchanging import whole_of
from marketplace.payments.models import Refund
from marketplace.payments.provider_models import Chargeback


@dataclass(frozen=True, slots=True)
class Lost:
    """A lost amount in both currencies: what was frozen of the price, and what is our loss; None for nothing."""

    frozen: Swap | None
    loss: Swap | None


def to_freeze(session: Session, *, order: Order, chargeback: Chargeback) -> Money:
    """Return what is held of the disputed amount, in the price's currency."""
    held = queries.balance(session, chart.held(order.id), order.currency)
    disputed, whole = amount_of(chargeback), whole_of(session, order)
    if disputed.currency == order.currency:
        return min(held, disputed)
    if disputed == whole.given - _given_back(session, order, disputed.currency):
        return held  # all that is left of the payment: all that is left of the price, to the last minor unit
    return min(held, _of_price(whole, disputed).agreed)


def frozen_of(session: Session, *, order: Order, chargeback: Chargeback) -> Money:
    """Return what was frozen of the price when the chargeback opened."""
    journal = queries.journal_by_key(session, f"{chargeback.id}:chargeback_frozen")
    lines = [] if journal is None else queries.postings(session, [journal.id])[journal.id]
    return sum((line.amount for line in lines), Money.zero(order.currency))


def paid_part(session: Session, *, order: Order, chargeback: Chargeback, frozen: Money) -> Money:
    """Return how much of the disputed amount the frozen part of the price is, in the currency paid."""
    disputed = amount_of(chargeback)
    if disputed.currency == frozen.currency or not frozen:
        return Money(frozen.minor, disputed.currency)
    return min(disputed, part_of(whole_of(session, order), frozen, after=price_of(order) - frozen).given)


def lost(session: Session, *, order: Order, chargeback: Chargeback, frozen: Money) -> Lost:
    """Return what is given up of an order paid in another currency; `frozen` is zero where all is our loss."""
    whole, disputed = whole_of(session, order), amount_of(chargeback)
    if not frozen:
        return Lost(None, _of_price(whole, disputed))
    last = part_of(whole, frozen, after=price_of(order) - frozen)
    covered = min(last.given, disputed)
    more = disputed - covered
    return Lost(replace(last, given=covered), _of_price(whole, more) if more else None)


def amount_of(chargeback: Chargeback) -> Money:
    """Return the disputed amount, in the currency paid."""
    return Money(chargeback.amount_minor, chargeback.currency)


def _of_price(whole: Swap, disputed: Money) -> Swap:
    """Return an amount in the currency paid as the last part of an exchange."""
    turned = Swap(agreed=whole.given, given=whole.agreed, worth=whole.worth)
    part = part_of(turned, disputed, after=whole.given - disputed)
    return Swap(agreed=part.given, given=disputed, worth=part.worth)


def _given_back(session: Session, order: Order, currency: str) -> Money:
    decided = select(func.coalesce(func.sum(Refund.amount_minor), 0)).where(Refund.order_id == order.id)
    return Money(int(session.scalar(decided) or 0), currency)
