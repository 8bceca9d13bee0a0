"""Each limit of money, weight and typed numbers, just below, at and just above it, and every refusal word for word."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from marketplace.core.money import (
    LARGEST_MINOR,
    CurrencyMismatch,
    Money,
    UnknownCurrency,
    convert,
    exponent_of,
    total,
)
from marketplace.core.numbers import NumberRefused, parse_fineness, parse_money, parse_weight, parse_weight_mg
from marketplace.core.weight import HEAVIEST_MG, UnknownUnit, fine_mass_g, from_mg, to_mg

DOLLAR, SHILLING = Money(100, "USD"), Money(100, "TZS")


def said(error: pytest.ExceptionInfo[Any]) -> str:
    return str(error.value)


@pytest.mark.parametrize(
    ("minor", "currency", "kind", "words"),
    [
        (True, "USD", TypeError, "minor units are a whole number, not bool"),
        (1.0, "USD", TypeError, "minor units are a whole number, not float"),
        (1, "usd", UnknownCurrency, "unknown currency: 'usd'"),
        (LARGEST_MINOR + 1, "USD", OverflowError, "the amount does not fit 64 bits"),
        (-LARGEST_MINOR - 1, "USD", OverflowError, "the amount does not fit 64 bits"),
    ],
)
def test_what_is_no_money_is_refused_by_name(minor: Any, currency: str, kind: type[Exception], words: str) -> None:
    with pytest.raises(kind) as error:
        Money(minor, currency)
    assert said(error) == words


def test_the_largest_and_the_smallest_amount_are_money() -> None:
    assert (Money(LARGEST_MINOR, "USD").minor, Money(-LARGEST_MINOR, "USD").minor) == (2**63 - 1, 1 - 2**63)


def test_an_amount_that_is_not_exact_is_refused_by_name() -> None:
    inexact: Any = 1.5
    with pytest.raises(TypeError) as error:
        Money.from_decimal(inexact, "USD")
    assert said(error) == "an amount is an exact number, not float"
    for number in ("NaN", "-Infinity"):
        with pytest.raises(ValueError, match=r"^an amount is a finite number$"):
            Money.from_decimal(Decimal(number), "USD")
    with pytest.raises(UnknownCurrency) as unknown:
        exponent_of("XXX")
    assert said(unknown) == "unknown currency: 'XXX'"


def test_only_less_than_nothing_is_negative() -> None:
    assert [Money(minor, "USD").is_negative for minor in (-2, -1, 0, 1)] == [True, True, False, False]


def test_amounts_that_do_not_combine_say_why() -> None:
    with pytest.raises(CurrencyMismatch) as error:
        DOLLAR + SHILLING
    assert said(error) == "USD and TZS do not combine; convert first"
    bare: Any = 1
    with pytest.raises(TypeError) as no_money:
        DOLLAR + bare
    assert said(no_money) == "money combines with money only, not int"


def test_equal_amounts_are_neither_more_nor_less() -> None:
    same, more = Money(100, "USD"), Money(101, "USD")
    assert (same > DOLLAR, same >= DOLLAR, same < DOLLAR, same <= DOLLAR) == (False, True, False, True)
    assert (more > DOLLAR, more >= DOLLAR, more < DOLLAR, more <= DOLLAR) == (True, True, False, False)
    assert (more < DOLLAR, more <= DOLLAR, more > DOLLAR, more >= DOLLAR) == (False, False, True, True)


@pytest.mark.parametrize("weights", [[], [0], [0, 0], [-1], [2, -1]])
def test_weights_that_mean_nothing_are_refused_by_name(weights: list[int]) -> None:
    with pytest.raises(ValueError, match=r"^weights are at least one positive number and none below zero$"):
        DOLLAR.allocate(weights)


def test_the_odd_units_go_to_the_largest_remainders_and_first_among_equals() -> None:
    # 5 by 1 : 1 : 1 : 3 of 6: 5/6 three times and 15/6 = 2.5: two whole, three left for the three of 5/6.
    assert [part.minor for part in Money(5, "USD").allocate([1, 1, 1, 3])] == [1, 1, 1, 2]
    assert [part.minor for part in Money(-5, "USD").allocate([1, 1, 1, 3])] == [-1, -1, -1, -2]
    # One by three equal parts: the first has it. One part has all.
    assert [part.minor for part in Money(1, "USD").allocate([1, 1, 1])] == [1, 0, 0]
    assert [part.minor for part in Money(-1, "USD").allocate([1, 1])] == [-1, 0]
    assert [part.minor for part in Money(7, "USD").allocate([Decimal("0.5")])] == [7]
    assert total([DOLLAR, DOLLAR, DOLLAR], currency="USD") == Money(300, "USD")


@pytest.mark.parametrize(
    ("of", "to", "words"),
    [
        ("NaN", "1", "an exchange rate is a finite number"), ("1", "NaN", "an exchange rate is a finite number"),
        ("Infinity", "1", "an exchange rate is a finite number"),
        ("0", "1", "an exchange rate is above zero"), ("1", "0", "an exchange rate is above zero"),
        ("-1", "-1", "an exchange rate is above zero"),
    ],
)  # fmt: skip
def test_a_rate_that_is_none_is_refused_by_name(of: str, to: str, words: str) -> None:
    with pytest.raises(ValueError, match="exchange rate") as error:
        convert(DOLLAR, Decimal(of), Decimal(to), "TZS")
    assert said(error) == words


def test_a_rate_just_above_nothing_is_a_rate() -> None:
    # 100.00 dollars at half a unit a dollar are 50.00; from a currency of two units a dollar they are 50.00 too.
    assert convert(Money(10_000, "USD"), Decimal(1), Decimal("0.5"), "EUR") == Money(5_000, "EUR")
    assert convert(Money(10_000, "EUR"), Decimal("0.5"), Decimal(1), "USD") == Money(20_000, "USD")


@pytest.mark.parametrize(
    ("weight", "unit", "words"),
    [
        ("-0.001", "g", "a weight is a finite number and not below zero"),
        ("NaN", "g", "a weight is a finite number and not below zero"),
        ("1000000.001", "kg", "the weight is above one thousand tonnes"),
    ],
)
def test_a_weight_that_is_none_is_refused_by_name(weight: str, unit: str, words: str) -> None:
    with pytest.raises(ValueError, match="weight") as error:
        to_mg(Decimal(weight), unit)
    assert said(error) == words


def test_a_thousand_tonnes_are_a_weight() -> None:
    assert to_mg(Decimal(1_000_000), "kg") == HEAVIEST_MG


def test_an_unknown_unit_and_an_impossible_fineness_are_refused_by_name() -> None:
    with pytest.raises(UnknownUnit) as error:
        from_mg(1, "lb")
    assert said(error) == "unknown unit of weight: 'lb'"
    for fineness in ("0", "-0.1", "1000.1"):
        with pytest.raises(ValueError, match=r"^fineness is above 0 and at most 1000 parts per thousand$"):
            fine_mass_g(1, Decimal(fineness))
    assert fine_mass_g(1000, Decimal(1000)) == 1
    assert fine_mass_g(1000, Decimal("0.1")) == Fraction(1, 10_000)


TOO_LARGE = "This number is too large. Check it."
NOT_A_NUMBER = "Enter a number with digits only, such as 3.42."


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "Enter the weight."), ("0", "Enter a weight above zero."), ("x", NOT_A_NUMBER), (".", NOT_A_NUMBER),
        ("1.2.3", "Use one comma or point only, before the part smaller than one."), ("1.2.", "Use one comma or point"
         " only, before the part smaller than one."), ("1.2x.3", NOT_A_NUMBER), ("1.", NOT_A_NUMBER),
        ("1.1234567", "Enter at most %(most)s digits after the decimal mark."),
        ("1000000000000.1", TOO_LARGE), ("1" * 41, "This number is too long. Check it."),
    ],
)  # fmt: skip
def test_a_weight_is_asked_again_word_for_word(typed: str, message: str) -> None:
    with pytest.raises(NumberRefused) as error:
        parse_weight(typed)
    assert error.value.message == message
    assert error.value.params == ({"most": 6} if "most" in message else {})


def test_the_longest_finest_and_largest_weight_are_read() -> None:
    assert parse_weight("1.123456") == Decimal("1.123456")
    assert parse_weight("0.000001") == Decimal("0.000001")
    assert parse_weight("1000000000000") == 10**12
    assert parse_weight("0" * 39 + "1") == 1
    assert parse_weight("1 234 567") == 1_234_567


@pytest.mark.parametrize(
    ("typed", "unit", "message"),
    [
        ("1000001", "kg", "This weight is too large. Check the unit."),
        ("0.0005", "g", "This weight is too small to record: the smallest is one milligram."),
    ],
)
def test_a_weight_that_does_not_fit_its_unit_is_asked_again_word_for_word(typed: str, unit: str, message: str) -> None:
    with pytest.raises(NumberRefused) as error:
        parse_weight_mg(typed, unit)
    assert error.value.message == message


def test_the_smallest_and_the_heaviest_weight_are_read() -> None:
    assert parse_weight_mg("0.001", "g") == 1
    assert parse_weight_mg("1000000", "kg") == HEAVIEST_MG


@pytest.mark.parametrize(
    ("typed", "currency", "message", "params"),
    [
        ("", "USD", "Enter the amount.", {}),
        ("x", "USD", "Enter the amount with digits only, such as 3,224,000.", {}),
        ("1.50", "TZS", "Amounts in %(currency)s are whole: leave the cents out.", {"currency": "TZS"}),
        ("1000000000000.01", "USD", TOO_LARGE, {}),
        ("1" * 41, "USD", "This number is too long. Check it.", {}),
    ],
)
def test_an_amount_is_asked_again_word_for_word(
    typed: str, currency: str, message: str, params: dict[str, object]
) -> None:
    with pytest.raises(NumberRefused) as error:
        parse_money(typed, currency)
    assert error.value.message == message
    assert error.value.params == params


def test_the_largest_amount_is_read_and_an_unknown_currency_is_named() -> None:
    assert parse_money("1,000,000,000,000", "USD") == Money(10**14, "USD")
    assert parse_money("0.5", "USD") == Money(50, "USD")
    with pytest.raises(UnknownCurrency) as error:
        parse_money("1", "XXX")
    assert said(error) == "unknown currency: 'XXX'"


KARAT, PERMILLE = "Karat is between 1 and 24.", "Fineness is between 0 and 1000 parts per thousand."


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "Enter the fineness."),
        ("gold", "Enter the fineness as 916, 91.6 % or 22 kt."),
        ("99.9", "Say which fineness you mean: 916, 91.6 % or 22 kt."),
        ("0.9 kt", KARAT), ("24.1 kt", KARAT), ("0 ‰", PERMILLE), ("1000.1", PERMILLE), ("100.1 %", PERMILLE),
        ("916.75", "Enter the fineness to one tenth of a part per thousand, such as 916.7."),
    ],
)  # fmt: skip
def test_a_fineness_is_asked_again_word_for_word(typed: str, message: str) -> None:
    with pytest.raises(NumberRefused) as error:
        parse_fineness(typed)
    assert error.value.message == message


@pytest.mark.parametrize(
    ("typed", "permille"),
    [
        ("100", "100.0"), ("0.1 ‰", "0.1"), ("0.5‰", "0.5"), ("1000", "1000.0"), ("100 %", "1000.0"),
        ("0.01 %", "0.1"), ("1 kt", "41.7"), ("1.5 karat", "62.5"), ("24k", "1000.0"), ("22 KT", "916.7"),
        ("22 Karats", "916.7"), ("22 karat", "916.7"),
    ],
)  # fmt: skip
def test_a_fineness_at_its_limits_is_read(typed: str, permille: str) -> None:
    assert str(parse_fineness(typed)) == permille
