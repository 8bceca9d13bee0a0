"""What a buyer reads of an order: the amounts in the currency she pays in, and the rate between it and the price."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.core.money import Money
from marketplace.ledger.exchange import part_of
from marketplace.orders.currencies import exchange_of, swap_of
from marketplace.orders.exchange_models import OrderExchange
from marketplace.orders.models import Order
from marketplace.orders.queries import facts_of, price_of, refund_of
from marketplace.orders.words import OrderFacts
from marketplace.payments.charging import step_of
from marketplace.payments.models import Refund


@dataclass(frozen=True, slots=True)
class PaidAmounts:
    """What a buyer pays, and what goes back of it; `exchange` is None where she pays the price itself."""

    paid: Money
    refund: Money
    exchange: OrderExchange | None


def paid_amounts(session: Session, order: Order) -> PaidAmounts:
    """Return the amounts of an order in the currency that is paid."""
    exchange = exchange_of(session, order.id)
    if exchange is None:
        return PaidAmounts(price_of(order), refund_of(order), None)
    paid = swap_of(exchange).given
    return PaidAmounts(
        paid, _asked_back(session, order, paid.currency) or paid_part(exchange, refund_of(order)), exchange
    )


def paid_part(exchange: OrderExchange | None, part: Money) -> Money:
    """Return what a part of the price is in the currency paid: the part itself where nothing was exchanged."""
    if exchange is None:
        return part
    whole = swap_of(exchange)
    if not part:
        return Money.zero(whole.given.currency)
    return part_of(whole, part, after=Money.zero(part.currency), step=step_of(whole.given.currency)).given


def buyer_facts(session: Session, order: Order) -> OrderFacts:
    """Return what the sentences to the buyer depend on, with the amounts she paid and gets back."""
    amounts = paid_amounts(session, order)
    return replace(facts_of(order), price=amounts.paid, refund=amounts.refund)


def paid_of(session: Session, order_ids: Collection[UUID]) -> dict[UUID, Money]:
    """Return what is paid for those of the orders that are paid in another currency than their price."""
    rows = session.scalars(select(OrderExchange).where(OrderExchange.order_id.in_(order_ids)))
    return {row.order_id: swap_of(row).given for row in rows}


def rate_params(exchange: OrderExchange | None) -> dict[str, Any]:
    """Return what a letter needs to tell the price and the rate beside what was paid; nothing without an exchange."""
    if exchange is None:
        return {"own_price": None}
    return {
        "own_price": swap_of(exchange).agreed,
        "paid_currency": exchange.paid_currency,
        "rate": str(exchange.rate),
        "rate_day": exchange.observed_on,
    }


def _asked_back(session: Session, order: Order, currency: str) -> Money | None:
    """Return what the provider was asked to give back; None before."""
    minor = session.scalar(select(func.sum(Refund.amount_minor)).where(Refund.order_id == order.id))
    return None if minor is None else Money(int(minor), currency)
