"""Value of stones from finished sales of like lots here: robust, dated, and silent when there are too few.

What a sale must pass to count, and what it then counts for:
1. it is of like goods (pricing.likeness);
2. it is clean: in US dollars, not of the future, at most 24 months old, no problem reported, nothing returned or
   refunded, buyer and seller in different groups (pricing.relations), one of the newest two of its pair of groups;
3. its weight is likeness times age, and no buyer and no seller carries more than a set share (pricing.counterparties).

The quartiles are weighted medians of halves, so a single absurd price moves them to a neighbouring price at most.
Exactly: when false prices carry the share f of all weight, the quantile q lies between the quantiles (q − f)/(1 − f)
and q/(1 − f) of the true prices alone. With f under 1/4 every quartile stays within what true sales brought.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from math import lcm
from typing import Final

from marketplace.core.money import Money
from marketplace.core.weight import MG_PER_CARAT
from marketplace.pricing.counterparties import Counted, shared_out
from marketplace.pricing.description import LotDescription
from marketplace.pricing.gems import Band
from marketplace.pricing.likeness import likeness

FEWEST_SALES: Final = 5
MOST_A_PAIR: Final = 2
OLDEST_MONTHS: Final = 24
# The price book counts as much as this many sales; in formula 1 sales speak alone from twice as many on.
BOOK_COUNTS_AS: Final = 10
_DAYS_A_YEAR: Final = 365
_QUARTILES: Final = (Fraction(1, 4), Fraction(1, 2), Fraction(3, 4))
# Why like sales are set aside, in the order in which a sale is looked at; the words are in pricing.labels.
REASONS: Final = (
    "future", "too_old", "not_priced", "disputed", "returned", "related", "repeated", "few_counterparties",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sale:
    """Describe a completed order: `value` is the goods in US dollars without fee and premium.

    The caller leaves out nothing: `is_disputed`, `is_returned` and `is_related` sales are refused here, and so is one
    within a group. `seller_group` and `buyer_group` are the groups of relations; without one a party stands alone.
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
    seller_group: str = ""
    buyer_group: str = ""

    @property
    def pair(self) -> tuple[str, str]:
        """Return the groups that traded: buyer's, then seller's."""
        return self.buyer_group or self.buyer, self.seller_group or self.seller


@dataclass(frozen=True, slots=True)
class WeightedPrice:
    """Hold what one independent sale says: US cents per carat as an exact fraction, and how much it counts.

    `likeness` and `piece_mg`, whole milligrams of the average stone, explain the weight; formula 1 did not keep them.
    """

    reference: str
    sold_on: date
    minor_per_ct: Fraction
    weight: Fraction
    likeness: Fraction | None = None
    piece_mg: int | None = None


@dataclass(frozen=True, slots=True)
class SetAside:
    """Say how many like sales were not counted, and why: a code of pricing.labels."""

    reason: str
    count: int


@dataclass(frozen=True, slots=True)
class Selection:
    """Hold the prices that count, newest first, and how many like sales were set aside for which reason."""

    prices: tuple[WeightedPrice, ...] = ()
    set_aside: tuple[SetAside, ...] = ()


@dataclass(frozen=True, slots=True)
class Quartiles:
    """Hold the lower quartile, median and upper quartile in US cents per carat."""

    low: Fraction
    middle: Fraction
    high: Fraction


@dataclass(slots=True)
class _Sieve:
    """Tell sale by sale, newest first, why one does not count."""

    on: date
    of_pair: Counter[tuple[str, str]] = field(default_factory=Counter)

    def refuses(self, sale: Sale) -> str | None:
        """Return the first reason against a sale, or None when it counts."""
        faults = {
            "future": sale.sold_on > self.on,
            "too_old": sale.sold_on < months_before(self.on, OLDEST_MONTHS),
            "not_priced": sale.value.currency != "USD" or sale.value.minor <= 0,
            "disputed": sale.is_disputed,
            "returned": sale.is_returned,
            "related": sale.is_related or sale.seller == sale.buyer or sale.pair[0] == sale.pair[1],
        }
        fault = next((reason for reason, is_so in faults.items() if is_so), None)
        if fault is not None:
            return fault
        self.of_pair[sale.pair] += 1
        return "repeated" if self.of_pair[sale.pair] > MOST_A_PAIR else None


def select_sales(description: LotDescription, sales: Sequence[Sale], *, on: date) -> Selection:
    """Return what independent sales of like goods say on a day; sales of other goods are not mentioned."""
    sieve, against, counted = _Sieve(on), Counter[str](), list[tuple[Sale, WeightedPrice]]()
    for sale in sorted(sales, key=lambda sale: (sale.sold_on, sale.reference), reverse=True):
        alike = likeness(description, sale.description)
        if alike == 0:
            continue
        reason = sieve.refuses(sale)
        if reason is None:
            counted.append((sale, _weighted(sale, alike, on)))
        else:
            against[reason] += 1
    prices = _shared_out(counted)
    against["few_counterparties"] = len(counted) - len(prices)
    return Selection(prices, tuple(SetAside(reason, against[reason]) for reason in REASONS if against[reason]))


def quartiles(prices: Sequence[WeightedPrice]) -> Quartiles | None:
    """Return the weighted quartiles, or None below five independent sales."""
    if len(prices) < FEWEST_SALES:
        return None
    ordered = sorted(prices, key=lambda price: (price.minor_per_ct, price.reference))
    # The same weights as whole numbers: sums of many fractions would be slow.
    unit = lcm(*(price.weight.denominator for price in ordered))
    weights = [price.weight.numerator * (unit // price.weight.denominator) for price in ordered]
    low, middle, high = (_weighted_quantile(ordered, weights, share) for share in _QUARTILES)
    return Quartiles(low, middle, high)


def drawn_to_book(found: Quartiles, *, count: int, band: Band | None) -> Quartiles:
    """Return the quartiles drawn toward the price book while sales are few (under twenty); for formula 1."""
    if band is None or count >= 2 * BOOK_COUNTS_AS:
        return found
    return _mixed(found, band, Fraction(count, count + BOOK_COUNTS_AS))


def toward_book(found: Quartiles, *, prices: Sequence[WeightedPrice], band: Band | None) -> Quartiles:
    """Return the quartiles drawn toward the price book by as much as the evidence of the sales is thin.

    The sales count n ÷ (n + 10) with n their effective number, so that there is no jump however many are added.
    """
    if band is None:
        return found
    number = effective_number(prices)
    return _mixed(found, band, number / (number + BOOK_COUNTS_AS))


def effective_number(prices: Sequence[WeightedPrice]) -> Fraction:
    """Return how many equal sales say as much as these: (Σw)² ÷ Σw²; zero for none.

    Source: L. Kish, Survey Sampling, Wiley 1965: the effective size of a weighted sample.
    """
    if not prices:
        return Fraction(0)
    unit = lcm(*(price.weight.denominator for price in prices))
    weights = [price.weight.numerator * (unit // price.weight.denominator) for price in prices]
    return Fraction(sum(weights) ** 2, sum(weight**2 for weight in weights))


def months_before(on: date, months: int) -> date:
    """Return the same day so many months earlier, or the last day of that month."""
    year, month = divmod(on.year * 12 + on.month - 1 - months, 12)
    for day in range(on.day, on.day - 4, -1):
        try:
            return date(year, month + 1, day)
        except ValueError:
            continue
    raise AssertionError("unreachable: every month has 28 days")  # pragma: no cover


def _shared_out(counted: Sequence[tuple[Sale, WeightedPrice]]) -> tuple[WeightedPrice, ...]:
    """Return the prices with weights of which nobody carries too much; none when the counterparties are too few."""
    prices = tuple(price for _sale, price in counted)
    if len(prices) < FEWEST_SALES:
        return prices  # too few to speak at all: they are shown as they are
    weights = shared_out([Counted(*sale.pair, price.weight) for sale, price in counted])
    if weights is None:
        return ()
    return tuple(replace(price, weight=weight) for price, weight in zip(prices, weights, strict=True))


def _mixed(found: Quartiles, band: Band, share: Fraction) -> Quartiles:
    """Return `share` of the sales and the rest of the book."""
    return Quartiles(
        found.low * share + band.low_minor_per_ct * (1 - share),
        found.middle * share + band.middle_minor_per_ct * (1 - share),
        found.high * share + band.high_minor_per_ct * (1 - share),
    )


def _weighted(sale: Sale, alike: Fraction, on: date) -> WeightedPrice:
    age = (on - sale.sold_on).days
    return WeightedPrice(
        reference=sale.reference,
        sold_on=sale.sold_on,
        minor_per_ct=Fraction(sale.value.minor * MG_PER_CARAT, sale.description.weight_mg),
        # A sale a year old counts half as much as one of today.
        weight=alike * Fraction(_DAYS_A_YEAR, _DAYS_A_YEAR + age),
        likeness=alike,
        piece_mg=round(Fraction(sale.description.weight_mg, sale.description.pieces)),
    )


def _weighted_quantile(ordered: Sequence[WeightedPrice], weights: Sequence[int], share: Fraction) -> Fraction:
    wanted = sum(weights) * share
    reached = 0
    for place, (price, weight) in enumerate(zip(ordered, weights, strict=True)):
        reached += weight
        if reached == wanted and place + 1 < len(ordered):
            return (price.minor_per_ct + ordered[place + 1].minor_per_ct) / 2
        if reached >= wanted:
            return price.minor_per_ct
    raise AssertionError("unreachable: the weights reach their own share")  # pragma: no cover
