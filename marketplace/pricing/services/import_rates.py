"""Import observed rates: append what is new, supersede what was corrected, quarantine what jumps."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from marketplace.core.ids import new_id
from marketplace.pricing import shipped
from marketplace.pricing.models import ReferenceRate, ReferenceSeries
from marketplace.pricing.queries import rate_as_of
from marketplace.pricing.rates import jump, jumps_too_far
from marketplace.pricing.shipped import Observation
from marketplace.pricing.sources.feed import CONFLICT, RefusedRow
from marketplace.pricing.sources.values import FUTURE
from marketplace.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of observations: rows put in force, rows that wait for a curator, rows refused with the reason."""

    new: int
    quarantined: int
    refused: tuple[RefusedRow, ...] = ()

    @property
    def written(self) -> int:
        """Return how many rows were appended."""
        return self.new + self.quarantined


def import_rates(uow: UnitOfWork) -> int:
    """Import the shipped series and rates; return how many rates were new.

    They end on different days, so some may be later than a demonstration's calendar; nothing reads them before.
    """
    for row in shipped.rows_of("rates/series.csv"):
        if uow.session.get(ReferenceSeries, row["code"]) is None:
            series = ReferenceSeries(
                code=row["code"],
                pair=row["code"],
                name=row["name"],
                unit=row["unit"],
                source=row["source"],
                licence=row["licence"],
                max_age_working_days=int(row["max_age_working_days"]),
                jump_limit=Decimal(row["jump_limit"]),
            )
            uow.session.add(series)
            uow.record("reference_series.add", series, source=series.source, licence=series.licence)
    return _import_all(uow, [*shipped.metal_observations(), *shipped.exchange_observations()]).written


def import_observations(
    uow: UnitOfWork, observations: Iterable[Observation], *, fetch_id: UUID | None = None
) -> Imported:
    """Import observations of series; values already held are passed over, `fetch_id` names where they came from.

    Refused are values that are no number above zero, days to come, unknown series, and two values of one day.
    """
    given = list(observations)
    known = set(uow.session.scalars(select(ReferenceSeries.code)))
    values: dict[tuple[str, date], set[Decimal]] = {}
    for each in given:
        values.setdefault((each.series, each.observed_on), set()).add(each.value)
    good, refused = [], []
    for each in given:
        reason = _why_refused(each, known=known, today=uow.now.date(), of_day=values[each.series, each.observed_on])
        if reason is None:
            good.append(each)
        else:
            refused.append(RefusedRow(f"{each.series} {each.observed_on}", reason))
    done = _import_all(uow, good, fetch_id=fetch_id)
    return Imported(done.new, done.quarantined, tuple(refused))


def _why_refused(each: Observation, *, known: set[str], today: date, of_day: set[Decimal]) -> str | None:
    if each.series not in known:
        return "there is no such series"
    if not each.value.is_finite() or each.value <= 0:
        return "the value is not a number above zero"
    if each.observed_on > today:
        return f"{FUTURE}: {each.observed_on}"
    return CONFLICT if len(of_day) > 1 else None


def _import_all(uow: UnitOfWork, observations: Iterable[Observation], *, fetch_id: UUID | None = None) -> Imported:
    # One order for everybody, so that two imports that wait for each other's series never wait in a circle.
    ordered = sorted(observations, key=lambda each: (each.series, each.observed_on))
    groups = groupby(ordered, lambda each: each.series)
    done = [_import_series(uow, code, list(group), fetch_id=fetch_id) for code, group in groups]
    return Imported(sum(each.new for each in done), sum(each.quarantined for each in done))


@dataclass
class _Held:
    """What the table holds of one series: every value of a day, the day's row in force, the good values in order."""

    values: dict[date, set[Decimal]] = field(default_factory=dict)
    heads: dict[date, UUID] = field(default_factory=dict)
    good_days: list[date] = field(default_factory=list)
    good: dict[date, Decimal] = field(default_factory=dict)

    def add_good(self, day: date, value: Decimal) -> None:
        """Remember a good value, keeping the days in order."""
        place = bisect_left(self.good_days, day)
        if place == len(self.good_days) or self.good_days[place] != day:
            self.good_days.insert(place, day)
        self.good[day] = value

    def good_near(self, day: date) -> tuple[date, Decimal] | None:
        """Return the last good value before a day, with its own day; the first one at all when none is before."""
        if not self.good_days:
            return None
        near = self.good_days[max(bisect_left(self.good_days, day) - 1, 0)]
        return near, self.good[near]


def _import_series(
    uow: UnitOfWork, code: str, observations: Sequence[Observation], *, fetch_id: UUID | None
) -> Imported:
    # The lock makes two imports of one series wait for each other.
    series = uow.session.get_one(ReferenceSeries, code, with_for_update=True)
    held = _held(uow, code)
    rows = [
        _row(uow, series, observation, held=held, fetch_id=fetch_id)
        for observation in observations
        if observation.value not in held.values.get(observation.observed_on, ())
    ]
    quarantined = sum(row["quarantined"] for row in rows)
    if rows:
        uow.session.execute(insert(ReferenceRate), rows)
        uow.record(
            "reference_series.import",
            series,
            rates=len(rows),
            quarantined=quarantined,
            first=rows[0]["observed_on"].isoformat(),
            last=rows[-1]["observed_on"].isoformat(),
        )
    return Imported(len(rows) - quarantined, quarantined)


def _held(uow: UnitOfWork, code: str) -> _Held:
    held = _Held()
    rows = uow.session.scalars(select(ReferenceRate).where(ReferenceRate.series == code)).all()
    superseded = {row.supersedes_id for row in rows}
    for row in rows:
        held.values.setdefault(row.observed_on, set()).add(row.value)
        if not row.quarantined and row.id not in superseded:
            held.heads[row.observed_on] = row.id
            held.add_good(row.observed_on, row.value)
    return held


def _row(
    uow: UnitOfWork, series: ReferenceSeries, observation: Observation, *, held: _Held, fetch_id: UUID | None
) -> dict[str, Any]:
    day, value, key = observation.observed_on, observation.value, new_id()
    base = held.good_near(day) or _of_pair(uow, series.pair, day)
    reason = _why_quarantined(base, observation, series.jump_limit)
    supersedes = held.heads.get(day) if reason is None else None
    held.values.setdefault(day, set()).add(value)
    if reason is None:
        held.add_good(day, value)
        held.heads[day] = key
    return {
        "id": key,
        "series": series.code,
        "observed_on": day,
        "value": value,
        "source": series.source,
        "licence": series.licence,
        "imported_at": uow.now,
        "imported_by": str(uow.actor.user_id or uow.actor.name),
        "supersedes_id": supersedes,
        "quarantined": reason is not None,
        "quarantine_reason": reason,
        "fetch_id": fetch_id,
    }


def _of_pair(uow: UnitOfWork, pair: str, day: date) -> tuple[date, Decimal] | None:
    """Return what other series of the pair say: the first value of a new series is not believed blindly."""
    rate = rate_as_of(uow.session, pair, day)
    return None if rate is None else (rate.observed_on, rate.value)


def _why_quarantined(before: tuple[date, Decimal] | None, observation: Observation, limit: Decimal) -> str | None:
    if before is None:
        return None
    day, previous = before
    if not jumps_too_far(previous, observation.value, limit, days=abs(observation.observed_on - day).days):
        return None
    return f"{round(jump(previous, observation.value) * 100)} % from {previous}, the last good value of {day}"
