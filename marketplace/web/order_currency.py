"""What an order's page says about a payment in another currency than the price."""

from typing import Any

from sqlalchemy.orm import Session

from marketplace.http.languages import translate as _
from marketplace.orders.currencies import swap_of
from marketplace.orders.exchange_models import OrderExchange
from marketplace.orders.models import Order
from marketplace.orders.paid_amounts import paid_amounts
from marketplace.orders.queries import refund_of
from marketplace.web.filters import money, number, short_date


def paid_rows(session: Session, order: Order) -> list[dict[str, Any]]:
    """Return the facts of what is paid, of the price and the rate where they differ, and of a part that goes back."""
    amounts = paid_amounts(session, order)
    rows = exchange_rows(amounts.exchange) or [{"term": _("The buyer pays"), "value": money(amounts.paid)}]
    if order.refund_minor is None:
        return rows
    part = _("%(part)s of the price", part=money(refund_of(order))) if amounts.exchange is not None else None
    return [*rows, {"term": _("Goes back to the buyer"), "value": money(amounts.refund), "how": part}]


def exchange_rows(exchange: OrderExchange | None) -> list[dict[str, Any]]:
    """Return the price, what is paid for it in another currency, and the rate; nothing without an exchange."""
    if exchange is None:
        return []
    how = _(
        "1 %(of)s is %(rate)s %(to)s. Rate of %(day)s, from %(source)s.",
        of=exchange.price_currency,
        rate=number(exchange.rate, 2, 8),
        to=exchange.paid_currency,
        day=short_date(exchange.observed_on),
        source=", ".join(exchange.sources),
    )
    whole = swap_of(exchange)
    return [
        {"term": _("The buyer pays"), "value": money(whole.given), "how": how},
        {"term": _("Price"), "value": money(whole.agreed)},
    ]
