"""Value of stones from finished sales of like lots here: robust, dated, and silent when there are too few."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from marketplace.core.money import Money
from marketplace.core.weight import MG_PER_CARAT
from marketplace.pricing.description import GRADES, LotDescription
from marketplace.pricing.gems import Band

FEWEST_SALES: Final = 5
MOST_A_PAIR: Final = 2
OLDEST_MONTHS: Final = 24
# The price book counts as much as this many sales; from twice as many on the sales speak alone.
BOOK_COUNTS_AS: Final = 10
_DAYS_A_YEAR: Final = 365
_QUARTILES: Final = (Fraction(1, 4), Fraction(1, 2), Fraction(3, 4))


@dataclass(frozen=True, slots=True)
class Sale:
    """Describe a completed order: `value` is the goods in US dollars without fee and premium.

    The caller leaves out nothing: `is_disputed`, `is_returned` and `is_related` sales are refused here.
    """

    reference: str
    seller: str
    buyer: str
    sold_on: date
    value: Money
    description: LotDescription
    is_disputed: bool = False
    is_returned: bool = False
    is_related: bool = False


@dataclass(frozen=True, slots=True)
class WeightedPrice:
    """Hold what one independent sale says: US cents per carat as an exact fraction, and how much it counts."""

    reference: str
    sold_on: date
    minor_per_ct: Fraction
    weight: Fraction


@dataclass(frozen=True, slots=True)
class SetAside:
    """Say how many like sales were not counted, and why: a code of pricing.labels."""

    reason: str
    count: int


@dataclass(frozen=True, slots=True)
class Quartiles:
    """Hold the lower quartile, median and upper quartile in US cents per carat."""

    low: Fraction
    middle: Fraction
    high: Fraction


def comparable_prices(description: LotDescription, sales: Sequence[Sale], *, on: date) -> tuple[WeightedPrice, ...]:
    """Return the independent like sales of the last 24 months, newest first, at most two a pair of buyer and seller."""
    newest_first = sorted(sales, key=lambda sale: (sale.sold_on, sale.reference), reverse=True)
    of_pair: Counter[tuple[str, str]] = Counter()
    prices = []
    for sale in newest_first:
        likeness = _likeness(description, sale.description)
        if likeness == 0 or not _counts(sale, on):
            continue
        of_pair[sale.seller, sale.buyer] += 1
        if of_pair[sale.seller, sale.buyer] <= MOST_A_PAIR:
            prices.append(_weighted(sale, likeness, on))
    return tuple(prices)


def quartiles(prices: Sequence[WeightedPrice]) -> Quartiles | None:
    """Return the weighted quartiles, or None below five independent sales."""
    if len(prices) < FEWEST_SALES:
        return None
    ordered = sorted(prices, key=lambda price: (price.minor_per_ct, price.reference))
    low, middle, high = (_weighted_quantile(ordered, share) for share in _QUARTILES)
    return Quartiles(low, middle, high)


def drawn_to_book(found: Quartiles, *, count: int, band: Band | None) -> Quartiles:
    """Return the quartiles drawn toward the price book while sales are few (under twenty)."""
    if band is None or count >= 2 * BOOK_COUNTS_AS:
        return found
    return Quartiles(
        _drawn(found.low, Fraction(band.low_minor_per_ct), count),
        _drawn(found.middle, band.middle_minor_per_ct, count),
        _drawn(found.high, Fraction(band.high_minor_per_ct), count),
    )


def months_before(on: date, months: int) -> date:
    """Return the same day so many months earlier, or the last day of that month."""
    year, month = divmod(on.year * 12 + on.month - 1 - months, 12)
    for day in range(on.day, on.day - 4, -1):
        try:
            return date(year, month + 1, day)
        except ValueError:
            continue
    raise AssertionError("unreachable: every month has 28 days")  # pragma: no cover


def _drawn(found: Fraction, book: Fraction, count: int) -> Fraction:
    return (found * count + book * BOOK_COUNTS_AS) / (count + BOOK_COUNTS_AS)


def _counts(sale: Sale, on: date) -> bool:
    is_clean = not (sale.is_disputed or sale.is_returned or sale.is_related) and sale.seller != sale.buyer
    is_priced = sale.value.currency == "USD" and sale.value.minor > 0
    return is_clean and is_priced and months_before(on, OLDEST_MONTHS) <= sale.sold_on <= on


def _weighted(sale: Sale, likeness: Fraction, on: date) -> WeightedPrice:
    age = (on - sale.sold_on).days
    return WeightedPrice(
        reference=sale.reference,
        sold_on=sale.sold_on,
        minor_per_ct=Fraction(sale.value.minor * MG_PER_CARAT, sale.description.weight_mg),
        # A sale a year old counts half as much as one of today.
        weight=likeness * Fraction(_DAYS_A_YEAR, _DAYS_A_YEAR + age),
    )


def _likeness(wanted: LotDescription, sold: LotDescription) -> Fraction:
    same = ("kind", "variety", "form", "treatment")
    if any(getattr(wanted, name) != getattr(sold, name) for name in same):
        return Fraction(0)
    origin = Fraction(1) if wanted.origin_country == sold.origin_country else Fraction(4, 5)
    return _size_likeness(wanted, sold) * _grade_likeness(wanted.grade, sold.grade) * origin


def _size_likeness(wanted: LotDescription, sold: LotDescription) -> Fraction:
    one = Fraction(wanted.weight_mg, wanted.pieces)
    other = Fraction(sold.weight_mg, sold.pieces)
    ratio = min(one, other) / max(one, other)
    # Price per carat climbs with size: a stone under half or over twice as heavy says nothing.
    return ratio if ratio >= Fraction(1, 2) else Fraction(0)


def _grade_likeness(wanted: str | None, sold: str | None) -> Fraction:
    if wanted not in GRADES or sold not in GRADES:
        return Fraction(0)
    apart = abs(GRADES.index(wanted) - GRADES.index(sold))
    return (Fraction(1), Fraction(1, 4), Fraction(0), Fraction(0))[apart]


def _weighted_quantile(ordered: Sequence[WeightedPrice], share: Fraction) -> Fraction:
    wanted = sum((price.weight for price in ordered), Fraction(0)) * share
    reached = Fraction(0)
    for place, price in enumerate(ordered):
        reached += price.weight
        if reached == wanted and place + 1 < len(ordered):
            return (price.minor_per_ct + ordered[place + 1].minor_per_ct) / 2
        if reached >= wanted:
            return price.minor_per_ct
    raise AssertionError("unreachable: the weights reach their own share")  # pragma: no cover
