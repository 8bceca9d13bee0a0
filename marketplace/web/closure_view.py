"""Force majeure as buyers and cooperatives read it: on an order's page, and before buying."""

from collections.abc import Iterable
from typing import NamedTuple

from marketplace.accounts.models import Buyer
from marketplace.compliance.models import Cooperative, ForceMajeure
from marketplace.lots.models import Lot
from marketplace.orders.closures import Place, closures_at, place_of_cooperative, places_of_order, time_of
from marketplace.orders.models import Order
from marketplace.orders.pauses import Period
from marketplace.unit_of_work import UnitOfWork


class ShownClosure(NamedTuple):
    """A closed region in a note."""

    country: str
    region: str
    time: Period
    reason: str


def closures_of_order(uow: UnitOfWork, order: Order) -> list[ShownClosure]:
    """Return the closures that still move the order's deadlines."""
    if order.closed_at is not None:
        return []
    return _shown(closures_at(uow.session, places_of_order(uow.session, order), after=uow.now))


def closures_ahead(uow: UnitOfWork, lot: Lot) -> list[ShownClosure]:
    """Return the closures that a new order for the lot would meet, where it is and where its buyer is."""
    places = [place_of_cooperative(uow.session.get_one(Cooperative, lot.cooperative_id))]
    buyer = uow.session.get(Buyer, uow.actor.buyer_id) if uow.actor.buyer_id is not None else None
    if buyer is not None:
        places.append(Place(buyer.country, frozenset()))
    return _shown(closures_at(uow.session, places, after=uow.now))


def _shown(rows: Iterable[ForceMajeure]) -> list[ShownClosure]:
    return [ShownClosure(row.country, row.region, time_of(row), row.reason) for row in rows]
