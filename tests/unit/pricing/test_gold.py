"""The value of gold, worked by hand."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.money import CurrencyMismatch, Money
from marketplace.pricing import gold
from marketplace.pricing.fairness import miner_share, price_achieved_gem, price_achieved_gold
from marketplace.pricing.gold import PriceStandard

RATE = Decimal("4129.10045482")
FAIRTRADE = PriceStandard("FAIRTRADE", premium_kind="per_kg_fine", premium_usd_per_kg=Decimal(2000))
FAIRMINED = PriceStandard("FAIRMINED", premium_kind="per_kg_fine", premium_usd_per_kg=Decimal(4000))
ECOLOGICAL = PriceStandard("FAIRMINED_ECOLOGICAL", premium_kind="per_kg_fine", premium_usd_per_kg=Decimal(6000))
FAIRTRADE_ECOLOGICAL = PriceStandard("FT_ECO", premium_kind="share_of_reference", premium_share=Decimal("0.15"))

weights = st.integers(1, 10**9)
finenesses = st.integers(1, 10_000).map(lambda tenths: Decimal(tenths) / 10)
rates = st.decimals(min_value="100", max_value="20000", places=4)


def test_the_worked_example_of_250_grams_at_920() -> None:
    # 250 g × 0.920 = 230 g fine; 4129.10045482 ÷ 31.1034768 = 132.7536622793 USD a fine gram
    # 230 × 132.7536622793 = 30,533.342324 → 30,533.34; × 0.95 = 29,006.675208 → 29,006.68
    # Fairmined: 0.230 kg × 4,000 = 920.00
    figures = gold.figures(
        weight_mg=250_000,
        fineness_permille=Decimal(920),
        between=(Decimal(919), Decimal(921)),
        usd_per_troy_ounce=RATE,
        standard=FAIRMINED,
    )
    assert figures.fine_mass_g == 230
    assert figures.usd_per_fine_gram == Decimal("132.7536622793")
    assert figures.reference_value == Money(3_053_334, "USD")
    assert figures.floor == Money(2_900_668, "USD")
    assert figures.premium == Money(92_000, "USD")
    # 250 × 0.919 × 132.7536622793 × 0.95 = 28,975.146… and 250 × 0.921 × 132.7536622793 = 30,566.530…
    assert (figures.low, figures.high) == (Money(2_897_515, "USD"), Money(3_056_653, "USD"))


@pytest.mark.parametrize(
    ("standard", "premium"),
    [
        (FAIRTRADE, 46_000),  # 0.230 kg × 2,000
        (ECOLOGICAL, 138_000),  # 0.230 kg × 6,000
        (FAIRTRADE_ECOLOGICAL, 458_000),  # 30,533.342324 × 0.15 = 4,580.0013…
    ],
)
def test_each_standards_premium(standard: PriceStandard, premium: int) -> None:
    found = gold.premium_for(standard, weight_mg=250_000, fineness_permille=Decimal(920), usd_per_troy_ounce=RATE)
    assert found == Money(premium, "USD")


def test_a_lot_without_a_standard_has_the_floor_and_no_premium() -> None:
    found = gold.premium_for(gold.OWN_STANDARD, weight_mg=1, fineness_permille=Decimal(1), usd_per_troy_ounce=RATE)
    assert found is None
    assert gold.floor_value(250_000, Decimal(920), RATE) == Money(2_900_668, "USD")


def test_a_standard_below_the_marketplaces_floor_does_not_lower_it() -> None:
    weak = PriceStandard("WEAK", floor_share=Decimal("0.70"))
    figures = gold.figures(
        weight_mg=250_000,
        fineness_permille=Decimal(920),
        between=(Decimal(920), Decimal(920)),
        usd_per_troy_ounce=RATE,
        standard=weak,
    )
    assert figures.floor == Money(2_900_668, "USD")


def test_the_price_of_a_gram_at_22_karat() -> None:
    # 132.7536622793 × 0.916 = 121.6023546 → 121.60
    assert gold.price_per_gram(RATE, Decimal(916)) == Money(12_160, "USD")


@pytest.mark.parametrize("rate", ["0", "-1", "NaN", "Infinity"])
def test_a_rate_that_is_not_above_zero_is_refused(rate: str) -> None:
    with pytest.raises(ValueError, match="reference rate"):
        gold.usd_per_fine_gram(Decimal(rate))


@pytest.mark.parametrize(
    ("fineness", "method", "measured", "expected"),
    [
        ("920", "fire_assay", None, ("919", "921")),
        ("920", "xrf", None, ("915", "925")),
        ("920", "declared", None, ("870", "970")),
        ("920", None, None, ("870", "970")),
        ("920", "a new method", None, ("870", "970")),
        ("980", "declared", None, ("930", "1000")),
        ("20", "declared", None, ("0.1", "70")),
        ("930", "water_test", ("916", "940"), ("916", "940")),
        ("950", "water_test", ("916", "940"), ("916", "950")),
        ("999", "water_test", ("990", "1001"), ("990", "1000")),
    ],
)
def test_the_range_of_a_fineness_is_as_measured_or_as_the_method_is_known(
    fineness: str, method: str | None, measured: tuple[str, str] | None, expected: tuple[str, str]
) -> None:
    span = (Decimal(measured[0]), Decimal(measured[1])) if measured else None
    found = gold.fineness_range(Decimal(fineness), method, measured=span)
    assert found == (Decimal(expected[0]), Decimal(expected[1]))


@given(weight=weights, fineness=finenesses, rate=rates)
def test_the_value_never_falls_when_mass_fineness_or_rate_rise(weight: int, fineness: Decimal, rate: Decimal) -> None:
    value = gold.reference_value(weight, fineness, rate)
    assert gold.reference_value(weight + 1, fineness, rate) >= value
    assert gold.reference_value(weight, min(fineness + 1, Decimal(1000)), rate) >= value
    assert gold.reference_value(weight, fineness, rate + 1) >= value


@given(weight=weights, fineness=finenesses, rate=rates)
def test_the_value_is_the_exact_value_rounded_once(weight: int, fineness: Decimal, rate: Decimal) -> None:
    exact = Fraction(weight) * Fraction(fineness) / 1000 * Fraction(rate) / Fraction("31103.4768")
    assert abs(Fraction(gold.reference_value(weight, fineness, rate).amount) - exact) <= Fraction(1, 200)


def test_the_miners_share_of_a_price() -> None:
    # 93.00 of 105.00 = 0.885714…
    assert miner_share(Money(9_300, "USD"), Money(10_500, "USD")) == Decimal("0.8857")


def test_the_price_achieved_for_gold_and_for_stones() -> None:
    # 28,395.99 ÷ 230 g = 123.46 a fine gram; ÷ 132.7536622793 = 0.93000
    achieved = price_achieved_gold(
        Money(2_839_601, "USD"), weight_mg=250_000, fineness_permille=Decimal(920), usd_per_troy_ounce=RATE
    )
    assert achieved == Decimal("0.9300")
    assert price_achieved_gem(Money(120, "USD"), Money(100, "USD")) == Decimal("1.2000")


def test_ratios_of_two_currencies_or_of_nothing_are_refused() -> None:
    with pytest.raises(CurrencyMismatch):
        miner_share(Money(1, "USD"), Money(1, "TZS"))
    with pytest.raises(CurrencyMismatch):
        price_achieved_gold(Money(1, "TZS"), weight_mg=1, fineness_permille=Decimal(1), usd_per_troy_ounce=RATE)
    with pytest.raises(ValueError, match="above zero"):
        miner_share(Money(1, "USD"), Money(0, "USD"))
