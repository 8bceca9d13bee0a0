"""The price book and quartiles: bands chosen, never interpolated."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.money import Money
from marketplace.pricing.comparables import (
    Quartiles,
    WeightedPrice,
    drawn_to_book,
    months_before,
    quartiles,
)
from marketplace.pricing.description import LotDescription
from marketplace.pricing.gems import Band, band_for, for_the_lot

ON = date(2026, 9, 29)
STONE = LotDescription("gem", "cut", "TZ", 300, variety="ruby", treatment="H", grade="good")  # 1.5 ct


def band(**changes: Any) -> Band:
    usual = Band("1", "ruby", "cut", "good", Decimal(1), Decimal(2), 40_000, 150_000)
    return replace(usual, **changes)


@pytest.mark.parametrize(
    ("weight_mg", "pieces", "fits"),
    [
        (200, 1, True),
        (398, 1, True),
        (399, 1, True),
        (400, 1, False),
        (199, 1, False),
        (2000, 5, False),
        (1500, 5, True),
    ],
)
def test_a_band_covers_the_average_stone_from_its_first_up_to_its_last_carat(
    weight_mg: int, pieces: int, fits: bool
) -> None:
    found = band_for(replace(STONE, weight_mg=weight_mg, pieces=pieces), [band()])
    assert (found is not None) is fits


@pytest.mark.parametrize("other", [{"variety": "spinel"}, {"form": "rough"}, {"grade": "fine"}, {"grade": None}])
def test_another_variety_form_or_grade_has_another_band(other: dict[str, Any]) -> None:
    assert band_for(replace(STONE, **other), [band()]) is None


@pytest.mark.parametrize(("treatment", "fits"), [("H", True), (None, True), ("UNK", True), ("F", False), ("D", False)])
def test_a_band_without_a_treatment_never_speaks_for_a_filled_or_dyed_stone(treatment: str | None, fits: bool) -> None:
    assert (band_for(replace(STONE, treatment=treatment), [band()]) is not None) is fits


def test_the_band_that_names_treatment_and_origin_goes_before_the_general_one() -> None:
    general, treated = band(id="9"), band(id="2", treatment="H")
    from_tanzania, from_kenya = band(id="3", treatment="H", origin="TZ"), band(id="4", treatment="H", origin="KE")
    assert band_for(STONE, [general]) == general
    assert band_for(STONE, [general, treated]) == treated
    assert band_for(STONE, [general, from_kenya, from_tanzania, treated]) == from_tanzania
    assert band_for(replace(STONE, treatment="N"), [treated]) is None


@pytest.mark.parametrize("wrong", [{"low_minor_per_ct": 0}, {"high_minor_per_ct": 1}, {"weight_to_ct": Decimal(1)}])
def test_a_band_that_says_nothing_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="band"):
        band(**wrong)


def test_the_value_of_a_lot_is_its_carats_at_the_price() -> None:
    assert for_the_lot(40_000, 300) == Money(60_000, "USD")  # 1.5 ct × 400.00
    assert for_the_lot(Fraction(1), 300) == Money(2, "USD")  # 1.5 cents: half to even


def test_few_sales_are_drawn_toward_the_price_book() -> None:
    found = Quartiles(Fraction(100), Fraction(200), Fraction(300))
    # 10 sales and a book that counts as 10: half way to 400.00, 950.00, 1,500.00
    drawn = drawn_to_book(found, count=10, band=band())
    assert drawn == Quartiles(Fraction(20_050), Fraction(47_600), Fraction(75_150))
    assert drawn_to_book(found, count=20, band=band()) == found
    assert drawn_to_book(found, count=5, band=None) == found


def test_a_quantile_that_falls_between_two_prices_is_half_way() -> None:
    prices = [WeightedPrice(str(number), ON, Fraction(number), Fraction(1)) for number in range(1, 9)]
    # eight equal weights: a quarter is reached exactly after the 2nd, the half after the 4th
    assert quartiles(prices) == Quartiles(Fraction(5, 2), Fraction(9, 2), Fraction(13, 2))


@pytest.mark.parametrize(
    ("on", "months", "before"),
    [
        (date(2026, 9, 29), 24, date(2024, 9, 29)), (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 24, date(2022, 2, 28)), (date(2026, 1, 15), 1, date(2025, 12, 15)),
    ],
)  # fmt: skip
def test_months_before_a_day(on: date, months: int, before: date) -> None:
    assert months_before(on, months) == before


@given(values=st.lists(st.tuples(st.integers(1, 10**6), st.integers(1, 100)), min_size=5, max_size=30))
def test_quartiles_are_in_order_and_within_the_prices(values: list[tuple[int, int]]) -> None:
    prices = [
        WeightedPrice(str(place), ON, Fraction(value), Fraction(weight, 100))
        for place, (value, weight) in enumerate(values)
    ]
    found = quartiles(prices)
    assert found is not None
    assert min(values)[0] <= found.low <= found.middle <= found.high <= max(values)[0]


@pytest.mark.parametrize(
    "wrong", [{"kind": "silver"}, {"weight_mg": 0}, {"weight_mg": True}, {"weight_mg": 1.5}, {"pieces": 0}]
)
def test_a_description_that_describes_nothing_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"kind|weight|piece"):
        replace(STONE, **wrong)


@pytest.mark.parametrize(
    ("kind", "variety", "commodity"),
    [("gold", None, "gold"), ("gem", "ruby", "gemstone"), ("gem", "diamond", "diamond")],
)
def test_the_rules_of_countries_call_goods_gold_gemstone_or_diamond(
    kind: Any, variety: str | None, commodity: str
) -> None:
    assert LotDescription(kind, "rough", "TZ", 1, variety=variety).commodity == commodity
