"""Guidance answers with a range and its working, or says what is missing; a snapshot recomputes to the cent."""

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.money import CurrencyMismatch, Money
from marketplace.pricing.comparables import WeightedPrice
from marketplace.pricing.description import LotDescription
from marketplace.pricing.gems import Band
from marketplace.pricing.gold import PriceStandard
from marketplace.pricing.guidance import Guidance, GuidanceInputs, compute, recompute
from marketplace.pricing.guidance.snapshot import SnapshotRefused
from marketplace.pricing.rates import RateAsOf

ON = date(2026, 9, 29)
RATE = RateAsOf("rate-1", "XAU/USD", Decimal("4129.10045482"), ON, "currency-api", "CC0-1.0")
FAIRMINED = PriceStandard("FAIRMINED", premium_kind="per_kg_fine", premium_usd_per_kg=Decimal(4000), evidence="sourced")
GOLD = LotDescription(
    "gold", "dore", "TZ", 250_000, fineness_permille=Decimal(920), fineness_method="fire_assay", standard="FAIRMINED"
)
RUBY = LotDescription("gem", "cut", "TZ", 300, variety="ruby", treatment="H", grade="good")
BAND = Band("b", "ruby", "cut", "good", Decimal(1), Decimal(2), 40_000, 150_000, treatment="H", dated=date(2026, 9, 1))


def gold_on(day: date = ON, **changes: Any) -> Guidance:
    inputs = GuidanceInputs(replace(GOLD, **changes), on=day, rate=RATE, standard=FAIRMINED)
    return compute(inputs)


def stones(*, sales: int = 0, band: Band | None = BAND, **changes: Any) -> Guidance:
    prices = tuple(
        WeightedPrice(f"sale-{number}", ON - timedelta(days=number), Fraction(100_000), Fraction(1))
        for number in range(sales)
    )
    edition = None if band is None else 1
    return compute(GuidanceInputs(replace(RUBY, **changes), on=ON, band=band, edition=edition, prices=prices))


ALL = [
    gold_on(),
    gold_on(ON + timedelta(days=6)),
    gold_on(ON + timedelta(days=15)),
    gold_on(fineness_permille=None),
    gold_on(fineness_method="water_test", fineness_low_permille=Decimal(900), fineness_high_permille=Decimal(940)),
    compute(GuidanceInputs(GOLD, on=ON)),
    compute(GuidanceInputs(replace(GOLD, standard=None), on=ON, rate=RATE)),
    stones(),
    stones(sales=3),
    stones(sales=6),
    stones(sales=25),
    stones(sales=6, band=None),
    stones(band=None),
    stones(band=replace(BAND, dated=None, evidence="verified")),
    stones(grade=None),
    stones(variety=None),
    stones(variety="diamond", form="rough"),
]


def test_the_worked_example_is_guided_to_the_cent() -> None:
    found = gold_on()
    assert (found.outcome, found.basis, found.confidence) == ("guided", "reference_rate", "high")
    assert (found.middle, found.floor, found.premium) == (
        Money(3_053_334, "USD"), Money(2_900_668, "USD"), Money(92_000, "USD")
    )  # fmt: skip
    # by fire assay the fineness lies between 919 and 921: 0.95 × the value at 919, and the value at 921
    assert (found.low, found.high) == (Money(2_897_515, "USD"), Money(3_056_653, "USD"))
    assert found.per_unit == Money(13_275, "USD")
    assert (found.rate_ids, found.age_days, found.stale, found.unverified) == (("rate-1",), 0, False, False)


def test_every_step_of_the_working_can_be_written_out() -> None:
    for guidance in ALL:
        assert guidance.working
        for step in guidance.working:
            assert step.text % step.params


def test_an_old_rate_marks_guidance_stale_and_a_very_old_one_refuses_it() -> None:
    assert gold_on(ON + timedelta(days=5)).stale is False
    assert gold_on(ON + timedelta(days=6)).stale is True
    refused = gold_on(ON + timedelta(days=15))
    assert (refused.outcome, refused.low, refused.middle, refused.age_days) == ("refused_stale", None, None, 15)


@pytest.mark.parametrize(
    ("guidance", "basis"),
    [
        (gold_on(fineness_permille=None), "fineness_missing"),
        (compute(GuidanceInputs(GOLD, on=ON)), "no_rate"),
        (stones(variety=None), "variety_missing"),
        (stones(grade=None), "grade_missing"),
        (stones(variety="diamond", form="rough"), "kimberley_first"),
        (stones(band=None), "no_band_no_sales"),
        (stones(band=None, sales=4), "no_band_no_sales"),
    ],
)
def test_guidance_says_what_is_missing_instead_of_a_number(guidance: Guidance, basis: str) -> None:
    assert (guidance.outcome, guidance.basis, guidance.confidence) == ("not_enough_data", basis, "none")
    assert (guidance.low, guidance.middle, guidance.high) == (None, None, None)
    assert guidance.position(Money(1, "USD")) == "unknown"


def test_a_ruby_of_one_and_a_half_carats_by_the_price_book() -> None:
    # 400 to 1,500 a carat × 1.5 ct = 600 to 2,250, middle 950 × 1.5 = 1,425; the shipped bands are unverified
    found = stones()
    assert (found.low, found.middle, found.high) == (Money(60_000, "USD"), Money(142_500, "USD"), Money(225_000, "USD"))
    assert (found.basis, found.confidence, found.unverified, found.age_days) == ("price_book", "low", True, 28)
    assert found.per_unit == Money(95_000, "USD")


def test_six_sales_at_1000_are_drawn_toward_the_book_more_than_25() -> None:
    # (6 × 1,000 + 10 × 950) ÷ 16 = 968.75 a carat × 1.5 = 1,453.125 → 1,453.12
    few = stones(sales=6)
    assert (few.basis, few.middle, few.count, few.confidence) == (
        "sales_and_book", Money(145_312, "USD"), 6, "medium"
    )  # fmt: skip
    # (25 × 1,000 + 10 × 950) ÷ 35 = 985.714… × 1.5 = 1,478.571… → 1,478.57; low (25 × 1,000 + 10 × 400) ÷ 35 × 1.5
    many = stones(sales=25)
    assert (many.middle, many.low, many.confidence) == (Money(147_857, "USD"), Money(124_286, "USD"), "high")
    alone = stones(sales=6, band=None)
    assert (alone.basis, alone.middle, alone.unverified) == ("sales", Money(150_000, "USD"), False)


@pytest.mark.parametrize(
    ("asking", "position"),
    [(59_999, "below"), (60_000, "inside"), (225_000, "inside"), (225_001, "above")],
)
def test_the_position_of_an_asking_price(asking: int, position: str) -> None:
    assert stones().position(Money(asking, "USD")) == position


def test_an_asking_price_in_shillings_must_be_converted_first() -> None:
    with pytest.raises(CurrencyMismatch):
        stones().position(Money(1, "TZS"))


@pytest.mark.parametrize("guidance", ALL)
def test_a_snapshot_recomputes_to_the_same_guidance(guidance: Guidance) -> None:
    stored = json.loads(json.dumps(guidance.snapshot()))
    assert recompute(stored) == guidance


def test_a_snapshot_that_was_touched_or_is_of_another_formula_is_refused() -> None:
    touched = gold_on().snapshot()
    touched["result"]["middle"]["minor"] += 1
    with pytest.raises(SnapshotRefused, match="not what its inputs give"):
        recompute(touched)
    with pytest.raises(SnapshotRefused, match="formula"):
        recompute({**gold_on().snapshot(), "formula_version": "0"})


@given(
    weight=st.integers(1, 10**8),
    fineness=st.integers(1, 10_000).map(lambda tenths: Decimal(tenths) / 10),
    rate=st.decimals(min_value=100, max_value=20_000, places=8),
    method=st.sampled_from(["fire_assay", "xrf", "water_test", "touchstone", "declared", None]),
)
def test_the_range_is_in_order_and_its_snapshot_recomputes(
    weight: int, fineness: Decimal, rate: Decimal, method: str | None
) -> None:
    description = replace(GOLD, weight_mg=weight, fineness_permille=fineness, fineness_method=method)
    found = compute(GuidanceInputs(description, on=ON, rate=replace(RATE, value=rate), standard=FAIRMINED))
    assert found.low is not None
    assert found.middle is not None
    assert found.high is not None
    assert found.floor is not None
    assert found.low <= found.floor <= found.middle <= found.high
    assert recompute(json.loads(json.dumps(found.snapshot()))) == found
