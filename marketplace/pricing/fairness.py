"""How fair finished sales were: ratios that anyone can recompute, and the figures that sum many of them up.

A ratio is kept in basis points, ten thousandths of one, rounded once, half to even. Medians, quartiles and means are of
the ratios as they are shown and exported, and exact until their own one rounding.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate
from math import ceil, floor
from typing import Final

from marketplace.core.money import CurrencyMismatch, Money
from marketplace.core.weight import fine_mass_g
from marketplace.pricing.gold import exact_usd_per_fine_gram

BASIS_POINTS: Final = 10_000
_QUARTILES: Final = (Fraction(1, 4), Fraction(1, 2), Fraction(3, 4))
_CENTS: Final = 100


@dataclass(frozen=True, slots=True)
class Summary:
    """Sum up ratios: how many, quartiles and median, and the mean weighted by price; shares of one to four decimals."""

    count: int
    low: Decimal
    middle: Decimal
    high: Decimal
    mean: Decimal


class Tally:
    """Count ratios in basis points, each with a weight above zero; it grows with the different ratios only.

    `of_ratio` is how often each came, `weight` the sum of the weights, `weighted` of each ratio times its weight.
    """

    __slots__ = ("of_ratio", "weight", "weighted")

    def __init__(self) -> None:
        self.of_ratio: Counter[int] = Counter()
        self.weight = 0
        self.weighted = 0

    def add(self, ratio: int, *, weight: int) -> None:
        """Count one sale's ratio, in basis points; `weight` is its price in minor units of one currency."""
        self.of_ratio[ratio] += 1
        self.weight += weight
        self.weighted += ratio * weight

    @property
    def count(self) -> int:
        """Return how many ratios were counted."""
        return self.of_ratio.total()

    def include(self, other: "Tally") -> None:
        """Count all that another tally counted."""
        self.of_ratio.update(other.of_ratio)
        self.weight += other.weight
        self.weighted += other.weighted

    def summary(self) -> Summary | None:
        """Return count, quartiles and weighted mean, or None when nothing was counted."""
        if not self.of_ratio:
            return None
        ordered = sorted(self.of_ratio)
        reached = list(accumulate(self.of_ratio[ratio] for ratio in ordered))
        low, middle, high = (_as_share(_quantile(ordered, reached, share)) for share in _QUARTILES)
        return Summary(reached[-1], low, middle, high, _as_share(Fraction(self.weighted, self.weight)))


def basis_points(part: int, whole: int) -> int:
    """Return part ÷ whole in ten thousandths, half to even; raises ValueError unless the whole is above zero."""
    if whole <= 0:
        raise ValueError("a share is of an amount above zero")
    return _half_even(part * BASIS_POINTS, whole)


def gold_basis_points(
    net_cents: int, *, weight_mg: int, fineness_permille: Decimal, usd_per_troy_ounce: Decimal
) -> int:
    """Return net per fine gram ÷ the reference per gram in ten thousandths; `net_cents` are US cents (indicator I6)."""
    a_milligram = _usd_per_milligram(fineness_permille, usd_per_troy_ounce)
    value, of = a_milligram.numerator * weight_mg * _CENTS, a_milligram.denominator
    return _half_even(net_cents * BASIS_POINTS * of, value)


def miner_share(net: Money, price: Money) -> Decimal:
    """Return the cooperative's net ÷ the price paid by the buyer, to four decimals, half to even (indicator I5)."""
    return _ratio(net, price)


def price_achieved_gold(
    net: Money, *, weight_mg: int, fineness_permille: Decimal, usd_per_troy_ounce: Decimal
) -> Decimal:
    """Return net per fine gram ÷ the reference per gram, to four decimals, half to even (indicator I6)."""
    if net.currency != "USD":
        raise CurrencyMismatch("the gold reference is in US dollars; convert the net amount first")
    ratio = gold_basis_points(
        net.minor, weight_mg=weight_mg, fineness_permille=fineness_permille, usd_per_troy_ounce=usd_per_troy_ounce
    )
    return share_of_one(ratio)


def price_achieved_gem(price: Money, guidance_middle: Money) -> Decimal:
    """Return the sale price ÷ the middle of the guidance, to four decimals, half to even (indicator I6)."""
    return _ratio(price, guidance_middle)


def share_of_one(ratio: int) -> Decimal:
    """Return basis points as a share of one with four decimals."""
    return Decimal(ratio).scaleb(-4)


def _half_even(part: int, whole: int) -> int:
    """Return part ÷ whole as a whole number, half to even; in whole numbers, because reports do it often."""
    below, rest = divmod(part, whole)
    return below + (2 * rest > whole or (2 * rest == whole and below % 2 == 1))


def _ratio(part: Money, whole: Money) -> Decimal:
    if part.currency != whole.currency:
        raise CurrencyMismatch(f"{part.currency} and {whole.currency} have no ratio; convert first")
    return share_of_one(basis_points(part.minor, whole.minor))


def _quantile(ordered: Sequence[int], reached: Sequence[int], share: Fraction) -> Fraction:
    """Return the value `share` of the way from the least to the most, on the line between its two neighbours.

    `reached[i]` is how many sales have at most the ratio `ordered[i]`. The inclusive method: place (count - 1) × share,
    counted from zero; so the median of an even count lies half way between the two in the middle.
    """
    place = (reached[-1] - 1) * share
    below, above = floor(place), ceil(place)
    lower, upper = ordered[bisect_right(reached, below)], ordered[bisect_right(reached, above)]
    return lower + (upper - lower) * (place - below)


def _as_share(exact: Fraction) -> Decimal:
    return share_of_one(round(exact))


# A report works through thousands of lots of a few finenesses at a few rates.
@lru_cache(maxsize=4096)
def _usd_per_milligram(fineness_permille: Decimal, usd_per_troy_ounce: Decimal) -> Fraction:
    return fine_mass_g(1, fineness_permille) * exact_usd_per_fine_gram(usd_per_troy_ounce)
