"""Indicators about trade: I3 value, I4 volume, I5 transparency, I6 to I8 prices, I9 mercury, I16 taxes. Pure."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from marketplace.monitoring.facts import Sold, TaxPaid
from marketplace.monitoring.periods import Period
from marketplace.monitoring.values import Measure, Unit, figure, median, ratio, usd

GOLD: Final = "gold"
FLOOR_BP: Final = 9_500
_ONE_BP: Final = 10_000
_MG_PER_CARAT: Final = 200


def value_sold(facts: Sequence[Sold], period: Period) -> Measure:
    """Return what buyers paid for completed orders in US dollars, and how many orders (I3)."""
    found = _within(facts, period)
    values = (usd(sum(fact.price for fact in found)), figure(len(found), Unit.COUNT))
    return Measure(values, len(found))


def volume_sold(facts: Sequence[Sold], period: Period) -> Measure:
    """Return fine grams of gold and carats of stones (I4)."""
    found = _within(facts, period)
    fine = sum((fact.fine_g for fact in found), Fraction(0))
    stones_mg = sum(fact.weight_mg for fact in found if fact.mineral != GOLD)
    values = (figure(fine, Unit.GRAMS), figure(Fraction(stones_mg, _MG_PER_CARAT), Unit.CARATS))
    return Measure(values, len(found))


def price_transparency(facts: Sequence[Sold], period: Period) -> Measure:
    """Return what cooperatives received ÷ what buyers paid, of all sales together, and the middle sale (I5)."""
    found = _within(facts, period)
    together = ratio(sum(fact.net for fact in found), sum(fact.price for fact in found))
    middle = median(Fraction(fact.net, fact.price) for fact in found)
    return Measure((figure(together, Unit.SHARE), figure(middle, Unit.SHARE)), len(found))


def fair_price(facts: Sequence[Sold], period: Period) -> Measure:
    """Return the median price achieved: gold against its reference, stones against the middle of the guide (I6)."""
    found = [fact for fact in _within(facts, period) if fact.achieved is not None]
    gold = _median_achieved([fact for fact in found if fact.mineral == GOLD])
    stones = _median_achieved([fact for fact in found if fact.mineral != GOLD])
    return Measure((figure(gold, Unit.SHARE), figure(stones, Unit.SHARE)), len(found))


def at_or_above_floor(facts: Sequence[Sold], period: Period) -> Measure:
    """Return gold lots that achieved 95 % of the reference or more ÷ all gold lots with a reference (I7)."""
    found = [fact.achieved for fact in _within(facts, period) if fact.mineral == GOLD and fact.achieved is not None]
    above = sum(achieved >= FLOOR_BP for achieved in found)
    values = (figure(ratio(above, len(found)), Unit.SHARE), figure(above, Unit.COUNT))
    return Measure(values, len(found))


def premium_paid(facts: Sequence[Sold], period: Period) -> Measure:
    """Return the premiums in US dollars, and per fine kilogram of the gold that had one (I8)."""
    found = [fact for fact in _within(facts, period) if fact.premium > 0]
    cents = sum(fact.premium for fact in found)
    grams = sum((fact.fine_g for fact in found), Fraction(0))
    # Cents a gram are tens of dollars a kilogram.
    of_kilogram = ratio(cents * 10, grams)
    return Measure((usd(cents), figure(of_kilogram, Unit.USD_PER_KG)), len(found))


def mercury_free(facts: Sequence[Sold], period: Period) -> Measure:
    """Return fine grams made without mercury ÷ all fine grams sold (I9)."""
    found = [fact for fact in _within(facts, period) if fact.mineral == GOLD]
    free = sum((fact.fine_g for fact in found if fact.is_mercury_free), Fraction(0))
    everything = sum((fact.fine_g for fact in found), Fraction(0))
    values = (figure(ratio(free, everything), Unit.SHARE), figure(free, Unit.GRAMS))
    return Measure(values, len(found))


def taxes_paid(facts: Sequence[TaxPaid], period: Period) -> Measure:
    """Return taxes and royalties with a receipt in US dollars, and how many receipts (I16)."""
    found = [fact for fact in facts if period.holds(fact.on)]
    return Measure((usd(sum(fact.cents for fact in found)), figure(len(found), Unit.COUNT)), len(found))


def _within(facts: Sequence[Sold], period: Period) -> list[Sold]:
    return [fact for fact in facts if period.holds(fact.on)]


def _median_achieved(found: Sequence[Sold]) -> Fraction | None:
    return median(Fraction(fact.achieved, _ONE_BP) for fact in found if fact.achieved is not None)
