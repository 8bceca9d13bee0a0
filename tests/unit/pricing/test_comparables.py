"""Which sales count for a stone, for how much, and why the others do not."""

import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.money import Money
from marketplace.pricing.comparables import (
    REASONS,
    Quartiles,
    Sale,
    Selection,
    SetAside,
    WeightedPrice,
    effective_number,
    quartiles,
    select_sales,
    toward_book,
)
from marketplace.pricing.description import PARCELS, LotDescription
from marketplace.pricing.gems import Band
from marketplace.pricing.labels import SET_ASIDE_LABELS
from marketplace.pricing.likeness import likeness, parcel_of

ON = date(2026, 9, 29)
STONE = LotDescription("gem", "cut", "TZ", 300, variety="ruby", treatment="H", grade="good")  # 1.5 ct
BAND = Band("1", "ruby", "cut", "good", Decimal(1), Decimal(2), 40_000, 150_000)


def sale(number: int, per_ct: int = 1000, **changes: Any) -> Sale:
    usual = Sale(
        reference=f"sale-{number:03d}",
        seller=f"alice-{number}",
        buyer=f"bob-{number}",
        sold_on=ON,
        value=Money(per_ct * 150, "USD"),  # 1.5 ct at `per_ct` dollars
        description=STONE,
    )
    return replace(usual, **changes)


def select(*sales: Sale) -> Selection:
    return select_sales(STONE, sales, on=ON)


def price(number: int, per_ct: int = 100, weight: Fraction = Fraction(1)) -> WeightedPrice:
    return WeightedPrice(str(number), ON, Fraction(per_ct), weight)


def test_five_independent_sales_speak_and_four_do_not() -> None:
    prices = select(*(sale(number, 1000 + number) for number in range(5))).prices
    found = quartiles(prices)
    assert quartiles(prices[:4]) is None
    assert found is not None
    # equal weights: the quartiles are the 2nd, 3rd and 4th of 1,000 … 1,004 dollars
    assert (found.low, found.middle, found.high) == (100_100, 100_200, 100_300)


def test_a_price_says_what_it_rests_on() -> None:
    sold = replace(STONE, weight_mg=601, pieces=2, parcel="single")
    found = select(sale(1, description=sold, value=Money(90_150, "USD"))).prices[0]
    # 901.50 for 3.005 ct is 300.00 a carat; stones of 300.5 mg against 300, half to even
    assert (found.minor_per_ct, found.piece_mg) == (30_000, 300)
    assert found.likeness == found.weight == Fraction(600, 601)


def test_at_most_two_sales_of_one_pair_count_and_the_newest_are_kept() -> None:
    pair = [sale(number, seller="alice", buyer="bob", sold_on=ON - timedelta(days=number)) for number in range(6)]
    found = select(*pair)
    assert [price.reference for price in found.prices] == ["sale-000", "sale-001"]
    assert found.set_aside == (SetAside("repeated", 4),)


def test_a_pair_is_of_groups_not_of_names() -> None:
    brothers = [sale(number, buyer_group="family", seller_group="valley") for number in range(3)]
    assert select(*brothers).set_aside == (SetAside("repeated", 1),)
    other = [*brothers[:2], replace(brothers[2], buyer_group="other")]
    assert len(select(*other).prices) == 3


def test_a_sale_that_does_not_count_takes_no_place_of_its_pair() -> None:
    pair = [sale(number, seller="alice", buyer="bob", is_disputed=number < 2) for number in range(4)]
    found = select(*pair)
    assert [price.reference for price in found.prices] == ["sale-003", "sale-002"]
    assert found.set_aside == (SetAside("disputed", 2),)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ({"is_related": True}, "related"), ({"buyer": "x", "seller": "x"}, "related"),
        ({"buyer_group": "x", "seller_group": "x"}, "related"), ({"buyer_group": "alice-1"}, "related"),
        ({"is_returned": True}, "returned"), ({"is_disputed": True}, "disputed"),
        ({"sold_on": ON + timedelta(days=1)}, "future"), ({"sold_on": date(2024, 9, 28)}, "too_old"),
        ({"value": Money(150_000, "EUR")}, "not_priced"), ({"value": Money(0, "USD")}, "not_priced"),
        ({"value": Money(-1, "USD")}, "not_priced"),
    ],
)  # fmt: skip
def test_a_sale_that_proves_nothing_never_counts_and_says_why(fault: dict[str, Any], reason: str) -> None:
    assert select(sale(1, **fault)) == Selection((), (SetAside(reason, 1),))


@pytest.mark.parametrize("edge", [{"sold_on": date(2024, 9, 29)}, {"value": Money(1, "USD")}, {"sold_on": ON}])
def test_a_sale_of_24_months_to_the_day_or_of_one_cent_counts(edge: dict[str, Any]) -> None:
    assert len(select(sale(1, **edge)).prices) == 1


def test_the_first_fault_is_told_and_reasons_stand_in_their_order() -> None:
    all_at_once = sale(1, is_related=True, is_returned=True, is_disputed=True)
    found = select(all_at_once, sale(2, is_returned=True, is_related=True), sale(3, is_related=True), sale(4))
    assert found.set_aside == (SetAside("disputed", 1), SetAside("returned", 1), SetAside("related", 1))
    assert len(found.prices) == 1


def test_every_reason_has_its_words() -> None:
    assert set(REASONS) == set(SET_ASIDE_LABELS)
    assert all(words % {"count": 3} for words in SET_ASIDE_LABELS.values())


def test_five_sales_of_two_buyers_are_set_aside_and_four_are_shown_as_too_few() -> None:
    two_buyers = [sale(number, buyer=f"bob-{number % 2}") for number in range(5)]
    assert select(*two_buyers) == Selection((), (SetAside("few_counterparties", 5),))
    assert len(select(*two_buyers[:4]).prices) == 4


def test_a_buyer_of_many_sellers_counts_for_forty_per_cent_of_three() -> None:
    # bob buys 8 times, carol and dora once each: 0.4 (w + 2) leaves 4/3 for his eight
    sales = [sale(number, buyer="bob") for number in range(8)] + [sale(8, buyer="carol"), sale(9, buyer="dora")]
    weights = {price.reference: price.weight for price in select(*sales).prices}
    assert weights["sale-000"] == Fraction(1, 6)
    assert weights["sale-009"] == 1


@pytest.mark.parametrize(
    ("other", "alike"),
    [
        ({}, Fraction(1)), ({"weight_mg": 150}, Fraction(1, 2)), ({"weight_mg": 149}, 0),
        ({"weight_mg": 600}, Fraction(1, 2)), ({"weight_mg": 601}, 0), ({"weight_mg": 200}, Fraction(2, 3)),
        ({"origin_country": "KE"}, Fraction(4, 5)), ({"grade": "fine"}, Fraction(1, 4)),
        ({"grade": "commercial"}, Fraction(1, 4)), ({"grade": "extra_fine"}, 0), ({"grade": None}, 0),
        ({"grade": "superb"}, 0), ({"variety": "spinel"}, 0), ({"form": "rough"}, 0), ({"treatment": "N"}, 0),
        ({"weight_mg": 600, "pieces": 2}, 0), ({"weight_mg": 600, "pieces": 2, "parcel": "single"}, Fraction(1)),
        ({"parcel": "single"}, Fraction(1)), ({"parcel": "matched"}, 0),
    ],
)  # fmt: skip
def test_how_much_one_lot_says_about_another(other: dict[str, Any], alike: Fraction | int) -> None:
    assert likeness(STONE, replace(STONE, **other)) == alike
    assert likeness(replace(STONE, **other), STONE) == alike


def test_three_grades_apart_say_nothing() -> None:
    lowest, highest = replace(STONE, grade="commercial"), replace(STONE, grade="extra_fine")
    assert likeness(lowest, highest) == 0
    assert likeness(lowest, replace(STONE, grade="fine")) == 0
    assert likeness(replace(STONE, grade=None), replace(STONE, grade=None)) == 0


def test_a_parcel_is_what_it_is_called_and_else_told_by_its_pieces() -> None:
    assert parcel_of(STONE) == "single"
    assert parcel_of(replace(STONE, pieces=2)) == "sorted"
    for parcel in PARCELS:
        assert parcel_of(replace(STONE, pieces=2, parcel=parcel)) == parcel
        for other in PARCELS:
            lots = replace(STONE, pieces=3, parcel=parcel), replace(STONE, pieces=3, parcel=other)
            assert (likeness(*lots) == 1) is (parcel == other)


def test_a_sale_of_other_goods_is_not_mentioned() -> None:
    assert select(sale(1, description=replace(STONE, variety="spinel"), is_related=True)) == Selection((), ())


def test_a_sale_counts_less_when_older_or_less_alike() -> None:
    def weight(**changes: Any) -> Fraction:
        return select(sale(1, **changes)).prices[0].weight

    assert weight() == 1
    assert weight(sold_on=ON - timedelta(days=365)) == Fraction(1, 2)
    assert weight(sold_on=ON - timedelta(days=1)) == Fraction(365, 366)
    assert weight(description=replace(STONE, origin_country="KE"), sold_on=ON - timedelta(days=365)) == Fraction(2, 5)


@given(count=st.integers(0, 30), seed=st.integers(0, 1000))
def test_the_order_in_which_sales_come_does_not_matter(count: int, seed: int) -> None:
    chance = random.Random(seed)
    sales = [
        sale(number, chance.randint(1, 9), buyer=f"b{chance.randint(1, 6)}", seller=f"s{chance.randint(1, 4)}",
             sold_on=ON - timedelta(days=chance.randint(0, 800)), is_disputed=chance.random() < 0.1)
        for number in range(count)
    ]  # fmt: skip
    there = select(*sales)
    chance.shuffle(sales)
    assert select(*sales) == there
    assert len(there.prices) + sum(found.count for found in there.set_aside) == count


def test_kish_counts_equal_sales_as_themselves_and_a_heavy_one_as_little_more_than_one() -> None:
    assert effective_number([]) == 0
    assert effective_number([price(1, weight=Fraction(1, 7))]) == 1
    assert effective_number([price(number, weight=Fraction(2, 3)) for number in range(8)]) == 8
    # weights 3, 1: (3 + 1)² ÷ (9 + 1) = 1.6
    assert effective_number([price(1, weight=Fraction(3, 2)), price(2, weight=Fraction(1, 2))]) == Fraction(8, 5)


def test_sales_are_drawn_toward_the_book_by_how_little_they_say() -> None:
    found = Quartiles(Fraction(100), Fraction(200), Fraction(300))
    ten = [price(number) for number in range(10)]
    # ten equal sales against a book that counts as ten: half way to 400.00, 950.00, 1,500.00
    half = Quartiles(Fraction(20_050), Fraction(47_600), Fraction(75_150))
    assert toward_book(found, prices=ten, band=BAND) == half
    assert toward_book(found, prices=ten, band=None) == found
    # thirty: three quarters of 100 and a quarter of 40,000
    assert toward_book(found, prices=[price(number) for number in range(30)], band=BAND).low == 10_075
    assert toward_book(found, prices=[], band=BAND) == Quartiles(Fraction(40_000), Fraction(95_000), Fraction(150_000))


def test_there_is_no_jump_at_twenty_sales() -> None:
    found = Quartiles(Fraction(0), Fraction(0), Fraction(0))
    lows = [toward_book(found, prices=[price(n) for n in range(count)], band=BAND).low for count in range(17, 24)]
    # 40,000 × 10 ÷ (n + 10): each sale more takes less off than the one before
    assert lows == [Fraction(400_000, count + 10) for count in range(17, 24)]


@given(weights=st.lists(st.integers(1, 1000), min_size=1, max_size=30), added=st.integers(1, 1000))
def test_the_evidence_moves_little_when_a_sale_gains_little_weight(weights: list[int], added: int) -> None:
    prices = [price(number, weight=Fraction(weight)) for number, weight in enumerate(weights)]
    nudged = [*prices, price(99, weight=Fraction(added, 10**9))]
    assert 1 <= effective_number(prices) <= len(prices)
    assert abs(effective_number(nudged) - effective_number(prices)) < Fraction(1, 10**3)
