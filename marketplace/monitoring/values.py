"""Figures of indicators: exact until they are rounded once, half to even. Pure."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor
from typing import Final, NamedTuple

HALF: Final = Fraction(1, 2)


class Unit(StrEnum):
    """What a figure is counted in; it says how many decimals it has."""

    COUNT = "count"
    USD = "usd"
    SHARE = "share"
    GRAMS = "grams"
    CARATS = "carats"
    HOURS = "hours"
    DAYS = "days"
    USD_PER_KG = "usd_per_kg"


DECIMALS: Final = {
    Unit.COUNT: 0,
    Unit.USD: 2,
    Unit.SHARE: 4,
    Unit.GRAMS: 3,
    Unit.CARATS: 3,
    Unit.HOURS: 1,
    Unit.DAYS: 1,
    Unit.USD_PER_KG: 2,
}


class Measure(NamedTuple):
    """The figures of one indicator, in its order; None where there is nothing to measure.

    `base` is how many facts stand behind them. `people` is how many persons the smallest group among them has, and
    None where they are not about persons.
    """

    values: tuple[Decimal | None, ...]
    base: int
    people: int | None = None


def figure(exact: Fraction | int | None, unit: Unit) -> Decimal | None:
    """Return an exact figure with the decimals of its unit."""
    if exact is None:
        return None
    places = DECIMALS[unit]
    return Decimal(round(Fraction(exact) * 10**places)).scaleb(-places)


def usd(cents: Fraction | int) -> Decimal | None:
    """Return US cents as dollars, rounded to the cent."""
    return figure(Fraction(cents) / 100, Unit.USD)


def ratio(part: Fraction | int, of: Fraction | int) -> Fraction | None:
    """Return part ÷ whole, or None when the whole is nothing."""
    return Fraction(part) / Fraction(of) if of else None


def quantile(values: Iterable[Fraction | int], share: Fraction) -> Fraction | None:
    """Return the value `share` of the way from the least to the most, or None without any.

    The inclusive method: place (count - 1) x share, counted from zero, on the line between its two neighbours.
    """
    ordered: Sequence[Fraction] = sorted(Fraction(value) for value in values)
    if not ordered:
        return None
    place = (len(ordered) - 1) * share
    below, above = ordered[floor(place)], ordered[ceil(place)]
    return below + (above - below) * (place - floor(place))


def median(values: Iterable[Fraction | int]) -> Fraction | None:
    """Return the value in the middle, half way between two of them when the count is even."""
    return quantile(values, HALF)
