"""What an order's page says about a payment in another currency than the price."""

from typing import Any

from sqlalchemy.orm import Session

from marketplace.http.languages import translate as _
from marketplace.orders.currencies import exchange_of, swap_of
from marketplace.orders.models import Order
from marketplace.web.filters import money, number, short_date


def paid_rows(session: Session, order: Order) -> list[dict[str, Any]]:
    """Return the facts of the price, of what is paid, and at which rate; none when it is the price itself."""
    exchange = exchange_of(session, order.id)
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
        {"term": _("Price"), "value": money(whole.agreed)},
        {"term": _("Paid in another currency"), "value": money(whole.given), "how": how},
    ]
