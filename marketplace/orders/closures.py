"""Which declarations of force majeure concern an order, a lot or a buyer."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Buyer
from marketplace.compliance.models import Cooperative, ForceMajeure
from marketplace.orders.models import Order
from marketplace.orders.pauses import Period, in_force

PAGE: Final = 50


class Place(NamedTuple):
    """Somewhere a party is: a country, and the names under which its part of the country is known."""

    country: str
    names: frozenset[str]


def place_of_cooperative(cooperative: Cooperative) -> Place:
    """Return where a cooperative is."""
    return Place(cooperative.country, _names(cooperative.region, cooperative.district))


def places_of_order(session: Session, order: Order) -> list[Place]:
    """Return where the cooperative is, where the buyer is, and where the goods go."""
    cooperative = session.get_one(Cooperative, order.cooperative_id)
    buyer = session.get_one(Buyer, order.buyer_id)
    return [
        place_of_cooperative(cooperative),
        Place(buyer.country, _names(order.delivery["city"])),
        Place(order.delivery["country"], _names(order.delivery["city"])),
    ]


def closures_at(session: Session, places: Iterable[Place], *, after: datetime) -> list[ForceMajeure]:
    """Return the confirmed declarations about these places that last beyond `after`, in the order they begin."""
    found = list(places)
    countries = {place.country for place in found}
    wanted = select(ForceMajeure).where(
        ForceMajeure.confirmed_at.is_not(None), ForceMajeure.country.in_(countries), ForceMajeure.ends_at > after
    )
    rows = session.scalars(wanted.order_by(ForceMajeure.starts_at, ForceMajeure.id))
    return [row for row in rows if time_of(row).end > after and any(_covers(row, place) for place in found)]


def time_of(closure: ForceMajeure) -> Period:
    """Return the time a confirmed declaration covers, with what an early end leaves of it."""
    return in_force(closure.starts_at, closure.ends_at, ended_at=closure.ended_at)


def closures_for_staff(session: Session, *, now: datetime) -> Sequence[ForceMajeure]:
    """Return every declaration, those that last or wait first."""
    rows = session.scalars(select(ForceMajeure).order_by(ForceMajeure.declared_at.desc()).limit(PAGE)).all()
    return sorted(rows, key=lambda row: row.ended_at is not None or row.ends_at <= now)


def may_be_touched() -> ColumnElement[bool]:
    """Return the condition of orders, joined with cooperative and buyer, in a country with a declaration in time."""
    there = or_(
        ForceMajeure.country == Cooperative.country,
        ForceMajeure.country == Buyer.country,
        ForceMajeure.country == Order.delivery["country"].astext,
    )
    return (
        select(ForceMajeure.id)
        .where(ForceMajeure.confirmed_at.is_not(None), ForceMajeure.ends_at > Order.state_since, there)
        .exists()
    )


def _covers(closure: ForceMajeure, place: Place) -> bool:
    region = closure.region.strip().casefold()
    return closure.country == place.country and (not region or region in place.names)


def _names(*given: Any) -> frozenset[str]:
    return frozenset(str(name).strip().casefold() for name in given if name)
