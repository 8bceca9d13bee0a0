"""Reads for the curators of rates: every series with its state, the rates that wait, what was observed and fetched.

Each list is bounded and costs one query, however many series there are. Nothing observed after the day is seen.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, func, select, tuple_
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, aliased

from marketplace.accounts.models import User
from marketplace.core.errors import NotFound
from marketplace.pricing.models import (
    DeductionRule,
    EditionState,
    PriceBookEdition,
    RateDismissal,
    RateFetch,
    ReferenceRate,
    ReferenceSeries,
)
from marketplace.pricing.rates import RateAsOf

PAGE: Final = 50
MOST_SERIES: Final = 200
MOST_FETCHES: Final = 20


@dataclass(frozen=True, slots=True)
class SeriesState:
    """Hold a series with its newest good rate until a day, how many of its rates wait and the last try to read it."""

    series: ReferenceSeries
    rate: RateAsOf | None
    waiting: int
    fetch: RateFetch | None


@dataclass(frozen=True, slots=True)
class RateFacts:
    """Hold one observation: the good value before its day, and what became of it."""

    rate: ReferenceRate
    before: tuple[date, Decimal] | None
    release: ReferenceRate | None
    dismissal: RateDismissal | None

    @property
    def is_waiting(self) -> bool:
        """Say whether a curator has still to decide."""
        return self.rate.quarantined and self.release is None and self.dismissal is None


@dataclass(frozen=True, slots=True)
class Observation:
    """Hold one row of a series' history: the observation, whether a later row took its place, and its decision."""

    rate: ReferenceRate
    is_superseded: bool
    is_released: bool
    is_dismissed: bool


@dataclass(frozen=True, slots=True)
class ToDo:
    """Count what waits for curators: rates held back, editions proposed, charges nobody has compared with the law."""

    rates: int
    editions: int
    charges: int


def to_do(session: Session, *, on: date) -> ToDo:
    """Return what waits for curators on a day, in one query."""
    rates = select(func.count()).select_from(ReferenceRate).where(_is_waiting(on)).scalar_subquery()
    editions = (
        select(func.count())
        .select_from(PriceBookEdition)
        .where(PriceBookEdition.state == EditionState.PROPOSED)
        .scalar_subquery()
    )
    is_unverified = (DeductionRule.evidence == "unverified", DeductionRule.verified_by.is_(None))
    charges = select(func.count()).select_from(DeductionRule).where(*is_unverified).scalar_subquery()
    return ToDo(*session.execute(select(rates, editions, charges)).one())


def series_states(session: Session, *, on: date) -> Sequence[SeriesState]:
    """Return every series by its pair, the one that counts first on top, as it stands on a day; three queries."""
    newest = _good().where(ReferenceRate.series == ReferenceSeries.code, ReferenceRate.observed_on <= on)
    newest = newest.order_by(ReferenceRate.observed_on.desc()).limit(1)
    rate = aliased(ReferenceRate, newest.lateral("newest"))
    found = select(ReferenceSeries, rate).outerjoin(rate, rate.series == ReferenceSeries.code)
    order = (ReferenceSeries.pair, ReferenceSeries.priority.desc(), ReferenceSeries.code)
    waiting, fetches = _waiting_by_series(session, on), _last_fetch_by_series(session)
    return [
        SeriesState(series, _as_of(held, series), waiting.get(series.code, 0), fetches.get(series.code))
        for series, held in session.execute(found.order_by(*order).limit(MOST_SERIES))
    ]


def series_by_code(session: Session, code: str) -> ReferenceSeries:
    """Return one series or raise NotFound."""
    found = session.get(ReferenceSeries, code)
    if found is None:
        raise NotFound
    return found


def waiting_rates(session: Session, series: str, *, on: date) -> Sequence[RateFacts]:
    """Return the rates of a series that wait for a curator, newest first, fifty at most."""
    found = _with_facts().where(ReferenceRate.series == series, _is_waiting(on))
    rows = session.execute(found.order_by(ReferenceRate.observed_on.desc(), ReferenceRate.id.desc()).limit(PAGE))
    return [_facts(row) for row in rows]


def rate_facts(session: Session, rate_id: UUID, *, series: str) -> RateFacts:
    """Return one rate that was held back, with what became of it; raise NotFound for any other."""
    found = _with_facts().where(ReferenceRate.id == rate_id, ReferenceRate.series == series, ReferenceRate.quarantined)
    row = session.execute(found).one_or_none()
    if row is None:
        raise NotFound
    return _facts(row)


def observations(
    session: Session, series: str, *, on: date, before: tuple[date, UUID] | None = None
) -> Sequence[Observation]:
    """Return a page of everything observed in a series and one more, newest first, superseded and held back too."""
    key = tuple_(ReferenceRate.observed_on, ReferenceRate.id)
    found = select(ReferenceRate, _is_superseded(), _is_released(), _is_dismissed())
    found = found.where(ReferenceRate.series == series, ReferenceRate.observed_on <= on)
    if before is not None:
        found = found.where(key < before)
    rows = session.execute(found.order_by(ReferenceRate.observed_on.desc(), ReferenceRate.id.desc()).limit(PAGE + 1))
    return [Observation(*row) for row in rows]


def fetches_of(session: Session, series: str) -> Sequence[RateFetch]:
    """Return the newest tries to read the sources that ever brought a rate of a series, twenty at most."""
    feeds = select(RateFetch.source).join(ReferenceRate, ReferenceRate.fetch_id == RateFetch.id)
    wanted = select(RateFetch).where(RateFetch.source.in_(feeds.where(ReferenceRate.series == series)))
    return session.scalars(wanted.order_by(RateFetch.started_at.desc()).limit(MOST_FETCHES)).all()


def names_of(session: Session, imported_by: Collection[str]) -> Mapping[str, str]:
    """Return the names of the people among those who entered rates; a program's name stands for itself."""
    keys = [key for text in set(imported_by) if (key := _key(text)) is not None]
    rows = session.execute(select(User.id, User.name).where(User.id.in_(keys)))
    return {str(key): name for key, name in rows}


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _good() -> Select[ReferenceRate]:
    return select(ReferenceRate).where(~ReferenceRate.quarantined, ~_is_superseded()).correlate(ReferenceSeries)


def _is_superseded() -> ColumnElement[bool]:
    later = aliased(ReferenceRate)
    return select(later.id).where(later.supersedes_id == ReferenceRate.id).exists()


def _is_released() -> ColumnElement[bool]:
    release = aliased(ReferenceRate)
    return select(release.id).where(release.releases_id == ReferenceRate.id).exists()


def _is_dismissed() -> ColumnElement[bool]:
    dismissal = aliased(RateDismissal)
    return select(dismissal.rate_id).where(dismissal.rate_id == ReferenceRate.id).exists()


def _is_waiting(on: date) -> ColumnElement[bool]:
    return ReferenceRate.quarantined & (ReferenceRate.observed_on <= on) & ~_is_released() & ~_is_dismissed()


def _with_facts() -> Select[*tuple[Any, ...]]:
    """Return a query of a rate with the good value before its day, its release and its dismissal."""
    earlier, later, release = aliased(ReferenceRate), aliased(ReferenceRate), aliased(ReferenceRate)
    before = (
        select(earlier.observed_on, earlier.value)
        .where(
            earlier.series == ReferenceRate.series,
            earlier.observed_on < ReferenceRate.observed_on,
            ~earlier.quarantined,
            ~select(later.id).where(later.supersedes_id == earlier.id).exists(),
        )
        .order_by(earlier.observed_on.desc())
        .limit(1)
        .correlate(ReferenceRate)
        .lateral("before")
    )
    return (
        select(ReferenceRate, before.c.observed_on, before.c.value, release, RateDismissal)
        .outerjoin(before, before.c.observed_on < ReferenceRate.observed_on)
        .outerjoin(release, release.releases_id == ReferenceRate.id)
        .outerjoin(RateDismissal, RateDismissal.rate_id == ReferenceRate.id)
    )


def _facts(row: Row[*tuple[Any, ...]]) -> RateFacts:
    rate, day, value, release, dismissal = row
    return RateFacts(rate, None if day is None else (day, value), release, dismissal)


def _waiting_by_series(session: Session, on: date) -> dict[str, int]:
    counted = select(ReferenceRate.series, func.count()).where(_is_waiting(on)).group_by(ReferenceRate.series)
    return dict(session.execute(counted).all())


def _last_fetch_by_series(session: Session) -> dict[str, RateFetch]:
    """Return the newest try to read any source that ever brought a rate of a series."""
    feeds = (
        select(ReferenceRate.series, RateFetch.source)
        .join(RateFetch, RateFetch.id == ReferenceRate.fetch_id)
        .distinct()
        .subquery()
    )
    newest = (
        select(feeds.c.series, RateFetch)
        .join(RateFetch, RateFetch.source == feeds.c.source)
        .ext(distinct_on(feeds.c.series))
        .order_by(feeds.c.series, RateFetch.started_at.desc())
    )
    return dict(session.execute(newest).all())


def _as_of(rate: ReferenceRate | None, series: ReferenceSeries) -> RateAsOf | None:
    if rate is None:
        return None
    return RateAsOf(
        id=str(rate.id),
        series=rate.series,
        value=rate.value,
        observed_on=rate.observed_on,
        source=rate.source,
        licence=rate.licence,
        max_age_working_days=series.max_age_working_days,
    )
