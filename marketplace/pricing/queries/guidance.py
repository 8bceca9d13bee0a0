"""Guidance for a lot: gather the dated inputs, then compute."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.pricing.comparables import Sale, select_sales
from marketplace.pricing.description import LotDescription
from marketplace.pricing.gems import Band, band_for
from marketplace.pricing.gold import OWN_STANDARD, PremiumKind, PriceStandard
from marketplace.pricing.guidance import Guidance, GuidanceInputs, compute
from marketplace.pricing.models import PriceBand, PriceStandardRow
from marketplace.pricing.queries.price_book import bands_of, published_edition
from marketplace.pricing.queries.rates import rate_as_of
from marketplace.pricing.rates import GOLD_SERIES


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
    return compute(_stone_inputs(session, description, on=on, now=now, sales=sales))


def standard_of(session: Session, code: str | None) -> PriceStandard:
    """Return a standard by its code; the marketplace's own rule for a lot without one or with an unknown one."""
    row = session.get(PriceStandardRow, code) if code else None
    return OWN_STANDARD if row is None else _standard(row)


def gold_standards(session: Session) -> tuple[PriceStandard, ...]:
    """Return every standard a gold lot may name, by its code."""
    return tuple(_standard(row) for row in session.scalars(select(PriceStandardRow).order_by(PriceStandardRow.code)))


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


def _stone_inputs(
    session: Session, description: LotDescription, *, on: date, now: datetime, sales: Sequence[Sale]
) -> GuidanceInputs:
    edition = published_edition(session, now)
    bands: Sequence[PriceBand] = ()
    if edition is not None and description.variety is not None:
        bands = bands_of(session, edition.id, variety=description.variety, form=description.form)
    band = band_for(description, [band_of(row) for row in bands])
    selection = select_sales(description, sales, on=on)
    return GuidanceInputs(
        description=description,
        on=on,
        band=band,
        edition=edition.number if edition is not None and band is not None else None,
        prices=selection.prices,
        set_aside=selection.set_aside,
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
