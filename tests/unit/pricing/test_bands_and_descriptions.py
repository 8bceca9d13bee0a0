"""A band and a description at their limits, and what they say when they describe nothing."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from marketplace.pricing.description import LotDescription
from marketplace.pricing.gems import Band, band_for, for_the_lot

STONE = LotDescription("gem", "cut", "TZ", 300, variety="ruby", treatment="H", grade="good")
BAND = Band("1", "ruby", "cut", "good", Decimal(1), Decimal(2), 40_000, 150_001)
PRICES, WEIGHTS = "a band runs from a price above zero to one not below it", "a band covers some weight"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"low_minor_per_ct": 0}, PRICES), ({"low_minor_per_ct": -1}, PRICES), ({"high_minor_per_ct": 39_999}, PRICES),
        ({"weight_to_ct": Decimal(1)}, WEIGHTS), ({"weight_to_ct": Decimal("0.9")}, WEIGHTS),
        ({"weight_from_ct": Decimal("-0.001")}, WEIGHTS),
    ],
)  # fmt: skip
def test_a_band_that_says_nothing_is_refused_by_name(wrong: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match="band") as error:
        replace(BAND, **wrong)
    assert str(error.value) == words


def test_a_band_may_be_one_price_a_cent_and_begin_at_nothing() -> None:
    assert replace(BAND, low_minor_per_ct=1, high_minor_per_ct=1).middle_minor_per_ct == 1
    tiny = replace(BAND, weight_from_ct=Decimal(0), weight_to_ct=Decimal("0.5"))
    assert band_for(replace(STONE, weight_mg=1), [tiny]) == tiny
    assert band_for(replace(STONE, weight_mg=99), [tiny]) == tiny
    assert band_for(replace(STONE, weight_mg=100), [tiny]) is None


def test_the_middle_of_a_band_is_exact() -> None:
    assert BAND.middle_minor_per_ct == Fraction(190_001, 2)


@pytest.mark.parametrize(("evidence", "is_verified"), [("verified", True), ("unverified", False), ("memory", False)])
def test_only_verified_bands_are_verified(evidence: str, is_verified: bool) -> None:
    assert replace(BAND, evidence=evidence).is_verified is is_verified
    assert not BAND.is_verified


def test_among_bands_that_fit_alike_the_one_with_the_last_id_counts() -> None:
    one, two = replace(BAND, id="a"), replace(BAND, id="b")
    assert band_for(STONE, [two, one]) == two
    assert band_for(STONE, [one, two]) == two
    assert band_for(STONE, []) is None


def test_a_named_treatment_counts_more_than_a_named_origin() -> None:
    treated, local = replace(BAND, id="a", treatment="H"), replace(BAND, id="b", origin="TZ")
    assert band_for(STONE, [treated, local]) == treated
    assert band_for(replace(STONE, origin_country="KE"), [local]) is None
    assert band_for(replace(STONE, treatment=None), [treated]) is None


@pytest.mark.parametrize("treatment", ["N", "E", "H", "R", "UNK", None])
def test_the_usual_treatments_and_an_unknown_one_fit_a_band_that_names_none(treatment: str | None) -> None:
    assert band_for(replace(STONE, treatment=treatment), [BAND]) == BAND


@pytest.mark.parametrize("treatment", ["F", "D", "DIFF", "C", "", "X"])
def test_any_other_treatment_does_not(treatment: str) -> None:
    assert band_for(replace(STONE, treatment=treatment), [BAND]) is None


def test_the_value_of_a_lot_is_rounded_once_half_to_even() -> None:
    # 1 cent a carat: half a carat is half a cent, to the even 0; 1.5 carats are 1.5 cents, to the even 2.
    assert [for_the_lot(1, weight_mg).minor for weight_mg in (100, 101, 300, 500)] == [0, 1, 2, 2]
    assert for_the_lot(Fraction(1, 3), 600).minor == 1
    assert for_the_lot(1, 200).currency == "USD"


WEIGHT, PIECES = "the weight is a whole number of milligrams above zero", "a lot holds at least one piece"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"kind": "silver"}, "unknown kind of goods: 'silver'"),
        ({"weight_mg": 0}, WEIGHT), ({"weight_mg": -1}, WEIGHT),
        ({"weight_mg": True}, WEIGHT), ({"weight_mg": 1.0}, WEIGHT), ({"pieces": 0}, PIECES),
        ({"pieces": True}, PIECES), ({"pieces": 1.0}, PIECES),
    ],
)  # fmt: skip
def test_a_description_that_describes_nothing_is_refused_by_name(wrong: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=r".") as error:
        replace(STONE, **wrong)
    assert str(error.value) == words


def test_a_milligram_is_something_and_carats_are_exact() -> None:
    assert str(replace(STONE, weight_mg=1, pieces=1).carats) == "0.005"
    assert str(replace(STONE, weight_mg=201).carats) == "1.005"


@pytest.mark.parametrize(
    ("kind", "variety", "commodity"),
    [("gold", "diamond", "gold"), ("gem", None, "gemstone"), ("gem", "diamond", "diamond"), ("gem", "x", "gemstone")],
)
def test_goods_have_the_word_of_the_law(kind: Any, variety: str | None, commodity: str) -> None:
    assert LotDescription(kind, "rough", "TZ", 1, variety=variety).commodity == commodity


def test_the_day_of_a_band_is_kept() -> None:
    assert replace(BAND, dated=date(2026, 1, 1)).dated == date(2026, 1, 1)
