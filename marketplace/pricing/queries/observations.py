"""Rates over time, each with its id, and the newest of every series: for programs that keep a copy."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, select, true
from sqlalchemy.orm import Session, aliased

from marketplace.pricing.models import ReferenceRate, ReferenceSeries
from marketplace.pricing.rates import RateAsOf

# A year of days, and a leap day.
PAGE: Final = 366


@dataclass(frozen=True, slots=True)
class RatePage:
    """Good rates of a series, oldest first, and the day behind which the next page begins."""

    rates: Sequence[ReferenceRate]
    after: date | None


def rates_between(session: Session, series: str, *, since: date, until: date, after: date | None = None) -> RatePage:
    """Return a page of the good rates observed from `since` to `until`, those behind the day `after`."""
    found = select(ReferenceRate).where(
        ReferenceRate.series == series, ReferenceRate.observed_on.between(since, until), *_good()
    )
    if after is not None:
        found = found.where(ReferenceRate.observed_on > after)
    rows = session.scalars(found.order_by(ReferenceRate.observed_on).limit(PAGE + 1)).all()
    return RatePage(rows[:PAGE], rows[PAGE - 1].observed_on if len(rows) > PAGE else None)


def newest_of_each(session: Session, on: date) -> dict[str, RateAsOf]:
    """Return the newest good rate of every series observed on or before a date, by the series' code."""
    return {row.series: _as_of(row) for row in session.execute(_newest(on))}


def _newest(on: date) -> Select[*tuple[Any, ...]]:
    newest = (
        select(
            ReferenceRate.id, ReferenceRate.series, ReferenceRate.value, ReferenceRate.observed_on,
            ReferenceRate.source, ReferenceRate.licence,
        )
        .where(ReferenceRate.series == ReferenceSeries.code, ReferenceRate.observed_on <= on, *_good())
        .order_by(ReferenceRate.observed_on.desc())
        .limit(1)
        .lateral("newest")
    )  # fmt: skip
    return select(newest, ReferenceSeries.max_age_working_days).join(newest, true())


def _good() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    later = aliased(ReferenceRate)
    is_superseded = select(later.id).where(later.supersedes_id == ReferenceRate.id).exists()
    return ~ReferenceRate.quarantined, ~is_superseded


def _as_of(row: Row[*tuple[Any, ...]]) -> RateAsOf:
    value: Decimal = row.value
    return RateAsOf(
        id=str(row.id),
        series=row.series,
        value=value,
        observed_on=row.observed_on,
        source=row.source,
        licence=row.licence,
        max_age_working_days=row.max_age_working_days,
    )
