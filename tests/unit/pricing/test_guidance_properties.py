"""What must hold for any goods: order, monotony, sums, and that a stored guide comes out again, by both formulas."""

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.core.money import Money
from marketplace.pricing.comparables import Sale, WeightedPrice, select_sales
from marketplace.pricing.description import FINENESS_METHODS, GRADES, PARCELS, LotDescription
from marketplace.pricing.gems import Band
from marketplace.pricing.gold import PriceStandard
from marketplace.pricing.guidance import Guidance, GuidanceInputs, compute, recompute
from marketplace.pricing.guidance.calculation import FORMULAS
from marketplace.pricing.rates import RateAsOf

ON = date(2026, 9, 29)
weights = st.integers(1, 10**8)
pieces = st.integers(1, 10_000)
permilles = st.integers(1, 10_000).map(lambda tenths: Decimal(tenths) / 10)
rate_values = st.decimals(min_value=100, max_value=20_000, places=8)
days_ago = st.integers(0, 30).map(lambda days: ON - timedelta(days=days))

standards = st.builds(
    PriceStandard,
    code=st.just("STANDARD"),
    floor_share=st.decimals("0.5", "1", places=3),
    premium_kind=st.sampled_from(["none", "per_kg_fine", "share_of_reference"]),
    premium_usd_per_kg=st.none() | st.decimals(0, 10_000, places=2),
    premium_share=st.none() | st.decimals(0, "0.3", places=3),
    evidence=st.sampled_from(["sourced", "unverified"]),
)
gold_lots = st.builds(
    LotDescription,
    kind=st.just("gold"),
    form=st.just("nugget"),
    origin_country=st.just("TZ"),
    weight_mg=weights,
    pieces=pieces,
    fineness_permille=st.none() | permilles,
    fineness_method=st.none() | st.sampled_from(FINENESS_METHODS),
)
gold_inputs = st.builds(
    GuidanceInputs,
    description=gold_lots,
    on=st.just(ON),
    rate=st.none()
    | st.builds(
        RateAsOf, id=st.just("r"), series=st.just("XAU/USD"), value=rate_values, observed_on=days_ago,
        source=st.text(max_size=5), licence=st.just("CC0-1.0"),
    ),
    standard=st.none() | standards,
)  # fmt: skip
stone_lots = st.builds(
    LotDescription,
    kind=st.just("gem"),
    form=st.sampled_from(["rough", "cut"]),
    origin_country=st.just("TZ"),
    weight_mg=weights,
    pieces=pieces,
    variety=st.none() | st.sampled_from(["ruby", "diamond"]),
    treatment=st.none() | st.just("H"),
    grade=st.none() | st.sampled_from(GRADES),
    parcel=st.none() | st.sampled_from(PARCELS),
)
bands = st.tuples(st.integers(1, 10**7), st.integers(0, 10**7)).map(
    lambda price: Band("b", "ruby", "cut", "good", Decimal(0), Decimal(999), price[0], price[0] + price[1], dated=ON)
)


def dated(drawn: list[tuple[int, int, int]]) -> tuple[WeightedPrice, ...]:
    """Return sales, newest first, of cents, thirds of a cent and a share of one in hundredths."""
    found = (
        WeightedPrice(f"s{place:02}", ON - timedelta(days=day), Fraction(thirds, 3), Fraction(share, 100))
        for place, (day, thirds, share) in enumerate(drawn)
    )
    return tuple(sorted(found, key=lambda price: price.sold_on, reverse=True))


prices = st.lists(
    st.tuples(st.integers(0, 700), st.integers(3, 10**7), st.integers(1, 100)), max_size=12
).map(dated)  # fmt: skip
stone_inputs = st.builds(
    GuidanceInputs,
    description=stone_lots,
    on=st.just(ON),
    band=st.none() | bands,
    edition=st.just(3),
    prices=prices,
)


def known_to(formula: str, inputs: GuidanceInputs) -> GuidanceInputs:
    """Return inputs as a formula could have had them: the first knew no parcels."""
    return inputs if formula != "1" else replace(inputs, description=replace(inputs.description, parcel=None))


@settings(max_examples=150, deadline=None)
@given(inputs=gold_inputs | stone_inputs, formula=st.sampled_from(sorted(FORMULAS)))
def test_any_guide_is_in_order_and_comes_out_again_by_the_formula_that_made_it(
    inputs: GuidanceInputs, formula: str
) -> None:
    found = FORMULAS[formula](known_to(formula, inputs))

    for each in (found.per_lot, found.per_carat, found.per_piece):
        assert each is None or each.low <= each.middle <= each.high
    assert (found.per_lot is None) == (found.outcome != "guided")
    again = recompute(json.loads(json.dumps(found.snapshot())))
    assert again == found
    assert again.snapshot() == found.snapshot()


@settings(max_examples=150, deadline=None)
@given(inputs=gold_inputs | stone_inputs)
def test_a_price_a_piece_times_the_pieces_is_the_lot_but_for_rounding(inputs: GuidanceInputs) -> None:
    found, count = compute(inputs), inputs.description.pieces
    if count == 1 or found.per_lot is None:
        assert found.per_piece is None
        return

    assert found.per_piece is not None
    for name in ("low", "middle", "high"):
        each, lot = getattr(found.per_piece, name).minor, getattr(found.per_lot, name).minor
        # each is at most half a cent off, and so is the lot
        assert abs(each * count - lot) * 2 <= count + 1


@given(fineness=permilles, value=rate_values, one=weights, other=weights, method=st.sampled_from(FINENESS_METHODS))
def test_more_gold_is_never_worth_less(*, fineness: Decimal, value: Decimal, one: int, other: int, method: str) -> None:
    light, heavy = sorted((one, other))
    assert_not_less(gold(light, fineness, value, method), gold(heavy, fineness, value, method))


@given(weight=weights, value=rate_values, one=permilles, other=permilles, method=st.sampled_from(FINENESS_METHODS))
def test_finer_gold_is_never_worth_less(
    *, weight: int, value: Decimal, one: Decimal, other: Decimal, method: str
) -> None:
    coarse, fine = sorted((one, other))
    assert_not_less(gold(weight, coarse, value, method), gold(weight, fine, value, method))


@given(weight=weights, fineness=permilles, one=rate_values, other=rate_values)
def test_a_higher_rate_never_makes_gold_worth_less(
    weight: int, fineness: Decimal, one: Decimal, other: Decimal
) -> None:
    low, high = sorted((one, other))
    assert_not_less(gold(weight, fineness, low), gold(weight, fineness, high))


@given(weight=weights, more=weights, count=pieces, band=bands, sold=prices)
def test_heavier_stones_of_one_price_a_carat_are_never_worth_less(
    *, weight: int, more: int, count: int, band: Band, sold: tuple[WeightedPrice, ...]
) -> None:
    lot = LotDescription("gem", "cut", "TZ", weight, pieces=count, variety="ruby", treatment="H", grade="good")
    light = GuidanceInputs(lot, on=ON, band=band, edition=3, prices=sold)
    heavy = replace(light, description=replace(lot, weight_mg=weight + more))

    assert compute(light).per_lot is not None
    assert_not_less(compute(light), compute(heavy))


@given(days=st.lists(st.integers(-60, 60), max_size=20))
def test_sales_of_later_days_change_nothing(days: list[int]) -> None:
    stone = LotDescription("gem", "cut", "TZ", 300, variety="ruby", treatment="H", grade="good", parcel="single")
    sales = [
        Sale(
            f"s{place}",
            f"seller {place}",
            f"buyer {place}",
            ON + timedelta(days=day),
            Money(90_000 + day, "USD"),
            stone,
        )
        for place, day in enumerate(days)
    ]
    known = [sale for sale in sales if sale.sold_on <= ON]

    assert guided_by(stone, sales) == guided_by(stone, known)


def guided_by(stone: LotDescription, sales: list[Sale]) -> Guidance:
    return compute(GuidanceInputs(stone, on=ON, prices=select_sales(stone, sales, on=ON).prices))


def gold(weight: int, fineness: Decimal, value: Decimal, method: str = "xrf") -> Guidance:
    description = LotDescription(
        "gold", "dore", "TZ", weight, pieces=3, fineness_permille=fineness, fineness_method=method
    )
    return compute(GuidanceInputs(description, on=ON, rate=RateAsOf("r", "XAU/USD", value, ON, "s", "CC0-1.0")))


def assert_not_less(less: Guidance, more: Guidance) -> None:
    for name in ("per_lot", "per_piece"):
        one: Any = getattr(less, name)
        other: Any = getattr(more, name)
        if one is not None:
            assert one.low <= other.low
            assert one.middle <= other.middle
            assert one.high <= other.high
