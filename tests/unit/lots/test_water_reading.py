"""The weights of gold in water inside a listing: read strictly, and holding the fineness to what they allow."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from marketplace.compliance.answers import Answers
from marketplace.core.errors import InvalidInput
from marketplace.lots.answers import GoldQuality, read_quality
from marketplace.lots.answers.water import WATER_FIELDS, WaterReading, has_weights, read_water
from marketplace.lots.asking import describe
from marketplace.lots.differences import difference
from marketplace.lots.draft import FIELDS, DraftAnswers, Surroundings, read_draft, weighed_in
from marketplace.lots.versions import content_of, digest_of
from tests.builders.lots import GOLD
from tests.unit.lots.test_versions import GOLD as GOLD_FACTS

WEIGHTS = {"weight_in_air": "250,00", "weight_in_water": "236.20", "balance_step": "0.01", "water_celsius": "25"}
TYPED = {**GOLD["quality"], "fineness": "920", "fineness_method": "water_test", "report_number": "", **WEIGHTS}

AROUND = Surroundings(date(2026, 9, 29), frozenset({"TZ-SITE"}), frozenset({"USD"}))


def quality(**typed: str) -> GoldQuality:
    """Read a gold quality whose other answers are right."""
    found = read_quality({**TYPED, **typed}, kind="gold")
    assert isinstance(found, GoldQuality)
    return found


def refused(**typed: str) -> dict[str, str]:
    """Return what is refused, by field, with its words."""
    with pytest.raises(InvalidInput) as error:
        quality(**typed)
    found = error.value.fields.items()
    return {name: each.message % each.params if each.params else each.message for name, each in found}


def water(**typed: str) -> WaterReading:
    """Return the reading of a right answer."""
    found = quality(**typed).water
    assert found is not None
    return found


def test_the_weights_are_kept_as_read_and_give_the_range() -> None:
    found = water()

    assert (found.air_g, found.water_g, found.step_g, found.celsius) == (
        Decimal("250.00"), Decimal("236.20"), Decimal("0.01"), Decimal(25),
    )  # fmt: skip
    # 0.9164 down and 0.9404 up; see the unit tests of the water test
    assert (found.low_permille, found.high_permille) == (916, 941)
    assert found.kept() == {
        "air_g": "250.00", "water_g": "236.20", "step_g": "0.01", "celsius": "25", "density": "18.0625",
        "low_permille": 916, "high_permille": 941,
    }  # fmt: skip


def test_an_empty_fineness_becomes_the_middle() -> None:
    assert quality(fineness="").fineness_permille == Decimal(930)


@pytest.mark.parametrize(("typed", "is_refused"), [("916", False), ("915.9", True), ("941", False), ("941.1", True)])
def test_a_fineness_outside_the_range_is_refused_with_the_range(typed: str, is_refused: bool) -> None:
    if is_refused:
        assert refused(fineness=typed) == {
            "fineness": "By the weights in water it is 916 to 941 ‰. Check the fineness, or weigh again."
        }
    else:
        assert quality(fineness=typed).fineness_permille == Decimal(typed)


def test_a_fineness_that_is_no_number_says_so_first() -> None:
    assert refused(fineness="pure") == {"fineness": "Enter the fineness as 916, 91.6 % or 22 kt."}


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"weight_in_air": ""}, {"weight_in_air": "Enter the weight in air, in grams."}),
        ({"weight_in_water": ""}, {"weight_in_water": "Enter the weight in water, in grams."}),
        ({"weight_in_air": "x"}, {"weight_in_air": "Enter a number with digits only, such as 3.42."}),
        ({"balance_step": ""}, {"balance_step": "Choose the smallest step of your balance."}),
        ({"balance_step": "0.5"}, {"balance_step": "Choose the smallest step of your balance."}),
        ({"water_celsius": "41"}, {"water_celsius": "The water should be between 0 and 40 degrees Celsius."}),
        (
            {"water_celsius": "hot"},
            {"water_celsius": "Enter the temperature of the water in degrees Celsius, such as 25."},
        ),
        (
            {"weight_in_air": "100001"},
            {"weight_in_air": "Enter at most 100,000 grams. Weigh a large lot piece by piece."},
        ),
        (
            {"weight_in_water": "250"},
            {"weight_in_water": "The two weights are the same. Perhaps the piece is too light for this balance."},
        ),
    ],
)
def test_a_wrong_reading_is_refused_at_its_field_and_nothing_else_is(
    typed: dict[str, str], fields: dict[str, str]
) -> None:
    assert refused(**typed) == fields
    assert refused(**{"fineness": "", **typed}) == fields


@pytest.mark.parametrize(
    ("typed", "celsius"),
    [("", "25"), ("15", "15"), ("22,5", "22.5"), ("30 °C", "30"), ("30C", "30"), ("0", "0"), ("40.0", "40.0")],
)
def test_the_temperature_is_read_as_people_type_it(typed: str, celsius: str) -> None:
    assert water(water_celsius=typed).celsius == Decimal(celsius)


def test_a_step_may_be_typed_with_a_comma() -> None:
    assert water(balance_step="0,1").step_g == Decimal("0.1")


def test_a_piece_too_light_for_its_balance_bounds_widely_but_fills_nothing_in() -> None:
    light = {"weight_in_air": "4.9", "weight_in_water": "4.62"}
    assert "too light for this balance" in refused(fineness="", **light)["fineness"]
    assert quality(fineness="900", **light).fineness_permille == 900


def test_without_the_method_or_without_weights_nothing_is_measured() -> None:
    assert quality(fineness_method="touchstone").water is None
    assert quality(weight_in_air=" ", weight_in_water="").water is None
    assert "fineness" in refused(fineness="", weight_in_air="", weight_in_water="")
    assert [has_weights(typed) for typed in ({}, {"weight_in_air": "1"}, {"weight_in_water": "1"})] == [
        False, True, True,
    ]  # fmt: skip


def test_a_refusal_before_the_weights_does_not_hide_them() -> None:
    answers = Answers(WEIGHTS)
    answers.refuse("other", "Other.")
    assert read_water(answers) is not None


def test_guidance_gets_a_range_as_wide_as_the_reading() -> None:
    found = read_draft({step: {"typed": dict(typed)} for step, typed in {**GOLD, "quality": TYPED}.items()}, AROUND)
    description = describe(found, country="TZ")
    assert description is not None
    assert (description.fineness_low_permille, description.fineness_high_permille) == (916, 941)
    without = describe(replace(found, quality=quality(fineness_method="touchstone")), country="TZ")
    assert without is not None
    assert (without.fineness_low_permille, without.fineness_high_permille) == (None, None)
    assert describe(DraftAnswers(kind=found.kind), country="TZ") is None


def test_a_range_that_begins_at_nought_does_not_value_the_lot_at_nothing() -> None:
    # 0.18 g with a loss of 0.01 ± 0.01: anything
    light = {"weight_in_air": "0.18", "weight_in_water": "0.17"}
    assert water(**light).low_permille == Decimal("0.1")
    assert water(**light).high_permille == 1000


def test_the_weights_are_frozen_with_the_version_and_older_versions_stay_as_they_are() -> None:
    weighed = replace(GOLD_FACTS, quality=quality())
    content, older = content_of(weighed), content_of(GOLD_FACTS)

    assert content["water_test"] == water().kept()
    assert content["claims"]["fineness"] == "measured_by_cooperative"
    assert "water_test" not in older
    other = content_of(replace(weighed, quality=quality(weight_in_water="236.21")))
    assert digest_of(other) != digest_of(content)
    changes = {each.field: each for each in difference(content, other)}
    assert changes["water_test"].before == "250.00 g → 236.20 g (0.01 g), 25 °C: 916–941 ‰"
    assert {each.field: each.after for each in difference(content, older)}["water_test"] == ""


def test_the_draft_keeps_the_weights_and_the_live_guide_reads_them() -> None:
    assert set(WATER_FIELDS) <= set(FIELDS["quality"])
    draft: dict[str, Any] = {"quality": {"typed": {**WEIGHTS, "fineness_method": "declared"}}}

    assert weighed_in(draft, {}) is None
    found = weighed_in(draft, {"fineness_method": "water_test"})
    assert found is not None
    assert found.found.middle == 930
    assert weighed_in(draft, {"fineness_method": "water_test", "weight_in_water": "260"}) is None
    assert weighed_in({}, {"fineness_method": "water_test"}) is None


def test_before_the_form_is_known_weights_in_air_tell_that_it_is_gold() -> None:
    found = read_draft({"quality": {"typed": {**TYPED, "fineness": ""}}}, AROUND)
    assert isinstance(found.quality, GoldQuality)
