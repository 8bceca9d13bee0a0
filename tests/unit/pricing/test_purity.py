"""The water test, worked by hand."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.pricing.purity import ReadingRefused, water_density, water_test


def test_the_worked_example_of_250_grams() -> None:
    # loss 13.80 g: 250 ÷ 13.80 × 0.99705 = 18.0625 g/cm³
    # silver: 19.32 × (18.0625 - 10.49) ÷ (18.0625 × 8.83) = 0.9173; copper: 19.32 × 9.1025 ÷ (18.0625 × 10.36) = 0.9398
    found = water_test(Decimal("250.00"), Decimal("236.20"))
    assert found.density == Decimal("18.0625")
    assert (found.all_silver, found.half, found.all_copper) == (917, 930, 940)
    # one hundredth of a gram more or less of loss: 13.81 and silver 0.9164, 13.79 and copper 0.9404
    assert (found.low, found.high) == (916, 940)


def test_a_small_piece_on_the_same_balance_is_known_far_less_well() -> None:
    # 5.00 g, loss 0.28 ± 0.01: 0.29 with silver gives 853, 0.27 with copper 960
    found = water_test(Decimal("5.00"), Decimal("4.72"))
    assert (found.low, found.high) == (853, 960)
    better = water_test(Decimal("5.00"), Decimal("4.72"), resolution_g=Decimal("0.001"))
    assert found.low < better.low <= better.high < found.high


def test_a_resolution_as_large_as_the_loss_leaves_the_high_end_open() -> None:
    # 0.18 g with a loss of 0.01 is 17.9 g/cm³; with a loss of 0.00 it would be endless: gold is the most it can be
    found = water_test(Decimal("0.18"), Decimal("0.17"), resolution_g=Decimal("0.01"))
    assert (found.low, found.high) == (0, 1000)


@pytest.mark.parametrize(
    ("celsius", "density"),
    [("25", "0.99705"), ("20", "0.99821"), ("0", "0.99984"), ("40", "0.99222"), ("22.5", "0.99763")],
)
def test_the_density_of_water_at_a_temperature(celsius: str, density: str) -> None:
    assert water_density(Decimal(celsius)) == Fraction(density)


@pytest.mark.parametrize(
    ("air", "water", "celsius", "answer"),
    [
        ("0", "0", "25", "above zero"),
        ("NaN", "1", "25", "above zero"),
        ("10", "-1", "25", "above zero"),
        ("10", "0", "25", "above zero"),
        ("9", "10", "25", "wrong way round"),
        ("10", "10", "25", "wrong way round"),
        ("10.00", "9.60", "25", "heavier than pure gold"),  # 24.9 g/cm³
        ("10.00", "9.00", "25", "lighter than silver"),  # 9.97 g/cm³
        ("10.00", "9.45", "41", "between 0 and 40"),
        ("10.00", "9.45", "-1", "between 0 and 40"),
    ],
)
def test_readings_that_cannot_be_gold_are_refused_with_the_likely_cause(
    air: str, water: str, celsius: str, answer: str
) -> None:
    with pytest.raises(ReadingRefused, match=answer):
        water_test(Decimal(air), Decimal(water), celsius=Decimal(celsius))


def test_a_balance_without_a_resolution_is_refused() -> None:
    with pytest.raises(ReadingRefused):
        water_test(Decimal(10), Decimal("9.45"), resolution_g=Decimal(0))


@given(loss=st.integers(524, 940).map(lambda milligrams: Decimal(milligrams) / 1000))
def test_the_range_always_holds_every_alloy(loss: Decimal) -> None:
    found = water_test(Decimal(10), Decimal(10) - loss)
    assert 0 <= found.low <= found.all_silver <= found.half <= found.all_copper <= found.high <= 1000
