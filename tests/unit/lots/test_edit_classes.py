"""What a change of an approved lot means: each field, each limit, and the worst class of all."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.lots.edit_classes import (
    CLASS_LABELS,
    COSMETIC,
    IDENTITY,
    MATERIAL,
    MEANINGS,
    Edit,
    EditClass,
    class_of,
    edits,
    is_small_correction,
    worst,
)
from marketplace.lots.versions import PhotoFacts, content_of
from tests.unit.lots.test_versions import FACTS

APPROVED = content_of(FACTS)
FRONT, SIDE = APPROVED["photos"]


def changed(**fields: Any) -> dict[str, Any]:
    return {**APPROVED, **fields}


def priced(**amounts: Any) -> dict[str, Any]:
    price = {**APPROVED["price"], "price_minor": 100_000, "net_minor": 90_000}
    return changed(price={**price, **amounts})


def test_an_equal_version_is_a_correction_of_nothing() -> None:
    assert edits(APPROVED, dict(APPROVED)) == ()
    assert class_of(APPROVED, dict(APPROVED)) is COSMETIC


@pytest.mark.parametrize(
    ("field", "value", "means"),
    [
        ("weight_unit", "g", COSMETIC),
        ("colour", "Violet  Blue", COSMETIC),
        ("colour", "violet blu", IDENTITY),
        ("colour", None, IDENTITY),
        ("dimensions", "9 X 8 x 6", COSMETIC),
        ("dimensions", "9 x 8 x 7", IDENTITY),
        ("group", "Market  day", COSMETIC),
        ("group", "Makret day", COSMETIC),
        ("group", "Another day", MATERIAL),
        ("group", None, MATERIAL),
        ("reason_for_price", "A claen crystal.", COSMETIC),
        ("reason_for_price", "Clean.", MATERIAL),
        ("parts", {"least_mg": 100}, MATERIAL),
        ("miners", 7, MATERIAL),
        ("miners_women", 5, MATERIAL),
        ("variety", "ruby", IDENTITY),
        ("treatment", "H", IDENTITY),
        ("weight_mg", 685, IDENTITY),
        ("site_reference", "TZ-OTHER", IDENTITY),
        ("mined_to", "2026-08-21", IDENTITY),
        ("report_number", "GL-1", IDENTITY),
        ("tag_number", "TZ-1", IDENTITY),
        ("title", "Ruby", IDENTITY),
        ("a_field_of_tomorrow", "x", IDENTITY),
        ("photos", [SIDE, FRONT], COSMETIC),
        ("photos", [{**FRONT, "slot": "side"}, {**SIDE, "slot": "front"}], COSMETIC),
        ("photos", [FRONT, SIDE, {**SIDE, "sha256": "c" * 64}], MATERIAL),
        ("photos", [FRONT], IDENTITY),
        ("photos", [FRONT, {**SIDE, "sha256": "c" * 64}], IDENTITY),
        ("photos", [FRONT, {**FRONT, "slot": "side"}, {**SIDE, "sha256": "c" * 64}], IDENTITY),
        ("photos", None, IDENTITY),
        ("price", None, IDENTITY),
        ("cooperative", {**APPROVED["cooperative"], "name": "Mama Madini Group"}, MATERIAL),
        ("cooperative", {**APPROVED["cooperative"], "women_led": False}, MATERIAL),
        ("cooperative", {**APPROVED["cooperative"], "reference": "TZ-OTHER"}, IDENTITY),
        ("cooperative", {**APPROVED["cooperative"], "new": 1}, IDENTITY),
        ("cooperative", "Mama Madini", IDENTITY),
    ],
)
def test_each_field_has_its_class(field: str, value: object, means: EditClass) -> None:
    assert edits(APPROVED, changed(**{field: value})) == (Edit(field, means),)


def test_a_first_photo_after_none_is_one_more() -> None:
    assert class_of(changed(photos=None), APPROVED) is MATERIAL


def test_a_seller_or_a_price_that_was_not_told_before_is_another_one() -> None:
    assert class_of(changed(cooperative=None), APPROVED) is IDENTITY
    assert class_of(changed(price=None), APPROVED) is IDENTITY
    assert class_of(changed(colour=None), APPROVED) is IDENTITY
    assert class_of(changed(group=None), APPROVED) is MATERIAL


def test_other_scripts_fold_differently_elsewhere_so_only_plain_letters_are_small() -> None:
    before = changed(colour="Bläulich")
    assert class_of(before, {**before, "colour": "bläulich"}) is IDENTITY


@pytest.mark.parametrize(
    ("amounts", "means"),
    [
        ({"price_minor": 100_001}, MATERIAL),
        ({"price_minor": 110_000}, MATERIAL),
        ({"price_minor": 110_001}, IDENTITY),
        ({"price_minor": 90_000}, MATERIAL),
        ({"price_minor": 89_999}, IDENTITY),
        ({"net_minor": 99_000}, MATERIAL),
        ({"net_minor": 99_001}, IDENTITY),
        ({"net_minor": 81_000}, MATERIAL),
        ({"net_minor": 80_999}, IDENTITY),
        ({"net_minor": None}, IDENTITY),
        ({"price_minor": "100000"}, IDENTITY),
        ({"gross_minor": 1}, MATERIAL),
        ({"lines": []}, MATERIAL),
        ({"currency": "EUR"}, IDENTITY),
        ({"valuations_minor": {"government": 1, "independent": None}}, IDENTITY),
        ({"exported_mg": 1}, IDENTITY),
        ({"new": 1}, IDENTITY),
    ],
)
def test_a_tenth_of_the_price_is_material_and_more_is_identity(amounts: dict[str, Any], means: EditClass) -> None:
    assert class_of(priced(), priced(**amounts)) is means


def test_the_worst_class_wins_whatever_the_order() -> None:
    assert worst(()) is COSMETIC
    assert worst((Edit("a", COSMETIC), Edit("b", MATERIAL))) is MATERIAL
    assert worst((Edit("a", IDENTITY), Edit("b", MATERIAL), Edit("c", COSMETIC))) is IDENTITY
    assert class_of(APPROVED, changed(weight_unit="g", miners=7)) is MATERIAL


def test_the_fields_are_named_in_order() -> None:
    both = changed(weight_unit="g", miners=7, treatment="H")
    assert [each.field for each in edits(APPROVED, both)] == ["miners", "treatment", "weight_unit"]


@pytest.mark.parametrize(
    ("before", "after", "is_small"),
    [
        ("clean stone", "clean stone", True),
        ("clean stone", "CLEAN   stone ", True),
        ("claen stone", "clean stone", True),
        ("clen stone", "clean stone", True),
        ("cleaan stone", "clean stone", True),
        ("clein stone", "clean stone", True),
        ("ston", "stone", True),
        ("stone", "ston", True),
        ("tone", "stone", True),
        ("stnoe", "stone", True),
        ("abcd", "abdc", True),
        ("abcd", "acdb", False),
        ("abcde", "abxyz", False),
        ("abc stone", "abd stone", False),
        ("abcx stone", "abc stone", False),
        ("not sold", "now sold", False),
        ("untreated", "treated", False),
        ("mined in 2024", "mined in 2025", False),
        ("bag A123", "bag A124", False),
        ("one word", "one more word", False),
        ("aaaa bbbb cccc dddd", "aaax bbbx cccx dddd", True),
        ("aaaa bbbb cccc dddd", "aaax bbbx cccx dddx", False),
        ("stone", "stonexy", False),
        ("stonexy", "stone", False),
        ("", "", True),
    ],
)
def test_a_slip_of_the_fingers_is_small(before: str, after: str, is_small: bool) -> None:
    assert is_small_correction(before, after) is is_small


@given(st.text(alphabet="abcdefgh ", max_size=40), st.text(alphabet="abcdefgh ", max_size=40))
def test_a_slip_is_one_in_both_directions(before: str, after: str) -> None:
    assert is_small_correction(before, after) == is_small_correction(after, before)


@given(st.sampled_from(sorted({*APPROVED} - {"photos"})), st.one_of(st.none(), st.integers(), st.text(max_size=8)))
def test_no_change_of_any_field_is_overlooked(field: str, value: object) -> None:
    names = [each.field for each in edits(APPROVED, changed(**{field: value}))]
    assert names == ([] if APPROVED[field] == value else [field])


def test_every_class_is_told_in_words() -> None:
    assert set(CLASS_LABELS) == set(MEANINGS) == set(EditClass)
    assert [str(each) for each in EditClass] == ["cosmetic", "material", "identity"]


def test_another_photo_of_a_real_version_is_identity() -> None:
    other = content_of(replace(FACTS, photos=(*FACTS.photos[:1], PhotoFacts("side", "c" * 64, 1600, 1200))))
    assert class_of(APPROVED, other) is IDENTITY
