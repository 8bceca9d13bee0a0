"""Gather what the papers of an order tell, from what was frozen when it was made."""

from typing import Any

from sqlalchemy.orm import Session

from marketplace.accounts.models import Buyer
from marketplace.compliance.models import Cooperative
from marketplace.core.money import Money
from marketplace.lots.models import Lot
from marketplace.orders.currencies import exchange_of, swap_of
from marketplace.orders.models import Order
from marketplace.orders.queries import price_of, refund_of
from marketplace.papers.documents import Exchanged, PaidOut, Party, Sale
from marketplace.payments.finance_models import PayoutExchange
from marketplace.payments.models import Payout, Refund


def sale_of(session: Session, order: Order) -> Sale:
    """Return who sold what to whom, for how much."""
    cooperative = session.get_one(Cooperative, order.cooperative_id)
    buyer = session.get_one(Buyer, order.buyer_id)
    place = ", ".join(part for part in (cooperative.district, cooperative.region) if part)
    return Sale(
        order=order.reference,
        lot=session.get_one(Lot, order.lot_id).reference,
        title=order.title,
        version_sha256=order.version_sha256,
        seller=Party(
            cooperative.legal_name,
            reference=cooperative.reference,
            address=(place,) if place else (),
            country=cooperative.country,
        ),
        buyer=Party(buyer.company, address=_address(order.delivery), country=order.delivery["country"]),
        price=price_of(order),
        split=order.split,
        settled=order.settled_split,
    )


def exchanged_of(session: Session, order: Order, *, refund: Refund | None = None) -> Exchanged | None:
    """Return the price, or the part of it that went back, beside what the buyer paid or got; None in one currency."""
    exchange = exchange_of(session, order.id)
    if exchange is None:
        return None
    whole = swap_of(exchange)
    return Exchanged(
        priced=whole.agreed if refund is None else refund_of(order),
        paid=whole.given if refund is None else Money(refund.amount_minor, refund.currency),
        rate=str(exchange.rate),
        observed_on=exchange.observed_on,
        sources=tuple(exchange.sources),
    )


def paid_out_of(session: Session, payout: Payout) -> PaidOut | None:
    """Return what a payout was in the currency that the cooperative received; None in the payable's own."""
    row = session.get(PayoutExchange, payout.id)
    return None if row is None else PaidOut(Money(row.given_minor, row.given_currency), row.observed_on)


def _address(delivery: dict[str, Any]) -> tuple[str, ...]:
    town = " ".join(part for part in (delivery["postcode"], delivery["city"]) if part)
    return tuple(line for line in (delivery["recipient"], delivery["street"], town) if line)
