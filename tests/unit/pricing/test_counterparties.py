"""Nobody carries more than a set share of the weight, to the exact fraction."""

import random
from collections import defaultdict
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.pricing.counterparties import GRID, SELLERS_CUT_BELOW, Counted, largest_share, shared_out

ONE = Fraction(1)


def sale(buyer: str, seller: str, weight: Fraction = ONE) -> Counted:
    return Counted(buyer, seller, weight)


def carried(sales: list[Counted], weights: tuple[Fraction, ...], *, side: int) -> dict[str, Fraction]:
    """Return each counterparty's share of all weight; side 0 are the buyers."""
    found: dict[str, Fraction] = defaultdict(Fraction)
    for each, weight in zip(sales, weights, strict=True):
        found[str(each[side])] += weight
    return {name: weight / sum(weights) for name, weight in found.items()}


@pytest.mark.parametrize(
    ("counterparties", "share"),
    [
        (1, Fraction(1)), (2, Fraction(3, 5)), (3, Fraction(2, 5)), (4, Fraction(3, 10)), (5, Fraction(6, 25)),
        (6, Fraction(1, 5)), (7, Fraction(1, 5)), (100, Fraction(1, 5)),
    ],
)  # fmt: skip
def test_a_share_is_a_fifth_above_the_equal_one_and_at_least_a_fifth(counterparties: int, share: Fraction) -> None:
    assert largest_share(counterparties) == share
    assert largest_share(counterparties, at_least=Fraction(2, 5)) == max(share, Fraction(2, 5))


def test_two_buyers_or_one_seller_are_too_few() -> None:
    assert shared_out([sale("a", "x"), sale("b", "y"), sale("a", "y"), sale("b", "x")]) is None
    assert shared_out([sale("a", "x"), sale("b", "x"), sale("c", "x")]) is None
    assert shared_out([]) is None


def test_three_buyers_and_two_sellers_are_enough() -> None:
    # sellers 2 : 1 are two thirds, more than 60 %: x keeps w with w = 0.6 (w + 1), so 1.5 for its two sales
    found = shared_out([sale("a", "x"), sale("b", "x"), sale("c", "y")])
    assert found == (Fraction(3, 4), Fraction(3, 4), ONE)


def test_a_buyer_at_exactly_forty_per_cent_is_not_cut_and_just_above_is() -> None:
    # three buyers, weights 4 : 3 : 3 of 10; each sells half to each of two sellers
    at = [sale(buyer, seller, Fraction(n, 20)) for buyer, n in (("a", 4), ("b", 3), ("c", 3)) for seller in "xy"]
    assert shared_out(at) == tuple(each.weight for each in at)

    above = [each._replace(weight=each.weight + Fraction(1, 200)) if each.buyer == "a" else each for each in at]
    found = shared_out(above)
    # a keeps w = 0.4 (w + 0.6), so 0.4 of 0.41
    assert found == (Fraction(1, 5), Fraction(1, 5), *(each.weight for each in above[2:]))
    assert carried(above, found, side=0)["a"] == Fraction(2, 5)


def test_a_buyer_of_nearly_everything_is_cut_to_its_share_of_what_is_left() -> None:
    # a carries 90 of 92, b and c one each; w = 0.4 (w + 2) leaves 4/3
    sales = [sale("a", "x", Fraction(45)), sale("a", "y", Fraction(45)), sale("b", "x"), sale("c", "y")]
    assert shared_out(sales) == (Fraction(2, 3), Fraction(2, 3), ONE, ONE)


def test_both_sides_are_kept_at_once() -> None:
    # buyers a, b, c and sellers x, y, z: a buys much of x, b much of y
    sales = [sale("a", "x", Fraction(9)), sale("b", "y", Fraction(9)), sale("c", "z"), sale("a", "z"), sale("c", "x")]
    found = shared_out(sales)
    assert found is not None
    assert max(carried(sales, found, side=0).values()) <= Fraction(2, 5)
    assert max(carried(sales, found, side=1).values()) <= Fraction(2, 5)


def test_sellers_are_eased_where_many_of_them_meet_few_buyers() -> None:
    # five sellers may carry 24 % each, so a may carry 40 %, b and c 24 %: 88 % only; eased, a keeps w = 0.4 (w + 2)
    sales = [sale("a", "v"), sale("a", "w"), sale("a", "x"), sale("b", "y"), sale("c", "z")]
    found = shared_out(sales)
    # 100,000 of the grid: 4/3 for three
    assert found == (Fraction(4, 9), Fraction(4, 9), Fraction(4, 9), ONE, ONE)


def test_an_eased_market_that_fits_as_it_is_keeps_its_weights() -> None:
    # v has two fifths, more than 30 % of four; without a part of them a, c and d cannot reach the whole
    sales = [sale("a", "v"), sale("a", "x"), sale("c", "v"), sale("d", "w"), sale("d", "y")]
    assert shared_out(sales) == (ONE,) * 5


def test_no_shares_fit_when_two_buyers_know_one_seller_only() -> None:
    # x may carry 40 % and c may carry 40 %, but everything is x's or c's: 80 % at most
    assert shared_out([sale("a", "x"), sale("b", "x"), sale("c", "y"), sale("c", "z")]) is None


def test_weights_that_are_cut_are_first_rounded_down_to_a_grid() -> None:
    third = Fraction(1, 3)
    found = shared_out([sale("a", "x", third), sale("b", "x", third), sale("c", "y", third)])
    # 33,333 of 100,000 each; x keeps three halves of y's
    assert found == (Fraction(99_999, 4 * GRID), Fraction(99_999, 4 * GRID), Fraction(33_333, GRID))


def test_a_weight_too_small_for_the_grid_still_counts() -> None:
    tiny = Fraction(1, 10**9)
    found = shared_out([sale("a", "x", tiny), sale("b", "y", tiny), sale("c", "y", ONE), sale("c", "x", ONE)])
    assert found is not None
    assert found[0] == Fraction(1, GRID)


markets = st.lists(
    st.builds(
        Counted,
        buyer=st.sampled_from("abcdefg"),
        seller=st.sampled_from("vwxyz"),
        weight=st.integers(30, 1000).map(lambda n: Fraction(n, 1000)),
    ),
    min_size=1,
    max_size=25,
)


@given(sales=markets)
def test_no_counterparty_of_any_market_carries_too_much(sales: list[Counted]) -> None:
    found = shared_out(sales)
    if found is None:
        return
    for side in (0, 1):
        shares = carried(sales, found, side=side)
        assert max(shares.values()) <= largest_share(len(shares), at_least=SELLERS_CUT_BELOW[side])
    assert all(0 < weight <= each.weight for weight, each in zip(found, sales, strict=True))


@given(sales=markets)
def test_weights_change_only_when_somebody_carries_too_much(sales: list[Counted]) -> None:
    found, before = shared_out(sales), tuple(each.weight for each in sales)
    if found is None:
        return
    shares = [carried(sales, before, side=side) for side in (0, 1)]
    if all(max(each.values()) <= largest_share(len(each)) for each in shares):
        assert found == before
    if any(
        max(each.values()) > largest_share(len(each), at_least=at_least)
        for each, at_least in zip(shares, SELLERS_CUT_BELOW, strict=True)
    ):
        assert found != before


@given(sales=markets, seed=st.integers(0, 1000))
def test_the_order_of_sales_does_not_matter(sales: list[Counted], seed: int) -> None:
    mixed = list(enumerate(sales))
    random.Random(seed).shuffle(mixed)
    there, back = shared_out(sales), shared_out([each for _place, each in mixed])
    assert (there is None) == (back is None)
    if there is not None and back is not None:
        assert [there[place] for place, _each in mixed] == list(back)


@given(sales=markets)
def test_all_sales_of_one_pair_are_cut_alike(sales: list[Counted]) -> None:
    doubled = [*sales, *sales]
    found = shared_out(doubled)
    if found is not None:
        assert found[: len(sales)] == found[len(sales) :]
