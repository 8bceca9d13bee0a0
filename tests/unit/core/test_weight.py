"""Weights are whole milligrams; the factors are exact."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.weight import HEAVIEST_MG, UnknownUnit, fine_mass_g, from_mg, to_mg


@pytest.mark.parametrize(
    ("weight", "unit", "weight_mg"),
    [
        ("3.42", "ct", 684),  # 3.42 × 200 mg
        ("0.005", "ct", 1),
        ("0.0025", "ct", 0),  # half a milligram rounds to the even 0
        ("0.0075", "ct", 2),  # one and a half rounds to the even 2
        ("250", "g", 250_000),
        ("1.2", "kg", 1_200_000),
        ("1", "ozt", 31_103),  # 31,103.4768
        ("10000", "ozt", 311_034_768),
        ("1", "tola", 11_664),  # 11,663.8038
        ("0", "g", 0),
    ],
)
def test_a_weight_becomes_whole_milligrams(weight: str, unit: str, weight_mg: int) -> None:
    assert to_mg(Decimal(weight), unit) == weight_mg


@pytest.mark.parametrize(
    ("weight_mg", "unit", "weight"),
    [
        (684, "ct", "3.42"),
        (1, "ct", "0.005"),
        (250_000, "g", "250"),
        (1, "kg", "0.000001"),
        (31_103, "ozt", "0.999985"),  # 31,103 ÷ 31,103.4768 = 0.99998467…
        (11_664, "tola", "1.000017"),  # 11,664 ÷ 11,663.8038 = 1.00001682…
    ],
)
def test_milligrams_are_shown_in_another_unit(weight_mg: int, unit: str, weight: str) -> None:
    assert str(from_mg(weight_mg, unit)) == weight


@given(weight_mg=st.integers(0, HEAVIEST_MG), unit=st.sampled_from(["g", "ct", "kg"]))
def test_milligrams_survive_a_round_trip_through_grams_carats_and_kilograms(weight_mg: int, unit: str) -> None:
    assert to_mg(from_mg(weight_mg, unit), unit) == weight_mg


@pytest.mark.parametrize("weight", ["-1", "NaN", "Infinity", "1000001"])
def test_a_weight_that_cannot_be_is_refused(weight: str) -> None:
    with pytest.raises(ValueError, match="weight"):
        to_mg(Decimal(weight), "kg")


def test_an_unknown_unit_is_refused() -> None:
    with pytest.raises(UnknownUnit):
        to_mg(Decimal(1), "lb")
    with pytest.raises(UnknownUnit):
        from_mg(1, "lb")


def test_250_grams_at_920_hold_230_grams_of_fine_gold() -> None:
    assert fine_mass_g(250_000, Decimal(920)) == Fraction(230)


@pytest.mark.parametrize("fineness", ["0", "-1", "1000.1"])
def test_a_fineness_outside_the_scale_is_refused(fineness: str) -> None:
    with pytest.raises(ValueError, match="fineness"):
        fine_mass_g(1, Decimal(fineness))
