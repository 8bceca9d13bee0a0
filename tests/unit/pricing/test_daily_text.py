"""The price of the day in one text: right, dated, honest about its age."""

from dataclasses import replace
from datetime import date

import pytest

from marketplace.core.money import Money
from marketplace.pricing.daily_text import DayPrice, amount_in, daily_text, short_source

# 132.62 US dollars × 2,640 shillings, and so on: invented, whole shillings.
PRICE = DayPrice(
    "TZS",
    {999: Money(35_011_700, "TZS"), 916: Money(32_102_400, "TZS"), 750: Money(26_286_500, "TZS")},
    date(2026, 9, 29),
    0,
    stale=False,
    too_old=False,
    sources=("currency-api, open daily rates", "European Central Bank, euro rates; parity"),
)


def text(price: DayPrice | None, language: str = "en") -> str:
    """Return the text without a translation."""
    return daily_text(price, currency="TZS", language=language, say=str)


def test_a_price_of_today() -> None:
    assert text(PRICE) == (
        "Gold per gram, TZS, 29 Sept 2026: 999=350,117; 916=321,024; 750=262,865. "
        "Reference price, no offer. Source: currency-api, European Central Bank"
    )


def test_an_old_price_warns_first() -> None:
    assert text(replace(PRICE, stale=True, age_days=6)) == (
        "OLD RATE, 6 days. Gold per gram, TZS, 29 Sept 2026: 999=350,117; 916=321,024; 750=262,865. "
        "No offer. Source: currency-api, European Central Bank"
    )


@pytest.mark.parametrize("stale", [True, False])
def test_a_price_too_old_is_not_told(stale: bool) -> None:
    old = replace(PRICE, stale=stale, too_old=True, age_days=15)
    assert text(old) == "No price today. The newest rate is 15 days old."


def test_without_a_rate_there_is_no_price() -> None:
    assert text(None) == "No price today. There is no rate for TZS."


@pytest.mark.parametrize(
    ("language", "day"), [("en", "29 Aug 2026"), ("sw", "29 Ago 2026"), ("fr", "29 aout 2026"), ("es", "29 ago 2026")]
)
def test_the_day_is_written_in_the_readers_language_and_in_letters_that_can_be_sent(language: str, day: str) -> None:
    assert f", {day}: " in text(replace(PRICE, observed_on=date(2026, 8, 29)), language)


def test_words_that_cannot_be_sent_are_written_another_way() -> None:
    said = daily_text(None, currency="TZS", language="fr", say=lambda words: words.replace("today", "aujourd’hui, ô"))
    assert said.startswith("No price aujourd'hui, o.")
    said = daily_text(replace(PRICE, too_old=True), currency="TZS", language="es", say=lambda words: f"día {words}")
    assert said.startswith("dia No price")


@pytest.mark.parametrize(
    ("money", "language", "written"),
    [
        (Money(123_456, "USD"), "en", "1,234.56"),
        (Money(123_456, "USD"), "sw", "1,234.56"),
        (Money(123_456, "USD"), "fr", "1 234,56"),
        (Money(123_456, "USD"), "es", "1.234,56"),
        (Money(1_205, "USD"), "en", "12.05"),
        (Money(5, "EUR"), "en", "0.05"),
        (Money(123_456_750, "TZS"), "en", "1,234,568"),  # a half to the even
        (Money(123_456_650, "TZS"), "en", "1,234,566"),
        (Money(123_456_649, "TZS"), "fr", "1 234 566"),
        (Money(1_234_567, "UGX"), "es", "1.234.567"),
        (Money(999, "JPY"), "en", "999"),
    ],
)
def test_an_amount_is_written_with_the_digits_and_marks_people_use(money: Money, language: str, written: str) -> None:
    assert amount_in(money, language) == written


@pytest.mark.parametrize(
    ("sources", "written"),
    [
        (("currency-api, open daily rates",), "currency-api"),
        (("currency-api, open daily rates", "currency-api, others"), "currency-api"),
        (("A bank; its rates", "B"), "A bank, B"),
        (("x" * 40,), "x" * 35),
        (("y" * 34, "z"), "y" * 34),
        ((), ""),
    ],
)
def test_a_source_is_named_without_its_explanations(sources: tuple[str, ...], written: str) -> None:
    assert short_source(sources) == written
