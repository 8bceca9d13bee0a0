"""Numbers as people type them on a phone: read when clear, asked again when not."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.money import EXPONENT, Money, UnknownCurrency
from marketplace.core.numbers import (
    LARGEST_NUMBER,
    NumberRefused,
    parse_fineness,
    parse_money,
    parse_rate,
    parse_weight,
    parse_weight_mg,
)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("3,42", "3.42"), ("3.42", "3.42"), ("1.234", "1.234"), ("1,234", "1.234"), (".5", "0.5"), ("007", "7"),
        (" 3.42 ", "3.42"), ("1 234,5", "1234.5"), ("1\u00a0234.5", "1234.5"), ("1\u202f234", "1234"), ("250", "250"),
    ],
)  # fmt: skip
def test_one_comma_or_point_in_a_weight_is_the_decimal_mark(typed: str, read: str) -> None:
    assert parse_weight(typed) == Decimal(read)


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("", "Enter the weight."),
        ("  \u00a0", "Enter the weight."),
        ("1,234.5", "Use one comma or point only"),
        ("1.2.3", "Use one comma or point only"),
        ("5.", "digits only"), (".", "digits only"), ("3 42", "digits only"),
        ("-1", "digits only"), ("+1", "digits only"), ("1e3", "digits only"),
        ("NaN", "digits only"), ("Infinity", "digits only"),
        ("٣", "digits only"), ("३", "digits only"), ("\uff13", "digits only"),
        ("²", "digits only"), ("1_000", "digits only"),
        ("0", "above zero"), ("0.00", "above zero"),
        ("1.1234567", "at most 6 digits"),
        ("1000000000001", "too large"),
        ("1" * 41, "too long"),
    ],
)  # fmt: skip
def test_a_weight_that_is_not_clear_is_asked_again(typed: str, answer: str) -> None:
    with pytest.raises(NumberRefused, match=answer):
        parse_weight(typed)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("4129.1005", "4129.1005"), ("4129,1005", "4129.1005"), ("4 129,1005", "4129.1005"), ("4,129", "4.129"),
        ("0.0000000001", "0.0000000001"), (".5", "0.5"), ("1000000000000", "1000000000000"), ("0.8541", "0.8541"),
    ],
)  # fmt: skip
def test_one_comma_or_point_in_a_rate_is_the_decimal_mark(typed: str, read: str) -> None:
    assert parse_rate(typed) == Decimal(read)


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("", "Enter the rate."), (" ", "Enter the rate."), ("0", "Enter a rate above zero."),
        ("0.0000000000", "Enter a rate above zero."), ("-1", "digits only"), ("1e9", "digits only"),
        ("NaN", "digits only"), ("4,129.1005", "Use one comma or point only"), ("٤", "digits only"),
        ("0.00000000001", "at most 10 digits"), ("1000000000000.1", "too large"), ("1000000000001", "too large"),
        ("1" * 41, "too long"),
    ],
)  # fmt: skip
def test_a_rate_that_is_not_clear_is_asked_again(typed: str, answer: str) -> None:
    with pytest.raises(NumberRefused, match=answer):
        parse_rate(typed)


def test_a_typed_weight_becomes_milligrams_or_says_why_not() -> None:
    assert parse_weight_mg("3,42", "ct") == 684
    with pytest.raises(NumberRefused, match="Check the unit"):
        parse_weight_mg("900000000", "kg")
    with pytest.raises(NumberRefused, match="one milligram"):
        parse_weight_mg("0.0001", "g")


@pytest.mark.parametrize(
    ("typed", "currency", "minor"),
    [
        ("3.224.000", "TZS", 322_400_000), ("3 224 000", "TZS", 322_400_000), ("3,224,000", "TZS", 322_400_000),
        ("3\u202f224\u00a0000", "XOF", 3_224_000), ("3224000", "COP", 322_400_000),
        ("3.224", "TZS", 322_400), ("3.224", "USD", 322_400),  # a group of three is thousands
        ("1,240.50", "USD", 124_050), ("1.240,50", "EUR", 124_050), ("1 240,5", "KES", 124_050),
        ("12.3", "USD", 1_230), ("12,34", "USD", 1_234), ("0.05", "USD", 5), ("0", "USD", 0),
    ],
)  # fmt: skip
def test_groups_of_three_are_thousands_and_two_last_digits_a_fraction(typed: str, currency: str, minor: int) -> None:
    assert parse_money(typed, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    ("typed", "currency", "answer"),
    [
        ("", "USD", "Enter the amount"),
        ("3.22", "TZS", "Amounts in TZS are whole"), ("3,224.5", "XOF", "Amounts in XOF are whole"),
        ("-5", "USD", "digits only"), ("1e6", "USD", "digits only"), ("$5", "USD", "digits only"),
        ("3.224.50", "USD", "digits only"),  # the same mark cannot be both
        ("3.224 000", "USD", "digits only"), ("12,34,567", "USD", "digits only"), ("1234,567", "USD", "digits only"),
        ("0.224", "USD", "digits only"), ("1.2345", "USD", "digits only"), ("٣٢٢٤", "TZS", "digits only"),
        ("1000000000001", "USD", "too large"),
    ],
)  # fmt: skip
def test_an_amount_that_is_not_clear_is_asked_again(typed: str, currency: str, answer: str) -> None:
    with pytest.raises(NumberRefused, match=answer):
        parse_money(typed, currency)


@pytest.mark.parametrize("currency", sorted(EXPONENT))
def test_the_largest_amount_that_is_read_fits_every_currency(currency: str) -> None:
    assert parse_money(str(LARGEST_NUMBER), currency).minor == LARGEST_NUMBER * 10 ** EXPONENT[currency]


def test_an_amount_in_an_unknown_currency_is_a_programming_error() -> None:
    with pytest.raises(UnknownCurrency):
        parse_money("1", "XXX")


@pytest.mark.parametrize(
    ("typed", "permille"),
    [
        ("916", "916.0"), ("916.7", "916.7"), ("916,7", "916.7"), ("916 ‰", "916.0"), ("50‰", "50.0"),
        ("91.6 %", "916.0"), ("91,67%", "916.7"),
        ("22 kt", "916.7"),  # 22 ÷ 24 × 1000 = 916.666…
        ("18k", "750.0"), ("21 karat", "875.0"), ("20 Karats", "833.3"), ("24 kt", "1000.0"),
    ],
)  # fmt: skip
def test_a_fineness_is_read_as_parts_per_thousand(typed: str, permille: str) -> None:
    assert str(parse_fineness(typed)) == permille


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("", "Enter the fineness"), ("gold", "916, 91.6 % or 22 kt"), ("22 ct", "916, 91.6 % or 22 kt"),
        ("22", "Say which"), ("0.916", "Say which"),  # both could mean three things
        ("25 kt", "between 1 and 24"), ("0.5 kt", "between 1 and 24"),
        ("1001", "between 0 and 1000"), ("101 %", "between 0 and 1000"), ("0 %", "between 0 and 1000"),
        ("916.75", "one tenth"), ("91.666 %", "one tenth"), ("-916", "916, 91.6 % or 22 kt"),
    ],
)  # fmt: skip
def test_a_fineness_that_is_not_clear_is_asked_again(typed: str, answer: str) -> None:
    with pytest.raises(NumberRefused, match=answer):
        parse_fineness(typed)


@given(weight=st.decimals(min_value="0.000001", max_value=10**11, places=6), mark=st.sampled_from(".,"))
def test_every_weight_is_read_back_whichever_mark_it_is_written_with(weight: Decimal, mark: str) -> None:
    assert parse_weight(f"{weight:f}".replace(".", mark)) == weight


@given(minor=st.integers(0, 10**13), marks=st.sampled_from([(",", "."), (".", ","), (" ", ","), ("\u202f", ".")]))
def test_every_amount_is_read_back_however_it_is_grouped(minor: int, marks: tuple[str, str]) -> None:
    group, decimal = marks
    typed = f"{minor // 100:,}".replace(",", group) + f"{decimal}{minor % 100:02d}"
    assert parse_money(typed, "USD") == Money(minor, "USD")


@given(text=st.text(max_size=30))
def test_any_text_is_either_a_number_or_refused(text: str) -> None:
    for read in (parse_weight, parse_fineness, lambda typed: parse_money(typed, "USD").currency):
        with suppress(NumberRefused):
            assert read(text)
