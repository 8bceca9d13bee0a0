"""Keep any one buyer and any one seller from carrying the price: nobody's share of the weight may be too large.

A counterparty is a group of parties that belong together (pricing.relations). Of n counterparties on a side none may
carry more than a fifth above its equal share, and none less than a fifth is ever cut: 6/(5n), at least 1/5. That is
60 % of two, 40 % of three, 30 % of four, 24 % of five, and 20 % from six on.

Why this much: a share of exactly 1/n would force all to weigh the same, and one above a quarter can carry a quartile.
So from five buyers on, no single one moves the lower or upper quartile beyond what the others paid, and of three or
four none moves the middle beyond it. k strangers who act as one carry at most k such shares.

Where many sellers meet few buyers such shares may not fit together; then a seller may carry 2/5 (60 % of two), so that
one more cooperative never silences a small market. The buyers' limit is never eased: they make the price.

Why at least three buyers and two sellers: with two buyers one of them always has the middle in his hand. In a small
market two cooperatives may be all that dig a variety; they do not pay the price, so two are enough.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import floor, lcm
from typing import Final, NamedTuple

FEWEST_BUYERS: Final = 3
FEWEST_SELLERS: Final = 2
ABOVE_EQUAL: Final = Fraction(6, 5)
NEVER_CUT_BELOW: Final = Fraction(1, 5)
# Below which no seller is cut: first, and where that fits no market.
SELLERS_CUT_BELOW: Final = (NEVER_CUT_BELOW, Fraction(2, 5))
# Weights that are cut are first rounded down to this grid, so that exact results stay short enough to be stored.
GRID: Final = 100_000


class Counted(NamedTuple):
    """What a sale counts for, and the groups of its buyer and of its seller."""

    buyer: str
    seller: str
    weight: Fraction


class _Reached(NamedTuple):
    """The whole weight that is left when nobody may carry more than a share of a supposed total, and its slope."""

    total: Fraction
    slope: Fraction


def largest_share(counterparties: int, *, at_least: Fraction = NEVER_CUT_BELOW) -> Fraction:
    """Return which share of the whole weight one of so many counterparties may carry."""
    return min(Fraction(1), max(at_least, ABOVE_EQUAL / counterparties))


def shared_out(sales: Sequence[Counted]) -> tuple[Fraction, ...] | None:
    """Return the weights, in order, of which no buyer and no seller carries too large a share of their sum.

    Weights are only ever reduced, those of one counterparty all alike: buyers first, then sellers. Exact, and the same
    for any order of sales. None when the counterparties are too few, or trade so much
    among the same few that no shares fit.
    """
    if len({sale.buyer for sale in sales}) < FEWEST_BUYERS or len({sale.seller for sale in sales}) < FEWEST_SELLERS:
        return None
    # Whole numbers of a small unit: sums of many fractions would be slow.
    unit = lcm(*(sale.weight.denominator for sale in sales))
    exact = [sale.weight.numerator * (unit // sale.weight.denominator) for sale in sales]
    on_grid = [max(1, floor(sale.weight * GRID)) for sale in sales]
    for at_least in SELLERS_CUT_BELOW:
        if _Market(sales, exact, at_least=at_least).fits():
            return tuple(sale.weight for sale in sales)
        market = _Market(sales, on_grid, at_least=at_least)
        total = market.largest_total()
        if total:
            return tuple(weight / GRID for weight in market.reduced(total))
    return None


class _Market:
    """Sales with what each buyer and each seller carries.

    For a supposed total T a buyer keeps at most c·T, then a seller at most c'·T of what is left. What remains, R(T),
    is concave and made of straight pieces with R(0) = 0, so there is a largest T with R(T) = T: there the shares are
    shares of the very sum that remains. Tangents lead to it from above, each piece at most once (Newton's method).
    """

    def __init__(self, sales: Sequence[Counted], weights: Sequence[int], *, at_least: Fraction) -> None:
        self._sales, self._weights = sales, weights
        self._cells: dict[str, dict[str, int]] = {}
        self._of_buyer: dict[str, int] = {}
        for (buyer, seller, _), weight in zip(sales, weights, strict=True):
            cells = self._cells.setdefault(seller, {})
            cells[buyer] = cells.get(buyer, 0) + weight
            self._of_buyer[buyer] = self._of_buyer.get(buyer, 0) + weight
        self._buyer_share = largest_share(len(self._of_buyer))
        self._seller_share = largest_share(len(self._cells), at_least=at_least)

    def fits(self) -> bool:
        """Say whether nobody carries too much as it is."""
        total = sum(self._weights)
        of_sellers = (sum(cells.values()) for cells in self._cells.values())
        return not self._cut_buyers(Fraction(total)) and all(
            carried <= self._seller_share * total for carried in of_sellers
        )

    def largest_total(self) -> Fraction:
        """Return the largest sum of weights at which all shares fit; zero when none does."""
        total = Fraction(sum(self._weights))
        while (reached := self._reached(total)).total != total:
            total = (reached.total - reached.slope * total) / (1 - reached.slope)
        return total

    def reduced(self, total: Fraction) -> list[Fraction]:
        """Return every sale's weight when nobody carries more than a share of `total`, which is above zero."""
        cut = self._cut_buyers(total)
        kept = {
            seller: min(Fraction(1), self._seller_share * total / self._left(seller, total, cut).total)
            for seller in self._cells
        }
        kept_of_buyer = {buyer: self._buyer_share * total / self._of_buyer[buyer] for buyer in cut}
        return [
            weight * kept_of_buyer.get(sale.buyer, Fraction(1)) * kept[sale.seller]
            for sale, weight in zip(self._sales, self._weights, strict=True)
        ]

    def _reached(self, total: Fraction) -> _Reached:
        reached, slope, cut = Fraction(0), Fraction(0), self._cut_buyers(total)
        most = _Reached(self._seller_share * total, self._seller_share)
        for seller in self._cells:
            left = self._left(seller, total, cut)
            kept = left if left.total <= most.total else most
            reached, slope = reached + kept.total, slope + kept.slope
        return _Reached(reached, slope)

    def _cut_buyers(self, total: Fraction) -> frozenset[str]:
        most = self._buyer_share * total
        return frozenset(buyer for buyer, carried in self._of_buyer.items() if carried > most)

    def _left(self, seller: str, total: Fraction, cut: frozenset[str]) -> _Reached:
        """Return what a seller carries once the weights of the buyers to be cut are reduced."""
        whole, slope = 0, Fraction(0)
        for buyer, weight in self._cells[seller].items():
            if buyer in cut:
                slope += weight * self._buyer_share / self._of_buyer[buyer]
            else:
                whole += weight
        return _Reached(whole + slope * total, slope)
