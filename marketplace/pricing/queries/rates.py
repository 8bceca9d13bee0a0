"""Reads of reference rates: never one from the future, a quarantined or a superseded one."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session, aliased

from marketplace.core.errors import NotFound
from marketplace.pricing.models import RateDismissal, ReferenceRate, ReferenceSeries
from marketplace.pricing.rates import RateAsOf


def rate_as_of(session: Session, series: str, on: date) -> RateAsOf | None:
    """Return the newest good rate of a series observed on or before a date, or None."""
    newest = _good_rates(series).where(ReferenceRate.observed_on <= on).order_by(ReferenceRate.observed_on.desc())
    row = session.execute(newest.limit(1)).one_or_none()
    return None if row is None else _as_of(row.ReferenceRate, row.max_age_working_days)


def units_per_usd(session: Session, currency: str, on: date) -> RateAsOf | None:
    """Return the rate of a currency in units per US dollar on a date; the dollar itself has no row."""
    return rate_as_of(session, f"USD/{currency}", on)


def rate_history(session: Session, series: str, *, since: date, until: date) -> tuple[tuple[date, Decimal], ...]:
    """Return the good rates of at most some years, oldest first, for a chart."""
    points = (
        _good_rates(series)
        .where(ReferenceRate.observed_on.between(since, until))
        .order_by(ReferenceRate.observed_on.desc())
        .limit(2000)
    )
    return tuple((row.ReferenceRate.observed_on, row.ReferenceRate.value) for row in session.execute(points))[::-1]


def quarantined_rates(session: Session, *, limit: int = 100) -> Sequence[ReferenceRate]:
    """Return the rates that wait for a curator, newest first."""
    release = aliased(ReferenceRate)
    is_released = select(release.id).where(release.releases_id == ReferenceRate.id).exists()
    is_dismissed = select(RateDismissal.rate_id).where(RateDismissal.rate_id == ReferenceRate.id).exists()
    waiting = select(ReferenceRate).where(ReferenceRate.quarantined, ~is_released, ~is_dismissed)
    return session.scalars(waiting.order_by(ReferenceRate.observed_on.desc(), ReferenceRate.series).limit(limit)).all()


def rate_by_id(session: Session, rate_id: UUID) -> ReferenceRate:
    """Return one rate or raise NotFound."""
    rate = session.get(ReferenceRate, rate_id)
    if rate is None:
        raise NotFound
    return rate


def all_series(session: Session) -> Sequence[ReferenceSeries]:
    """Return every series by its code."""
    return session.scalars(select(ReferenceSeries).order_by(ReferenceSeries.code)).all()


def _good_rates(series: str) -> Select[ReferenceRate, int]:
    return (
        select(ReferenceRate, ReferenceSeries.max_age_working_days)
        .join(ReferenceSeries, ReferenceSeries.code == ReferenceRate.series)
        .where(ReferenceRate.series == series, ~ReferenceRate.quarantined, _not_superseded())
    )


def _not_superseded() -> ColumnElement[bool]:
    later = aliased(ReferenceRate)
    return ~select(later.id).where(later.supersedes_id == ReferenceRate.id).exists()


def _as_of(rate: ReferenceRate, max_age_working_days: int) -> RateAsOf:
    return RateAsOf(
        id=str(rate.id),
        series=rate.series,
        value=rate.value,
        observed_on=rate.observed_on,
        source=rate.source,
        licence=rate.licence,
        max_age_working_days=max_age_working_days,
    )
