"""Figures of a price book are read strictly: what could mean two things is refused."""

from datetime import date
from decimal import Decimal

import pytest

from marketplace.pricing.book.figures import CellRefused, parse_carats, parse_day, parse_usd

TODAY = date(2026, 9, 29)
TWO_WAYS = "This can be read in two ways. Write thousands without a mark, and cents with two digits."
CENTS = "Write at most two digits for cents."
MARKS = "Write the number without marks between thousands, and with one comma or point at most."
SIGN = "Write the number without a sign."
EXPONENT = "Write the number in full, without an E."
DIGITS = "Write digits only, such as 1250.50."
ABOVE_ZERO = "Write a price above zero."
TOO_HIGH = "This price is too high. Write US dollars for one carat."
THOUSANDTHS = "Write at most three digits after the mark."
TOO_LARGE = "This weight is too large. Write the carats of one stone."
NOT_YET = "This date has not come yet. Write the day on which the price was seen."
DAY = "Write the date as year-month-day, for example 2026-09-29."


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("1", 100), ("1.5", 150), ("1,5", 150), ("1250.50", 125_050), ("1250,05", 125_005), ("0.01", 1), ("007", 700),
        ("80.0", 8_000), ("10000000", 1_000_000_000), ("9999999.99", 999_999_999),
    ],
)  # fmt: skip
def test_a_price_is_read_to_the_cent(text: str, cents: int) -> None:
    assert parse_usd(text) == cents


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1.250", TWO_WAYS), ("1,250", TWO_WAYS), ("1.000", TWO_WAYS), ("1.2345", CENTS),
        ("1,250.50", MARKS), ("1.250,50", MARKS), ("1 250", MARKS),
        ("1'250", MARKS), ("1’250", MARKS), ("1\u00a0250", MARKS),
        ("1\u202f250", MARKS), ("1.", MARKS), (".5", MARKS),
        ("1" * 13, MARKS), ("-5", SIGN), ("+5", SIGN), ("−5", SIGN),
        ("1e3", EXPONENT), ("1E+3", EXPONENT), ("1,5e-3", EXPONENT), ("NaN", DIGITS),
        ("Infinity", DIGITS), ("US$5", DIGITS), ("٣", DIGITS), (".", DIGITS),
        ("0", ABOVE_ZERO), ("0.00", ABOVE_ZERO), ("10000000.01", TOO_HIGH), ("99999999", TOO_HIGH),
    ],
)  # fmt: skip
def test_a_price_that_is_not_clear_is_refused_with_what_to_write(text: str, words: str) -> None:
    with pytest.raises(CellRefused) as refused:
        parse_usd(text)
    assert str(refused.value) == words


@pytest.mark.parametrize(
    ("text", "carats"),
    [
        ("0", "0"),
        ("1", "1"),
        ("0.5", "0.5"),
        ("0,5", "0.5"),
        ("1.125", "1.125"),
        ("2,999", "2.999"),
        ("100000", "100000"),
    ],
)
def test_a_weight_is_read_to_a_thousandth(text: str, carats: str) -> None:
    assert parse_carats(text) == Decimal(carats)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1.1234", THOUSANDTHS), ("100000.001", TOO_LARGE), ("1,000.5", MARKS),
        ("-1", SIGN), ("1e2", EXPONENT), ("light", DIGITS),
    ],
)  # fmt: skip
def test_a_weight_that_is_not_clear_is_refused(text: str, words: str) -> None:
    with pytest.raises(CellRefused) as refused:
        parse_carats(text)
    assert str(refused.value) == words


def test_a_day_is_read_up_to_today() -> None:
    assert parse_day("2026-09-29", today=TODAY) == TODAY
    assert parse_day("2018-12-01", today=TODAY) == date(2018, 12, 1)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2026-09-30", NOT_YET), ("29.09.2026", DAY), ("2026-9-1", DAY),
        ("2026-02-30", DAY), ("20260901", DAY), ("2026-09-01T00:00:00", DAY),
        ("2026-W01-1", DAY), ("\u0662\u0660\u0662\u0666-09-01", DAY),
    ],
)  # fmt: skip
def test_another_day_is_refused(text: str, words: str) -> None:
    with pytest.raises(CellRefused) as refused:
        parse_day(text, today=TODAY)
    assert str(refused.value) == words
