"""A ring that trades with itself moves no quartile; strangers who act as one move them within a stated bound."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.core.money import Money
from marketplace.pricing.comparables import Sale, Selection, WeightedPrice, quartiles, select_sales
from marketplace.pricing.counterparties import largest_share
from marketplace.pricing.description import LotDescription
from marketplace.pricing.relations import STRONG, Mark, groups_of

ON = date(2026, 9, 29)
STONE = LotDescription("gem", "cut", "TZ", 300, variety="ruby", treatment="H", grade="good")
SHARES = (Fraction(1, 4), Fraction(1, 2), Fraction(3, 4))


def sale(number: int, seller: str, buyer: str, cents: int, *, age: int = 0) -> Sale:
    value, sold_on = Money(cents, "USD"), ON - timedelta(days=age)
    return Sale(f"sale-{number:04d}", seller, buyer, sold_on, value, STONE)


def honest_market(chance: random.Random, count: int) -> list[Sale]:
    """Return sales of eight buyers and five cooperatives at 800 to 1,200 dollars a carat, up to two years old."""
    return [
        sale(number, f"cooperative:{chance.randrange(5)}", f"buyer:{chance.randrange(8)}",
             chance.randint(120_000, 180_000), age=chance.randrange(700))
        for number in range(count)
    ]  # fmt: skip


def ring(chance: random.Random, parties: int) -> dict[str, list[Mark]]:
    """Return marks that tie parties together by a tree: each shares a mark of some kind with an earlier one."""
    names = [("cooperative" if place % 2 else "buyer") + f":ring-{place}" for place in range(parties)]
    marks: dict[str, list[Mark]] = {name: [] for name in names}
    for place in range(1, parties):
        mark = Mark(chance.choice(sorted(STRONG)), f"mark-{place}")
        marks[names[place]].append(mark)
        marks[names[chance.randrange(place)]].append(mark)
    return marks


def wash(chance: random.Random, marks: dict[str, list[Mark]], count: int) -> list[Sale]:
    """Return sales inside the ring at any price, newer than all honest ones or older."""
    sellers, buyers = ([name for name in marks if name.startswith(kind)] for kind in ("cooperative", "buyer"))
    return [
        sale(5000 + number, chance.choice(sellers), chance.choice(buyers),
             chance.choice((1, 10**9, chance.randint(1, 10**9))), age=chance.randrange(700))
        for number in range(count)
    ]  # fmt: skip


def grouped(sales: Sequence[Sale], marks: dict[str, list[Mark]]) -> list[Sale]:
    groups = groups_of(marks)
    return [
        replace(each, seller_group=groups.get(each.seller, ""), buyer_group=groups.get(each.buyer, ""))
        for each in sales
    ]


def select(sales: Sequence[Sale]) -> Selection:
    return select_sales(STONE, sales, on=ON)


@pytest.mark.parametrize("seed", range(20))
def test_a_ring_tied_by_chains_moves_no_quartile_with_two_hundred_sales(seed: int) -> None:
    chance = random.Random(seed)
    honest, marks = honest_market(chance, 40), ring(chance, 12)
    sales = [*honest, *wash(chance, marks, 200)]
    chance.shuffle(sales)

    alone, flooded = select(honest), select(grouped(sales, marks))

    assert quartiles(alone.prices) is not None
    assert flooded.prices == alone.prices
    assert {found.reason: found.count for found in flooded.set_aside}["related"] == 200
    assert quartiles(select(sales).prices) != quartiles(alone.prices), "without the marks the ring would be heard"


@given(seed=st.integers(0, 10**6), count=st.integers(0, 40), parties=st.integers(2, 30), washed=st.integers(1, 60))
@settings(max_examples=60)
def test_no_ring_of_any_size_moves_any_market(seed: int, count: int, parties: int, washed: int) -> None:
    chance = random.Random(seed)
    honest, marks = honest_market(chance, count), ring(chance, parties)
    assert select(grouped([*wash(chance, marks, washed), *honest], marks)).prices == select(honest).prices


@pytest.mark.parametrize("cents", [1, 10**9])
@pytest.mark.parametrize("seed", range(10))
def test_one_strange_buyer_of_many_sellers_keeps_within_what_the_others_paid(seed: int, cents: int) -> None:
    chance = random.Random(seed)
    honest = honest_market(chance, 40)
    paid = [Fraction(each.value.minor * 2, 3) for each in honest]
    strange = [sale(6000 + n, f"cooperative:shell-{n // 2}", "buyer:strange", cents) for n in range(200)]

    found = select([*honest, *strange])

    low, middle, high = both(found.prices)
    share = sum(weight_of(found, strange)) / sum(price.weight for price in found.prices)
    assert share <= largest_share(9) == Fraction(1, 5)
    assert min(paid) <= low <= middle <= high <= max(paid)
    assert_within_bound(found, strange, share)


@given(
    true=st.lists(st.tuples(st.integers(1, 1000), st.integers(1, 50)), min_size=5, max_size=30),
    false=st.lists(st.tuples(st.integers(1, 10**6), st.integers(1, 50)), min_size=1, max_size=10),
)
def test_false_prices_under_a_quarter_of_the_weight_stay_within_the_stated_quantiles(
    true: list[tuple[int, int]], false: list[tuple[int, int]]
) -> None:
    honest = [WeightedPrice(f"t{n}", ON, Fraction(cents), Fraction(weight)) for n, (cents, weight) in enumerate(true)]
    # 249 parts of a thousand, however many false prices there are
    whole = sum(weight for _cents, weight in true)
    part = Fraction(249, 751) * whole / sum(weight for _cents, weight in false)
    wrong = [WeightedPrice(f"f{n}", ON, Fraction(cents), weight * part) for n, (cents, weight) in enumerate(false)]
    share = Fraction(249, 1000)

    for found, quantile in zip(both([*honest, *wrong]), SHARES, strict=True):
        assert least(honest, (quantile - share) / (1 - share)) <= found <= most(honest, quantile / (1 - share))
        assert min(true)[0] <= found <= max(true)[0]


def test_from_exactly_a_quarter_on_the_lower_quartile_can_leave_the_true_prices() -> None:
    honest = [WeightedPrice(f"t{n}", ON, Fraction(1000), Fraction(1)) for n in range(6)]
    false = [WeightedPrice(f"f{n}", ON, Fraction(1), Fraction(1)) for n in range(2)]
    assert both([*honest, *false])[0] == Fraction(1001, 2)


def assert_within_bound(found: Selection, strange: Sequence[Sale], share: Fraction) -> None:
    names = {each.reference for each in strange}
    honest = [price for price in found.prices if price.reference not in names]
    for value, quantile in zip(both(found.prices), SHARES, strict=True):
        assert least(honest, (quantile - share) / (1 - share)) <= value <= most(honest, quantile / (1 - share))


def weight_of(found: Selection, sales: Sequence[Sale]) -> list[Fraction]:
    names = {each.reference for each in sales}
    return [price.weight for price in found.prices if price.reference in names]


def both(prices: Sequence[WeightedPrice]) -> tuple[Fraction, Fraction, Fraction]:
    found = quartiles(prices)
    assert found is not None
    return found.low, found.middle, found.high


def least(prices: Sequence[WeightedPrice], share: Fraction) -> Fraction:
    """Return the smallest price at which at least `share` of the weight is reached."""
    return _reached(prices, share, strictly=False)


def most(prices: Sequence[WeightedPrice], share: Fraction) -> Fraction:
    """Return the smallest price at which more than `share` is reached, or the highest."""
    return _reached(prices, share, strictly=True)


def _reached(prices: Sequence[WeightedPrice], share: Fraction, *, strictly: bool) -> Fraction:
    ordered = sorted(prices, key=lambda price: price.minor_per_ct)
    wanted, reached = share * sum(price.weight for price in ordered), Fraction(0)
    for price in ordered:
        reached += price.weight
        if reached > wanted or (reached == wanted and not strictly):
            return price.minor_per_ct
    return ordered[-1].minor_per_ct
