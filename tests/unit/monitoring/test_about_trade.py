"""Indicators about trade, each by an example worked out by hand."""

from fractions import Fraction

from marketplace.monitoring.about_trade import (
    at_or_above_floor,
    fair_price,
    mercury_free,
    premium_paid,
    price_transparency,
    taxes_paid,
    value_sold,
    volume_sold,
)
from marketplace.monitoring.facts import TaxPaid
from tests.unit.monitoring.made import AFTER, BEFORE, DAY, HERE, SEPTEMBER, figures, sold, stone

OUTSIDE = [sold(price=1, on=BEFORE, achieved=9_999, premium=5), sold(price=1, on=AFTER, is_mercury_free=True)]


def test_i3_value_is_what_buyers_paid() -> None:
    # 1,000.00 + 234.56 = 1,234.56
    assert value_sold([sold(100_000), sold(23_456, 20_000), *OUTSIDE], SEPTEMBER) == (figures("1234.56", "2"), 2, None)


def test_i4_gold_is_counted_in_fine_grams_and_stones_in_carats() -> None:
    # 90 g + 183.34/2 = 91.67 g → 181.67 g fine; 684 mg + 100 mg = 784 mg = 3.92 ct
    facts = [sold(), sold(fine_g=Fraction(9_167, 100)), stone(684), stone(100), *OUTSIDE]
    assert volume_sold(facts, SEPTEMBER) == (figures("181.670", "3.920"), 4, None)


def test_i5_all_sales_together_and_the_middle_one() -> None:
    # 900 of 1,000, 80 of 100, 350 of 500: together 1,330 of 1,600 = 0.83125 → 0.8312; shares 0.9, 0.8, 0.7 → 0.8
    facts = [sold(100_000, 90_000), sold(10_000, 8_000), stone(5, price=50_000, net=35_000), *OUTSIDE]
    assert price_transparency(facts, SEPTEMBER) == (figures("0.8312", "0.8000"), 3, None)
    assert price_transparency([], SEPTEMBER) == (figures(None, None), 0, None)


def test_i6_gold_and_stones_have_a_median_each_and_no_guide_counts_nowhere() -> None:
    # gold 0.96 and 0.99 → 0.975; stones 0.8, 1.1, 1.2 → 1.1
    gold = [sold(achieved=9_600), sold(achieved=9_900), sold()]
    stones = [stone(5, achieved=bp) for bp in (11_000, 8_000, 12_000)]
    assert fair_price([*gold, *stones, *OUTSIDE], SEPTEMBER) == (figures("0.9750", "1.1000"), 5, None)


def test_i7_ninety_five_percent_is_enough_and_a_hair_less_is_not() -> None:
    # 9,499 is below; 9,500 and 9,501 are not: 2 of 3
    facts = [*(sold(achieved=bp) for bp in (9_499, 9_500, 9_501)), sold(), stone(5, achieved=9_900), *OUTSIDE]
    assert at_or_above_floor(facts, SEPTEMBER) == (figures("0.6667", "2"), 3, None)


def test_i8_premiums_together_and_for_a_fine_kilogram() -> None:
    # 180.00 + 90.01 = 270.01 for 90 g + 45 g = 135 g fine → 270.01 ÷ 0.135 kg = 2,000.0741 a kilogram
    facts = [sold(premium=18_000), sold(premium=9_001, fine_g=Fraction(45)), sold(), *OUTSIDE]
    assert premium_paid(facts, SEPTEMBER) == (figures("270.01", "2000.07"), 2, None)
    assert premium_paid([sold()], SEPTEMBER) == (figures("0.00", None), 0, None)
    assert premium_paid([sold(premium=1)], SEPTEMBER).base == 1


def test_i9_mercury_free_is_a_share_of_the_fine_grams() -> None:
    # 30 g of 30 + 90 = 120 g → 0.25; stones do not count
    facts = [sold(fine_g=Fraction(30), is_mercury_free=True), sold(), stone(5, is_mercury_free=True), *OUTSIDE]
    assert mercury_free(facts, SEPTEMBER) == (figures("0.2500", "30.000"), 2, None)


def test_i16_only_what_has_a_receipt_is_added_up() -> None:
    # a third of a dollar and a dollar → 1.33
    facts = [TaxPaid(on=on, authority="x", cents=cents, **HERE) for on, cents in (
        (DAY, Fraction(100, 3)), (SEPTEMBER.since, Fraction(100)), (BEFORE, Fraction(7)), (AFTER, Fraction(7)),
    )]  # fmt: skip
    assert taxes_paid(facts, SEPTEMBER) == (figures("1.33", "2"), 2, None)
