"""Reads of prices over time: good rates of a pair, and the bands of each published edition. Never from the future."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from marketplace.pricing.gems import Band
from marketplace.pricing.models import EditionState, PriceBand, PriceBookEdition, ReferenceRate, ReferenceSeries
from marketplace.pricing.price_history import Observed
from marketplace.pricing.queries.guidance import band_of

# Fourteen years of one series; a plot shows sixty points of them.
MOST_RATES: Final = 5000
MOST_EDITIONS: Final = 60


@dataclass(frozen=True, slots=True)
class EditionBands:
    """Hold what one edition says of a variety and form, since it was published."""

    number: int
    since: date
    bands: tuple[Band, ...]


def pair_history(session: Session, pair: str, *, since: date, until: date) -> Sequence[Observed]:
    """Return the good rates of every series of a pair between two days, the newest 5,000 at most."""
    later = aliased(ReferenceRate)
    is_superseded = select(later.id).where(later.supersedes_id == ReferenceRate.id).exists()
    found = (
        select(
            ReferenceSeries.code,
            ReferenceSeries.priority,
            ReferenceSeries.max_age_working_days,
            ReferenceRate.observed_on,
            ReferenceRate.value,
            ReferenceRate.source,
            ReferenceRate.licence,
        )
        .join(ReferenceSeries, ReferenceSeries.code == ReferenceRate.series)
        .where(
            ReferenceSeries.pair == pair,
            ReferenceRate.observed_on.between(since, until),
            ~ReferenceRate.quarantined,
            ~is_superseded,
        )
        .order_by(ReferenceRate.observed_on.desc())
        .limit(MOST_RATES)
    )
    return [Observed(*row) for row in session.execute(found)]


def band_history(session: Session, variety: str, form: str, *, now: datetime) -> Sequence[EditionBands]:
    """Return the newest sixty published editions, oldest first, with their bands of a variety and form."""
    editions = (
        select(PriceBookEdition)
        .where(PriceBookEdition.state == EditionState.PUBLISHED, PriceBookEdition.published_at <= now)
        .order_by(PriceBookEdition.published_at.desc(), PriceBookEdition.number.desc())
        .limit(MOST_EDITIONS)
    )
    newest = session.scalars(editions).all()[::-1]
    bands = select(PriceBand).where(
        PriceBand.edition_id.in_([edition.id for edition in newest]),
        PriceBand.variety == variety,
        PriceBand.form == form,
    )
    of_edition: dict[object, list[Band]] = {}
    for row in session.scalars(bands.order_by(PriceBand.id)):
        of_edition.setdefault(row.edition_id, []).append(band_of(row))
    return [
        EditionBands(edition.number, edition.published_at.date(), tuple(of_edition.get(edition.id, ())))
        for edition in newest
        if edition.published_at is not None
    ]
