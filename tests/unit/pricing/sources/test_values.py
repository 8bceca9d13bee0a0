"""Figures and days of documents: exact, plausible, or refused with the reason."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from marketplace.pricing.sources.values import (
    RowRefused,
    checked_day,
    day,
    figure,
    in_own_unit,
    kept,
    plausible,
    shown,
)  # fmt: skip
from tests.builders.rate_sources import series


@pytest.mark.parametrize(
    ("text", "exact"),
    [
        ("4129.1005", Fraction("4129.1005")), (" 7 ", Fraction(7)), ("+7", Fraction(7)), (".5", Fraction(1, 2)),
        ("5.", Fraction(5)), ("2.4218e-4", Fraction("0.00024218")), ("1E20", Fraction(10**20)),
        ("1e-20", Fraction(1, 10**20)), ("0" * 14 + "1", Fraction(1)), ("0." + "0" * 19 + "1", Fraction(1, 10**20)),
    ],
)  # fmt: skip
def test_a_figure_is_read_to_its_last_digit(text: str, exact: Fraction) -> None:
    assert figure(text) == exact


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, "the value is empty"),
        ("", "the value is empty"),
        ("  ", "the value is empty"),
        (True, "the value is not a number: True"),
        ({"a": 1}, "the value is not a number: {'a': 1}"),
        ("0", "the value is zero"),
        ("-0.000", "the value is zero"),
        ("-4129.10", "-4129.10 is negative"),
        ("NaN", "NaN is not a finite number"),
        ("-Infinity", "-Infinity is not a finite number"),
        ("inf", "inf is not a finite number"),
        ("4,129.10", "4,129.10 has separators: only a decimal point may stand between digits"),
        ("4129,10", "4129,10 has separators: only a decimal point may stand between digits"),
        ("4 129.10", "4 129.10 has separators: only a decimal point may stand between digits"),
        ("4.129.10", "4.129.10 has separators: only a decimal point may stand between digits"),
        ("1e21", "1e21 has an exponent beyond reason"),
        ("1e-21", "1e-21 has an exponent beyond reason"),
        ("1e999999999", "1e999999999 has an exponent beyond reason"),
        ("1e9999999999", "1e9999999999 is not a number"),
        ("1" * 16, "1" * 16 + " has more digits than a rate"),
        ("0." + "1" * 21, "0." + "1" * 21 + " has more digits than a rate"),
        ("US$4129", "US$4129 is not a number"),
        ("٤١٢٩", "\\u0664\\u0661\\u0662\\u0669 is not a number"),
        ("x" * 31, "x" * 30 + "… is not a number"),
        ("a\x00b", "a\\x00b is not a number"),
    ],
)
def test_what_is_no_number_above_zero_is_refused_with_the_reason(value: object, reason: str) -> None:
    with pytest.raises(RowRefused) as caught:
        figure(value)
    assert str(caught.value) == reason


def test_what_came_from_outside_is_shown_short_and_plain() -> None:
    assert shown("x" * 30) == "x" * 30
    assert shown("é") == "\\xe9"


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("2026-09-29", "YYYY-MM-DD"), (" 2026-09-29 ", "YYYY-MM-DD"), ("20260929", "YYYYMMDD"),
        ("29/09/2026", "DD/MM/YYYY"), ("9/29/2026", "MM/DD/YYYY"), ("29.9.2026", "DD.MM.YYYY"),
        ("2026-09-29T15:00:00Z", "timestamp"), ("2026-09-29 15:00", "timestamp"),
        ("2026-09-29T15:00:00.123+02:00", "timestamp"),
    ],
)  # fmt: skip
def test_a_day_is_read_in_the_form_described(text: str, form: str) -> None:
    assert day(text, form) == date(2026, 9, 29)


@pytest.mark.parametrize(
    ("value", "form", "reason"),
    [
        (None, "YYYY-MM-DD", "the day is missing"),
        ("", "YYYY-MM-DD", "the day is missing"),
        (20260929, "YYYYMMDD", "the day is missing"),
        ("29/09/2026", "YYYY-MM-DD", "29/09/2026 is not a day written as YYYY-MM-DD"),
        ("2026-9-29", "YYYY-MM-DD", "2026-9-29 is not a day written as YYYY-MM-DD"),
        ("2026-W40-2", "YYYY-MM-DD", "2026-W40-2 is not a day written as YYYY-MM-DD"),
        ("2026-02-30", "YYYY-MM-DD", "2026-02-30 is no day of the calendar"),
        ("0000-01-01", "YYYY-MM-DD", "0000-01-01 is no day of the calendar"),
    ],
)
def test_any_other_day_is_refused(value: object, form: str, reason: str) -> None:
    with pytest.raises(RowRefused) as caught:
        day(value, form)
    assert str(caught.value) == reason


def test_a_day_to_come_and_one_of_twenty_years_ago_are_refused() -> None:
    today = date(2026, 9, 29)
    checked_day(today, today=today)
    checked_day(date(2006, 9, 29), today=today)
    checked_day(date(2008, 2, 29), today=date(2028, 2, 29))
    for of, reason in (
        (date(2026, 9, 30), "the day is in the future: 2026-09-30"),
        (date(2006, 9, 28), "the day is more than 20 years ago: 2006-09-28"),
        (date(2005, 12, 31), "the day is more than 20 years ago: 2005-12-31"),
    ):
        with pytest.raises(RowRefused) as caught:
            checked_day(of, today=today)
        assert str(caught.value) == reason


@pytest.mark.parametrize(
    ("pair", "quoted", "written", "value"),
    [
        ("XAU/USD", "USD per ozt", "4129.1005", "4129.1005"),
        # 132.75 × 31.1034768 = 4128.9865452
        ("XAU/USD", "USD per g", "132.75", "4128.9865452"),
        # 132753.66 × 0.0311034768 = 3982.6098 + 132.75366 + 13.275366 + 0.461557925088
        ("XAU/USD", "USD per kg", "132753.66", "4129.100383925088"),
        # 1 ÷ 0.00024218 = 4129.16012882…
        ("XAU/USD", "ozt per USD", "0.00024218", "4129.1601"),
        ("USD/TZS", "TZS per USD", "2450.1", "2450.1"),
        # 1 ÷ 0.000408 = 2450.98039215…
        ("USD/TZS", "USD per TZS", "0.000408", "2450.980392"),
    ],
)
def test_a_value_is_turned_into_the_unit_that_is_kept(pair: str, quoted: str, written: str, value: str) -> None:
    described = series(pair, quoted=quoted)
    exact, is_computed = in_own_unit(described, Fraction(written))
    assert is_computed is (quoted in ("ozt per USD", "USD per TZS"))
    assert kept(described, exact, is_computed=is_computed) == Decimal(value)


def test_a_quotient_is_rounded_half_to_even() -> None:
    for exact, rounded in (("1000.00005", "1000.0000"), ("1000.00015", "1000.0002")):
        assert str(kept(series("XAU/USD"), Fraction(exact), is_computed=True)) == rounded
    assert str(kept(series("USD/EUR"), Fraction("0.8950945"), is_computed=True)) == "0.895094"


@pytest.mark.parametrize(
    ("pair", "least", "most"),
    [("XAU/USD", 500, 100_000), ("XAG/USD", 4, 500), ("USD/EUR", "0.4", 2), ("USD/ZMW", "0.0001", 10_000_000)],
)
def test_a_value_outside_the_plausible_is_refused(pair: str, least: str | int, most: str | int) -> None:
    described = series(pair)
    assert plausible(described) == (Decimal(least), Decimal(most))
    for edge, outside in ((Fraction(least), Fraction("0.99999")), (Fraction(most), Fraction("1.00001"))):
        assert kept(described, edge, is_computed=False) == Decimal(edge.numerator) / edge.denominator
        with pytest.raises(RowRefused, match="is the unit or the currency another one"):
            kept(described, edge * outside, is_computed=False)


def test_grams_and_kilograms_in_the_place_of_ounces_are_told() -> None:
    for wrong in ("132.7537", "132753.66"):
        with pytest.raises(RowRefused) as caught:
            kept(series("XAU/USD"), Fraction(wrong), is_computed=False)
        assert "USD per troy ounce is outside 500 to 100000" in str(caught.value)


def test_a_source_may_set_its_own_limits() -> None:
    described = series("XAU/USD", least=Decimal(4000), most=Decimal(4200))
    assert plausible(described) == (4000, 4200)
