"""Periods of a report: whole months, quarters and years, or from one day to another. Pure."""

from calendar import monthrange
from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple

# So many parts can be read as a table and told apart in a plot.
MOST_PARTS: Final = 60


class Step(StrEnum):
    """How long each part of a report is."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


_MONTHS: Final = {Step.MONTH: 1, Step.QUARTER: 3, Step.YEAR: 12}


class Period(NamedTuple):
    """From one day to another (UTC), both counted."""

    since: date
    until: date

    def holds(self, day: date | None) -> bool:
        """Say whether a day lies in the period; no day does not."""
        return day is not None and self.since <= day <= self.until


def whole(step: Step, day: date) -> Period:
    """Return the calendar month, quarter or year that a day is in."""
    months = _MONTHS[step]
    first = (day.month - 1) // months * months + 1
    last = first + months - 1
    return Period(date(day.year, first, 1), date(day.year, last, monthrange(day.year, last)[1]))


def parts(period: Period, step: Step) -> tuple[Period, ...]:
    """Return the calendar parts of a period, oldest first; the first and the last one are cut to it.

    Of a period with more than MOST_PARTS of them the newest are returned.
    """
    found: list[Period] = []
    until = period.until
    while until >= period.since and len(found) < MOST_PARTS:
        since = max(whole(step, until).since, period.since)
        found.append(Period(since, until))
        if since == date.min:
            break
        until = date.fromordinal(since.toordinal() - 1)
    return tuple(reversed(found))


def fitting_step(period: Period) -> Step:
    """Return the shortest step that leaves at most 24 parts."""
    months = (period.until.year - period.since.year) * 12 + period.until.month - period.since.month + 1
    return Step.MONTH if months <= 24 else Step.QUARTER if months <= 72 else Step.YEAR


def year_before(day: date) -> date:
    """Return the same day a year earlier; 29 February becomes the 28th."""
    last = monthrange(day.year - 1, day.month)[1]
    return date(day.year - 1, day.month, min(day.day, last))
