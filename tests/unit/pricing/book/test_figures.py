"""Figures of a price book are read strictly: what could mean two things is refused."""

from datetime import date
from decimal import Decimal

import pytest

from marketplace.pricing.book.figures import CellRefused, parse_carats, parse_day, parse_usd

TODAY = date(2026, 9, 29)


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
        ("1.250", "two ways"), ("1,250", "two ways"), ("1.000", "two ways"), ("1.2345", "at most two digits"),
        ("1,250.50", "without marks"), ("1.250,50", "without marks"), ("1 250", "without marks"),
        ("1'250", "without marks"), ("1’250", "without marks"), ("1\u00a0250", "without marks"),
        ("1\u202f250", "without marks"), ("1.", "without marks"), (".5", "without marks"),
        ("1" * 13, "without marks"), ("-5", "without a sign"), ("+5", "without a sign"), ("−5", "without a sign"),
        ("1e3", "without an E"), ("1E+3", "without an E"), ("1,5e-3", "without an E"), ("NaN", "digits only"),
        ("Infinity", "digits only"), ("US$5", "digits only"), ("٣", "digits only"), (".", "digits only"),
        ("0", "above zero"), ("0.00", "above zero"), ("10000000.01", "too high"), ("99999999", "too high"),
    ],
)  # fmt: skip
def test_a_price_that_is_not_clear_is_refused_with_what_to_write(text: str, words: str) -> None:
    with pytest.raises(CellRefused, match=words):
        parse_usd(text)


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
        ("1.1234", "at most three digits"), ("100000.001", "too large"), ("1,000.5", "without marks"),
        ("-1", "without a sign"), ("1e2", "without an E"), ("light", "digits only"),
    ],
)  # fmt: skip
def test_a_weight_that_is_not_clear_is_refused(text: str, words: str) -> None:
    with pytest.raises(CellRefused, match=words):
        parse_carats(text)


def test_a_day_is_read_up_to_today() -> None:
    assert parse_day("2026-09-29", today=TODAY) == TODAY
    assert parse_day("2018-12-01", today=TODAY) == date(2018, 12, 1)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2026-09-30", "not come yet"), ("29.09.2026", "year-month-day"), ("2026-9-1", "year-month-day"),
        ("2026-02-30", "year-month-day"), ("20260901", "year-month-day"), ("2026-09-01T00:00:00", "year-month-day"),
        ("2026-W01-1", "year-month-day"), ("\u0662\u0660\u0662\u0666-09-01", "year-month-day"),
    ],
)  # fmt: skip
def test_another_day_is_refused(text: str, words: str) -> None:
    with pytest.raises(CellRefused, match=words):
        parse_day(text, today=TODAY)
