"""How long a case may wait: working days of an office, without its public holidays. Pure.

Source: the design's section "Cases": 2 working days, 4 where two people decide, colours at 50, 80 and 100 %. A case
that is sent back is closed, so its clock stands still; what comes again is a new case with a clock of its own.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final, NamedTuple

ALONE_DAYS, TOGETHER_DAYS = 2, 4
_DAY: Final = timedelta(days=1)
# From which part of the time on a colour shows, in hundredths.
_TONES: Final = ((100, "bad"), (80, "warn"), (50, "info"))


class Office(NamedTuple):
    """Where people work: its time zone, and which days it is open."""

    zone: tzinfo
    is_open: Callable[[date], bool]


def working_days(*, two_people: bool) -> int:
    """Return in how many working days a case should be decided."""
    return TOGETHER_DAYS if two_people else ALONE_DAYS


def due_at(opened_at: datetime, *, days: int, office: Office) -> datetime:
    """Return the moment so many working days after `opened_at`: the same time of day, or the first one's beginning."""
    start = _begin(opened_at.astimezone(office.zone), office)
    day = start.date()
    for _ in range(days):
        day = _next_open(day + _DAY, office)
    return datetime.combine(day, start.timetz()).astimezone(UTC)


def used_hundredths(opened_at: datetime, *, now: datetime, days: int, office: Office) -> int:
    """Return how much of the time is used in hundredths, rounded down; at most 999."""
    end, moment, worked = now.astimezone(office.zone), opened_at.astimezone(office.zone), timedelta()
    while moment < end and worked < days * 10 * _DAY:
        midnight = datetime.combine(moment.date() + _DAY, time(), tzinfo=office.zone)
        until = min(midnight, end)
        if office.is_open(moment.date()):
            worked += until - moment
        moment = until
    return min(999, worked * 100 // (days * _DAY))


def tone_of(hundredths: int) -> str | None:
    """Return the colour of a case that has used so much of its time; None before half of it."""
    return next((tone for least, tone in _TONES if hundredths >= least), None)


def _begin(moment: datetime, office: Office) -> datetime:
    if office.is_open(moment.date()):
        return moment
    return datetime.combine(_next_open(moment.date(), office), time(), tzinfo=moment.tzinfo)


def _next_open(day: date, office: Office) -> date:
    while not office.is_open(day):
        day += _DAY
    return day
