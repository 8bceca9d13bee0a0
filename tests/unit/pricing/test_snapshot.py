"""A stored snapshot is read strictly, told apart from what it should be, and shown without anybody's order."""

import json
from copy import deepcopy
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from marketplace.core.money import Money
from marketplace.pricing.comparables import SetAside, WeightedPrice
from marketplace.pricing.description import LotDescription
from marketplace.pricing.gems import Band
from marketplace.pricing.guidance import (
    GuidanceInputs,
    SnapshotRefused,
    compute,
    differences,
    inputs_of,
    recompute,
    steps_of,
    without_orders,
)
from marketplace.pricing.rates import RateAsOf

ON = date(2026, 9, 29)
RATE = RateAsOf("rate-1", "XAU/USD", Decimal("4129.10045482"), ON, "currency-api", "CC0-1.0")
GOLD = LotDescription("gold", "dore", "TZ", 250_000, fineness_permille=Decimal("916.7"), fineness_method="xrf")
RUBIES = LotDescription("gem", "cut", "TZ", 600, pieces=2, variety="ruby", treatment="H", grade="good", parcel="sorted")
BAND = Band("b", "ruby", "cut", "good", Decimal(1), Decimal(2), 40_000, 150_000, treatment="H", dated=ON)
PRICES = tuple(
    WeightedPrice(f"OR-{name}", ON - timedelta(days=place), Fraction(100_000 + place % 2, 3), Fraction(1, 1 + place))
    for place, name in enumerate("QWERTY")
)


def stored(inputs: GuidanceInputs) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(compute(inputs).snapshot()))
    return found


def of_gold() -> dict[str, Any]:
    return stored(GuidanceInputs(GOLD, on=ON, rate=RATE))


def of_stones() -> dict[str, Any]:
    return stored(
        GuidanceInputs(
            RUBIES, on=ON, band=BAND, edition=3, prices=PRICES, set_aside=(SetAside("disputed", 2),)
        )
    )  # fmt: skip


def test_a_snapshot_holds_range_piece_and_carat_and_reads_back() -> None:
    found = of_stones()

    assert found["formula_version"] == "2"
    assert found["inputs"]["set_aside"] == [{"reason": "disputed", "count": 2}]
    assert found["inputs"]["description"]["parcel"] == "sorted"
    assert found["inputs"]["prices"][0]["weight"] == "1/1"
    assert set(found["result"]["per_piece"]) == set(found["result"]["per_carat"]) == {"low", "middle", "high"}
    assert inputs_of(found).prices == PRICES
    assert recompute(found).snapshot() == found
    assert differences(found) == differences(of_gold()) == ()


def test_what_differs_is_named_with_its_place() -> None:
    touched = of_gold()
    touched["result"]["middle"]["minor"] += 1
    touched["working"][0]["text"] = "A rate of ours."
    touched["result"]["note"] = "x"

    right = of_gold()["result"]["middle"]["minor"]
    assert differences(touched) == (
        f"result.middle.minor: stored {right + 1}, computed {right}",
        "result.note: stored 'x', computed None",
        "working[0].text: stored 'A rate of ours.', computed "
        "'Reference rate: %(rate)s US dollars a troy ounce of fine gold, on %(date)s, from %(source)s.'",
    )
    with pytest.raises(SnapshotRefused, match="not what its inputs give"):
        recompute(touched)


def test_a_step_too_few_is_a_difference() -> None:
    cut = of_gold()
    cut["working"].pop()

    assert len(differences(cut)) == 1
    assert differences(cut)[0].startswith("working: stored [")


@pytest.mark.parametrize("version", ["0", "3", None, ""])
def test_an_unknown_formula_is_a_difference(version: str | None) -> None:
    found = {**of_gold(), "formula_version": version}

    assert differences(found) == (f"made by formula {str(version)!r}; known are 1, 2",)
    with pytest.raises(SnapshotRefused, match="made by formula"):
        recompute(found)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("inputs",), None),
        (("inputs",), []),
        (("inputs", "description"), None),
        (("inputs", "description", "weight_mg"), "250000"),
        (("inputs", "description", "weight_mg"), True),
        (("inputs", "description", "weight_mg"), 0),
        (("inputs", "description", "kind"), "silver"),
        (("inputs", "description", "fineness_permille"), "many"),
        (("inputs", "description", "fineness_permille"), 916.7),
        (("inputs", "description", "fineness_permille"), "NaN"),
        (("inputs", "description", "fineness_permille"), "2000"),
        (("inputs", "rate", "value"), "-1"),
        (("inputs", "rate", "observed_on"), "2026-09-31"),
        (("inputs", "rate", "observed_on"), "2026-09-30"),
        (("inputs", "rate", "observed_on"), 20260929),
        (("inputs", "rate", "colour"), "yellow"),
        (("inputs", "prices"), {}),
        (("inputs", "prices"), [{"reference": "a", "sold_on": "2026-09-01", "minor_per_ct": "1/0", "weight": "1"}]),
        (("inputs", "standard"), {"code": "X", "premium_kind": "by_mood"}),
        (("inputs", "on"), None),
    ],
)
def test_inputs_that_cannot_be_read_are_refused_and_never_guessed(place: tuple[str, ...], value: object) -> None:
    touched: Any = of_gold()
    inner = touched
    for name in place[:-1]:
        inner = inner[name]
    inner[place[-1]] = value

    assert len(differences(touched)) == 1
    with pytest.raises(SnapshotRefused):
        recompute(touched)


def test_an_empty_snapshot_is_refused() -> None:
    with pytest.raises(SnapshotRefused):
        recompute({})
    with pytest.raises(SnapshotRefused, match="cannot be read"):
        inputs_of({})


def test_the_working_is_read_back_as_amounts_numbers_and_days() -> None:
    first, *_others = steps_of(of_gold())
    assert dict(first.params) == {"rate": Decimal("4129.10045482"), "date": ON, "source": "currency-api"}
    assert [dict(step.params) for step in steps_of(of_gold())][3] == {"value": Money(3_042_382, "USD")}
    assert steps_of({}) == ()
    assert dict(steps_of({"working": [{"text": "a", "params": {"n": 5, "x": "-1.50", "y": "1.2.3", "z": "9" * 5}}]})[
        0
    ].params) == {"n": 5, "x": Decimal("-1.50"), "y": "1.2.3", "z": Decimal(99999)}  # fmt: skip
    assert steps_of({"working": [{"text": "a", "params": None}]})[0].params == {}


def test_everybody_may_recompute_a_snapshot_without_learning_the_orders_behind_it() -> None:
    private = of_stones()
    before = deepcopy(private)
    public = without_orders(private)

    # sorted by name: E, Q, R, T, W, Y
    assert [price["reference"] for price in public["inputs"]["prices"]] == [
        "sale-002", "sale-005", "sale-001", "sale-003", "sale-004", "sale-006",
    ]  # fmt: skip
    assert "OR-" not in json.dumps(public)
    assert private == before
    assert public["result"] == private["result"]
    assert recompute(public).per_lot == recompute(private).per_lot
    assert differences(public) == ()
    assert without_orders({"result": {}}) == {"result": {}, "inputs": {"prices": []}}


def test_a_snapshot_of_a_verified_band_says_so() -> None:
    found = compute(GuidanceInputs(RUBIES, on=ON, band=replace(BAND, evidence="verified"), edition=3))
    assert found.unverified is False
