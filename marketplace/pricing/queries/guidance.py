"""Guidance for a lot: gather the dated inputs, then compute."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.pricing.comparables import Sale, select_sales
from marketplace.pricing.description import LotDescription
from marketplace.pricing.gems import Band, band_for
from marketplace.pricing.gold import OWN_STANDARD, PremiumKind, PriceStandard
from marketplace.pricing.guidance import Guidance, GuidanceInputs, compute
from marketplace.pricing.guidance.formula_2 import UNSORTED
from marketplace.pricing.models import PriceBand, PriceStandardRow
from marketplace.pricing.queries.price_book import published_edition
from marketplace.pricing.queries.rates import rate_as_of
from marketplace.pricing.rates import GOLD_SERIES


class _Book(NamedTuple):
    """The bands of the edition in force, and its number."""

    number: int | None
    bands: tuple[Band, ...]


def guidance_for(
    session: Session, description: LotDescription, *, on: date, now: datetime, sales: Sequence[Sale] = ()
) -> Guidance:
    """Return guidance for a lot from the rates of a date, the price book in force now and the sales handed in."""
    if description.kind == "gold":
        inputs = GuidanceInputs(
            description=description,
            on=on,
            rate=rate_as_of(session, GOLD_SERIES, on),
            standard=standard_of(session, description.standard),
        )
        return compute(inputs)
    return compute(_stone_inputs(description, _book_for(session, (description,), now), on=on, sales=sales))


def guidance_for_each(
    session: Session,
    stones: Sequence[LotDescription],
    *,
    on: date,
    now: datetime,
    sales_like: Callable[[LotDescription], Sequence[Sale]],
) -> tuple[Guidance, ...]:
    """Return guidance for several lots of stones at once, in their order.

    The price book is read once; sales are asked for once for each variety, form and treatment.
    """
    book = _book_for(session, stones, now)
    sold: dict[tuple[str | None, str, str | None], Sequence[Sale]] = {}
    found = []
    for each in stones:
        same = (each.variety, each.form, each.treatment)
        if same not in sold:
            sold[same] = sales_like(each)
        found.append(compute(_stone_inputs(each, book, on=on, sales=sold[same])))
    return tuple(found)


def standard_of(session: Session, code: str | None) -> PriceStandard:
    """Return a standard by its code; the marketplace's own rule for a lot without one or with an unknown one."""
    row = session.get(PriceStandardRow, code) if code else None
    return OWN_STANDARD if row is None else _standard(row)


def gold_standards(session: Session) -> tuple[PriceStandard, ...]:
    """Return every standard a gold lot may name, by its code."""
    return tuple(_standard(row) for row in session.scalars(select(PriceStandardRow).order_by(PriceStandardRow.code)))


def _stone_inputs(description: LotDescription, book: _Book, *, on: date, sales: Sequence[Sale]) -> GuidanceInputs:
    # The bands are prices of single and sorted stones: none of them is for a parcel as it came from the mine.
    band = None if description.parcel == UNSORTED else band_for(description, book.bands)
    selection = select_sales(description, sales, on=on)
    return GuidanceInputs(
        description=description,
        on=on,
        band=band,
        edition=book.number if band is not None else None,
        prices=selection.prices,
        set_aside=selection.set_aside,
    )


def _book_for(session: Session, descriptions: Sequence[LotDescription], now: datetime) -> _Book:
    """Return the bands in force that may fit, read in two queries however many goods are described."""
    edition = published_edition(session, now)
    varieties = {each.variety for each in descriptions if each.variety is not None}
    if edition is None or not varieties:
        return _Book(None, ())
    rows = session.scalars(
        select(PriceBand).where(
            PriceBand.edition_id == edition.id,
            PriceBand.variety.in_(sorted(varieties)),
            PriceBand.form.in_(sorted({each.form for each in descriptions})),
        )
    )
    return _Book(edition.number, tuple(band_of(row) for row in rows))


def band_of(row: PriceBand) -> Band:
    """Return a row of the price book as the calculation knows it."""
    return Band(
        id=str(row.id),
        variety=row.variety,
        form=row.form,
        grade=row.grade,
        weight_from_ct=row.weight_from_ct,
        weight_to_ct=row.weight_to_ct,
        low_minor_per_ct=row.low_minor_per_ct,
        high_minor_per_ct=row.high_minor_per_ct,
        treatment=row.treatment,
        origin=row.origin,
        evidence=row.evidence,
        source=row.source,
        dated=row.dated,
    )


def _standard(row: PriceStandardRow) -> PriceStandard:
    kinds: dict[str, PremiumKind] = {"per_kg_fine": "per_kg_fine", "share_of_reference": "share_of_reference"}
    return PriceStandard(
        code=row.code,
        floor_share=row.floor_share,
        premium_kind=kinds.get(row.premium_kind, "none"),
        premium_usd_per_kg=row.premium_usd_per_kg,
        premium_share=row.premium_share,
        evidence=row.evidence,
        source=row.source,
    )
