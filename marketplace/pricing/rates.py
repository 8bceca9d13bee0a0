"""The age of a reference rate and the guard against jumps: pure rules over dated values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Final

GOLD_SERIES: Final = "XAU/USD"

# Past this many days guidance refuses to name a value at all.
REFUSED_AFTER_DAYS: Final = 14
STALE_AFTER_WORKING_DAYS: Final = 3
_SATURDAY: Final = 5
_DAYS_A_WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class RateAsOf:
    """Hold the rate that was known on a date: exact value, when it was observed and where it is from."""

    id: str
    series: str
    value: Decimal
    observed_on: date
    source: str
    licence: str
    max_age_working_days: int = STALE_AFTER_WORKING_DAYS


def age_in_days(observed_on: date, on: date) -> int:
    """Return the calendar days from the observation to a date."""
    return (on - observed_on).days


def age_in_working_days(observed_on: date, on: date) -> int:
    """Return the days from Monday to Friday after the observation, up to and including a date."""
    weeks, rest = divmod(max(age_in_days(observed_on, on), 0), _DAYS_A_WEEK)
    tail = (observed_on + timedelta(days=step) for step in range(1, rest + 1))
    return weeks * 5 + sum(day.weekday() < _SATURDAY for day in tail)


class Freshness(Enum):
    """How far a rate may still be trusted on a day.

    OLD: older in working days than its series allows; used, and the page says how old it is. TOO_OLD: past 14 days no
    value is named from it, whatever its series allows.
    """

    FRESH = "fresh"
    OLD = "old"
    TOO_OLD = "too_old"


def freshness(rate: RateAsOf, on: date) -> Freshness:
    """Return how far a rate may be trusted on a date."""
    if age_in_days(rate.observed_on, on) > REFUSED_AFTER_DAYS:
        return Freshness.TOO_OLD
    if age_in_working_days(rate.observed_on, on) > rate.max_age_working_days:
        return Freshness.OLD
    return Freshness.FRESH


def is_stale(rate: RateAsOf, on: date) -> bool:
    """Say whether a rate is old or too old; while it is only old, it is still usable."""
    return freshness(rate, on) is not Freshness.FRESH


def is_too_old(rate: RateAsOf, on: date) -> bool:
    """Say whether a rate is so old that no value may be named from it."""
    return freshness(rate, on) is Freshness.TOO_OLD


def in_force(newest: Sequence[tuple[int, RateAsOf]], on: date) -> RateAsOf | None:
    """Return the rate that counts among the newest of each series of a pair with its priority, or None without any.

    The series of the highest priority whose rate is not stale; when all are stale, the newest observation counts, and
    of two of one day the one of the higher priority. The code decides between equals, so that the answer is one.
    """
    ordered = [rate for _, rate in sorted(newest, key=lambda each: (-each[0], each[1].series))]
    fresh = next((rate for rate in ordered if not is_stale(rate, on)), None)
    return fresh or max(ordered, key=lambda rate: rate.observed_on, default=None)


def jump(previous: Decimal, value: Decimal) -> Fraction:
    """Return the relative change between two values, never negative."""
    return abs(Fraction(value) / Fraction(previous) - 1)


def jumps_too_far(previous: Decimal, value: Decimal, limit: Decimal, *, days: int) -> bool:
    """Say whether a value moves further from the last good one than its series allows: a curator must look at it.

    The limit is for a week; over a longer gap it widens with the square root of time, as prices wander.
    """
    # Both sides squared, so that the comparison stays exact.
    return jump(previous, value) ** 2 * _DAYS_A_WEEK > Fraction(limit) ** 2 * max(days, _DAYS_A_WEEK)
