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
from marketplace.pricing.rates import jump, jumps_too_far
from marketplace.pricing.shipped import Observation
from marketplace.unit_of_work import UnitOfWork


def import_rates(uow: UnitOfWork) -> int:
    """Import the shipped series and rates; return how many rates were new."""
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
    return import_observations(uow, [*shipped.metal_observations(), *shipped.exchange_observations()])


def import_observations(uow: UnitOfWork, observations: Iterable[Observation]) -> int:
    """Import observations of known series; return how many rows were new. Values already held are passed over."""
    ordered = sorted(observations, key=lambda each: (each.series, each.observed_on))
    return sum(_import_series(uow, code, list(group)) for code, group in groupby(ordered, lambda each: each.series))


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

    def good_before(self, day: date) -> tuple[date, Decimal] | None:
        """Return the last good value before a day, with its own day."""
        place = bisect_left(self.good_days, day)
        if not place:
            return None
        before = self.good_days[place - 1]
        return before, self.good[before]


def _import_series(uow: UnitOfWork, code: str, observations: Sequence[Observation]) -> int:
    # The lock makes two imports of one series wait for each other.
    series = uow.session.get_one(ReferenceSeries, code, with_for_update=True)
    held = _held(uow, code)
    rows = [
        _row(uow, series, observation, held=held)
        for observation in observations
        if observation.value not in held.values.get(observation.observed_on, ())
    ]
    if rows:
        uow.session.execute(insert(ReferenceRate), rows)
        uow.record(
            "reference_series.import",
            series,
            rates=len(rows),
            quarantined=sum(row["quarantined"] for row in rows),
            first=rows[0]["observed_on"].isoformat(),
            last=rows[-1]["observed_on"].isoformat(),
        )
    return len(rows)


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


def _row(uow: UnitOfWork, series: ReferenceSeries, observation: Observation, *, held: _Held) -> dict[str, Any]:
    day, value, key = observation.observed_on, observation.value, new_id()
    reason = _why_quarantined(held.good_before(day), observation, series.jump_limit)
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
    }


def _why_quarantined(before: tuple[date, Decimal] | None, observation: Observation, limit: Decimal) -> str | None:
    if before is None:
        return None
    day, previous = before
    if not jumps_too_far(previous, observation.value, limit, days=(observation.observed_on - day).days):
        return None
    return f"{round(jump(previous, observation.value) * 100)} % from {previous}, the last good value of {day}"
