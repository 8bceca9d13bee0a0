"""Reads of reference rates: never one from the future, a quarantined or a superseded one."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, Row, Select, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from marketplace.core.errors import NotFound
from marketplace.pricing.models import RateDismissal, ReferenceRate, ReferenceSeries
from marketplace.pricing.rates import RateAsOf, in_force


def rate_as_of(session: Session, pair: str, on: date) -> RateAsOf | None:
    """Return the rate in force of a pair (XAU/USD, USD/TZS) on a date, or None; `rates.in_force` says which counts.

    Only observations of the date or before are looked at.
    """
    newest = _newest_good(ReferenceSeries.code, on)
    of_pair = (
        select(newest, ReferenceSeries.max_age_working_days, ReferenceSeries.priority)
        .join(newest, true())
        .where(ReferenceSeries.pair == pair)
    )
    return in_force([(row.priority, _as_of(row)) for row in session.execute(of_pair)], on)


def rate_of_series(session: Session, series: str, on: date) -> RateAsOf | None:
    """Return the newest good rate of one series observed on or before a date, or None, whatever others say."""
    newest = _newest_good(ReferenceSeries.code, on)
    of_series = (
        select(newest, ReferenceSeries.max_age_working_days).join(newest, true()).where(ReferenceSeries.code == series)
    )
    row = session.execute(of_series).one_or_none()
    return None if row is None else _as_of(row)


def units_per_usd(session: Session, currency: str, on: date) -> RateAsOf | None:
    """Return the rate in force of a currency in units per US dollar on a date; the dollar itself has no row."""
    return rate_as_of(session, f"USD/{currency}", on)


def rate_history(session: Session, series: str, *, since: date, until: date) -> tuple[tuple[date, Decimal], ...]:
    """Return the good rates of one series of at most some years, oldest first, for a chart."""
    points = (
        _good_rates(series)
        .where(ReferenceRate.observed_on.between(since, until))
        .order_by(ReferenceRate.observed_on.desc())
        .limit(2000)
    )
    return tuple((rate.observed_on, rate.value) for rate in session.scalars(points))[::-1]


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


def _good_rates(series: str) -> Select[ReferenceRate]:
    return select(ReferenceRate).where(ReferenceRate.series == series, ~ReferenceRate.quarantined, _not_superseded())


def _newest_good(series: ColumnElement[str] | InstrumentedAttribute[str], on: date) -> FromClause:
    """Return the newest good rate of each series of the outer query: one step down an index for each."""
    return (
        select(
            ReferenceRate.id,
            ReferenceRate.series,
            ReferenceRate.value,
            ReferenceRate.observed_on,
            ReferenceRate.source,
            ReferenceRate.licence,
        )
        .where(
            ReferenceRate.series == series,
            ReferenceRate.observed_on <= on,
            ~ReferenceRate.quarantined,
            _not_superseded(),
        )
        .order_by(ReferenceRate.observed_on.desc())
        .limit(1)
        .lateral("newest")
    )


def _not_superseded() -> ColumnElement[bool]:
    later = aliased(ReferenceRate)
    return ~select(later.id).where(later.supersedes_id == ReferenceRate.id).exists()


def _as_of(row: Row[Any]) -> RateAsOf:
    return RateAsOf(
        id=str(row.id),
        series=row.series,
        value=row.value,
        observed_on=row.observed_on,
        source=row.source,
        licence=row.licence,
        max_age_working_days=row.max_age_working_days,
    )
