"""Reads of published lots: a page in any order, exact counts, and one lot. Each is one statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from sqlalchemy import Select, String, func, literal, select, union_all
from sqlalchemy.orm import Session

from marketplace.compliance.models import Cooperative
from marketplace.core.errors import NotFound
from marketplace.lots.models import LotListing, LotVersion
from marketplace.search.conditions import ORDERS, after, conditions
from marketplace.search.cursors import Place
from marketplace.search.filters import FACETS, Filters, Sort

PAGE_SIZE: Final = 12


@dataclass(frozen=True, slots=True)
class Page:
    """Hold one page of lots, how many the next one has and where it begins; None after the last."""

    lots: Sequence[LotListing]
    following: int
    next: Place | None


@dataclass(frozen=True, slots=True)
class Counts:
    """Hold exact counts: `total` of all filters; of a facet's choices, as if nothing were chosen in that facet."""

    total: int
    women: int
    choices: Mapping[str, Mapping[str, int]]


class PublishedLot(NamedTuple):
    """One lot that buyers may see: its flat row, the version that was approved, and who sells it."""

    listing: LotListing
    version: LotVersion
    cooperative: Cooperative


def find_page(session: Session, filters: Filters, *, place: Place | None = None, size: int = PAGE_SIZE) -> Page:
    """Return the lots behind a place, or the first ones, in the order asked for."""
    column, greatest_first = ORDERS[filters.sort]
    order = (column.desc(), LotListing.lot_id.desc()) if greatest_first else (column, LotListing.lot_id)
    wanted = select(LotListing).where(*conditions(filters)).order_by(*order).limit(2 * size)
    if place is not None:
        wanted = wanted.where(after(place))
    found = session.scalars(wanted).all()
    lots = found[:size]
    following = len(found) - len(lots)
    return Page(lots, following, _place_of(lots[-1], filters.sort) if following else None)


def count(session: Session, filters: Filters) -> Counts:
    """Return the total and, for every choice of every facet, how many lots it would show beside the other filters."""
    parts = [_counted("total", "", filters), _counted("women", "", filters.without("women"), women=True)]
    parts += [_grouped(facet, filters.without(facet)) for facet in FACETS]
    choices: dict[str, dict[str, int]] = {facet: {} for facet in ("total", "women", *FACETS)}
    for name, value, number in session.execute(union_all(*parts)):
        choices[name][value] = number
    return Counts(total=choices.pop("total")[""], women=choices.pop("women")[""], choices=choices)


def count_without_each(session: Session, filters: Filters) -> Mapping[tuple[str, str | None], int]:
    """Return, for every filter applied, how many lots there would be without it: which one to loosen."""
    applied = filters.applied()
    if not applied:
        return {}
    parts = [_counted(str(number), "", filters.without(name, value)) for number, (name, value) in enumerate(applied)]
    numbers = {name: number for name, _value, number in session.execute(union_all(*parts))}
    return {each: numbers[str(place)] for place, each in enumerate(applied)}


def published_lot(session: Session, reference: str) -> PublishedLot:
    """Return a lot on sale, reserved or sold with its approved version, or raise NotFound."""
    row = session.execute(
        select(LotListing, LotVersion, Cooperative)
        .join(LotVersion, LotVersion.id == LotListing.version_id)
        .join(Cooperative, Cooperative.id == LotListing.cooperative_id)
        .where(LotListing.reference == reference, LotListing.availability != "withheld")
    ).one_or_none()
    if row is None:
        raise NotFound
    return PublishedLot(row.LotListing, row.LotVersion, row.Cooperative)


def _counted(name: str, value: str, filters: Filters, *, women: bool = False) -> Select[str, str, int]:
    number = select(literal(name, String), literal(value, String), func.count()).select_from(LotListing)
    wanted = number.where(*conditions(filters))
    return wanted.where(LotListing.is_women_led.is_(True)) if women else wanted


def _grouped(facet: str, filters: Filters) -> Select[str, str, int]:
    column = getattr(LotListing, facet)
    return (
        select(literal(facet, String), column, func.count())
        .where(*conditions(filters), column.is_not(None))
        .group_by(column)
    )


def _place_of(lot: LotListing, sort: Sort) -> Place:
    column, _ = ORDERS[sort]
    return Place(sort, getattr(lot, column.key), lot.lot_id)
