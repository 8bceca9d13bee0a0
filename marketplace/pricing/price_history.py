"""What a reference price was on each day: the series that counted then, a gram, in a currency of that day. Pure."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from marketplace.core.money import Money
from marketplace.pricing.gold import exact_usd_per_fine_gram
from marketplace.pricing.rates import REFUSED_AFTER_DAYS, age_in_days, age_in_working_days


@dataclass(frozen=True, slots=True)
class Observed:
    """Hold a good observation of one of the series of a pair, with how much and how long that series counts."""

    series: str
    priority: int
    max_age_working_days: int
    on: date
    value: Decimal
    source: str
    licence: str


@dataclass(frozen=True, slots=True)
class DayPrice:
    """Hold the price of one gram of fine metal on a day."""

    on: date
    per_gram: Money


def reference_line(observations: Iterable[Observed]) -> tuple[Observed, ...]:
    """Return what counted, oldest first: on each day the series of the highest priority that was not stale then.

    Of two series of one priority the first by its code counts. A day never sees an observation of a later one.
    """
    newest: dict[str, Observed] = {}
    line: list[Observed] = []
    for observation in sorted(observations, key=lambda each: (each.on, each.priority, each.series)):
        newest[observation.series] = observation
        counting = min(
            (each for each in newest.values() if _is_fresh(each, observation.on)),
            key=lambda each: (-each.priority, each.series),
        )
        if line and line[-1].on == counting.on:
            line[-1] = counting  # a better series of the same day
        elif not line or line[-1].on < counting.on:
            line.append(counting)
    return tuple(line)


def prices_per_gram(
    metal: Sequence[Observed], exchange: Sequence[Observed] | None, *, currency: str
) -> tuple[DayPrice, ...]:
    """Return the price a gram of fine metal on each day of a line in US dollars a troy ounce, rounded once.

    `exchange` is the line of the currency in units per dollar, oldest first; None for dollars. Each day is converted
    with the newest rate until that day; a day whose rate would be over 14 days old is left out.
    """
    if exchange is None:
        return tuple(_price(each, Decimal(1), currency) for each in metal)
    days = [each.on for each in exchange]
    prices = []
    for each in metal:
        place = bisect_right(days, each.on)
        if place and age_in_days(days[place - 1], each.on) <= REFUSED_AFTER_DAYS:
            prices.append(_price(each, exchange[place - 1].value, currency))
    return tuple(prices)


def _price(metal: Observed, units_per_usd: Decimal, currency: str) -> DayPrice:
    exact = exact_usd_per_fine_gram(metal.value) * Fraction(units_per_usd)
    return DayPrice(metal.on, Money.from_decimal(exact, currency))


def _is_fresh(observed: Observed, day: date) -> bool:
    return age_in_working_days(observed.on, day) <= observed.max_age_working_days
