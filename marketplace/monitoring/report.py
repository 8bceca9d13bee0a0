"""Put an indicator's figures together: of the whole period, of its parts, and by each breakdown. Pure.

What would let one person be recognised is left out here, so that no page and no file can show it.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from marketplace.monitoring.catalogue import INDICATORS, Indicator
from marketplace.monitoring.facts import Facts
from marketplace.monitoring.periods import Period, Step, parts
from marketplace.monitoring.small_numbers import hidden, is_too_few
from marketplace.monitoring.values import Measure

MOST_LINES: Final = 60


class Line(NamedTuple):
    """One group of a breakdown; None is shown as hidden."""

    key: str
    measure: Measure | None


class Stretch(NamedTuple):
    """One part of the period; None is shown as hidden."""

    period: Period
    measure: Measure | None


@dataclass(frozen=True, slots=True)
class Reading:
    """All that is shown of one indicator. `left_out` counts the groups beyond the most that are listed."""

    indicator: Indicator
    whole: Measure | None
    over_time: tuple[Stretch, ...]
    breakdowns: Mapping[str, tuple[Line, ...]]
    left_out: int
    is_cut: bool

    @property
    def hides(self) -> bool:
        """Say whether anything is hidden because it is about too few people."""
        rows = [each.measure for each in self.over_time]
        rows += [line.measure for lines in self.breakdowns.values() for line in lines]
        return self.whole is None or None in rows


@dataclass(frozen=True, slots=True)
class Report:
    """Every indicator of a period."""

    period: Period
    step: Step
    readings: tuple[Reading, ...]

    def of(self, code: str) -> Reading:
        """Return the reading of an indicator by its code."""
        return next(each for each in self.readings if each.indicator.code == code)


def report(facts: Facts, period: Period, *, step: Step) -> Report:
    """Return the readings of all indicators."""
    return Report(period, step, tuple(read(each, facts, period, step=step) for each in INDICATORS))


def read(indicator: Indicator, facts: Facts, period: Period, *, step: Step) -> Reading:
    """Return the reading of one indicator."""
    records: Sequence[Any] = getattr(facts, indicator.source)
    whole = indicator.work_out(records, period)
    lines = {by: _lines(indicator, records, period, by) for by in indicator.breakdowns}
    return Reading(
        indicator=indicator,
        whole=None if is_too_few(whole.people) else whole,
        over_time=_over_time(indicator, records, period, step),
        breakdowns={by: found[:MOST_LINES] for by, found in lines.items()},
        left_out=sum(max(0, len(found) - MOST_LINES) for found in lines.values()),
        is_cut=indicator.source in facts.cut,
    )


def _over_time(indicator: Indicator, records: Sequence[Any], period: Period, step: Step) -> tuple[Stretch, ...]:
    found = {part: indicator.work_out(records, part) for part in parts(period, step)}
    secret = hidden({part: measure.people for part, measure in found.items()})
    return tuple(Stretch(part, None if part in secret else measure) for part, measure in found.items())


def _lines(indicator: Indicator, records: Sequence[Any], period: Period, by: str) -> tuple[Line, ...]:
    """Return the groups that have anything in the period, those with most behind them first."""
    groups: defaultdict[str, list[Any]] = defaultdict(list)
    for record in records:
        groups[getattr(record, by)].append(record)
    measured = {key: indicator.work_out(group, period) for key, group in groups.items()}
    found = {key: measure for key, measure in measured.items() if measure.base or any(measure.values)}
    secret = hidden({key: measure.people for key, measure in found.items()})
    ordered = sorted(found.items(), key=lambda each: (-each[1].base, each[0]))
    return tuple(Line(key, None if key in secret else measure) for key, measure in ordered)
