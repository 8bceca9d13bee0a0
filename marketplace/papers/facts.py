"""Gather what the papers of an order tell, from what was frozen when it was made."""

from typing import Any

from sqlalchemy.orm import Session

from marketplace.accounts.models import Buyer
from marketplace.compliance.models import Cooperative
from marketplace.lots.models import Lot
from marketplace.orders.models import Order
from marketplace.orders.queries import price_of
from marketplace.papers.documents import Party, Sale


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
    )


def _address(delivery: dict[str, Any]) -> tuple[str, ...]:
    town = " ".join(part for part in (delivery["postcode"], delivery["city"]) if part)
    return tuple(line for line in (delivery["recipient"], delivery["street"], town) if line)
