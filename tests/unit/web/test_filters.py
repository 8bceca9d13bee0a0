"""Numbers, dates and names as each reader writes them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from marketplace.core.money import DISPLAY_DECIMALS, Money
from marketplace.web import filters

NOW = datetime(2026, 11, 22, 14, 5, tzinfo=UTC)
Reading = Callable[..., Any]


def plain(text: str) -> str:
    """Show the two kinds of unbroken space as plain ones."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("language", "money", "text"),
    [
        ("en", Money(124_000, "USD"), "US$1,240.00"),
        ("sw", Money(124_000, "USD"), "US$ 1,240.00"),
        ("fr", Money(124_000, "USD"), "1 240,00 US$"),
        ("es", Money(124_000, "USD"), "US$1.240,00"),
        ("en", Money(322_400_000, "TZS"), "TSh 3,224,000"),
        ("fr", Money(322_400_000, "TZS"), "3 224 000 TSh"),
        # Cents nobody uses are shown when they are there: the parts must sum to the price on the page too.
        ("en", Money(322_400_037, "TZS"), "TSh 3,224,000.37"),
        ("en", Money(124_000, "XOF"), "F CFA 124,000"),
        ("en", Money(-5_000, "KES"), "-KSh 50.00"),
        ("es", Money(500_000, "COP"), "COP $5.000"),
        ("en", Money(0, "USD"), "US$0.00"),
    ],
)
def test_money_is_written_as_in_the_readers_country(reading: Reading, language: str, money: Money, text: str) -> None:
    with reading(language):
        assert plain(filters.money(money)) == text


@pytest.mark.parametrize("currency", sorted(DISPLAY_DECIMALS))
@pytest.mark.parametrize("language", ["en", "sw", "fr", "es"])
def test_every_currency_is_named_and_no_dollar_stands_bare(reading: Reading, language: str, currency: str) -> None:
    with reading(language):
        text = plain(filters.money(Money(1, currency)))

    assert text.strip("0123456789., ") not in ("", "$")
    assert "¤" not in text


def test_a_guide_price_is_rounded_to_the_digits_people_use(reading: Reading) -> None:
    with reading():
        assert plain(filters.money_about(Money(322_400_050, "TZS"))) == "TSh 3,224,000"
        assert filters.money_about(Money(124_049, "USD")) == "US$1,240.49"


@pytest.mark.parametrize(
    ("milligrams", "kind", "text"),
    [
        (684, "gem", "3.42 ct (0.684 g)"),  # 684 / 200 = 3.42
        (1, "gem", "0.005 ct (0.001 g)"),
        (200, "gem", "1.00 ct (0.2 g)"),
        (250_000, "gold", "250.00 g"),
        (1_234_567, "gold", "1,234.567 g"),
    ],
)
def test_weight_names_the_unit_of_its_trade(reading: Reading, milligrams: int, kind: str, text: str) -> None:
    with reading():
        assert filters.weight(milligrams, kind) == text


def test_weight_has_a_comma_in_french(reading: Reading) -> None:
    with reading("fr"):
        assert filters.weight(684) == "3,42 ct (0,684 g)"


@pytest.mark.parametrize(
    ("permille", "text"),
    [
        (Decimal("916.7"), "916.7 ‰, 22 kt"),  # 916.7 x 24 / 1000 = 22.0008
        (750, "750 ‰, 18 kt"),
        (920, "920 ‰, 22.1 kt"),  # 22.08
        (Decimal("999.0"), "999 ‰, 24 kt"),  # 23.976
    ],
)
def test_fineness_stands_with_its_karat(reading: Reading, permille: Decimal | int, text: str) -> None:
    with reading():
        assert filters.fineness(permille) == text


@pytest.mark.parametrize(
    ("language", "share", "digits", "text"),
    [
        ("en", Decimal("0.78"), 1, "78%"),
        ("en", Decimal("0.029"), 1, "2.9%"),
        ("en", Decimal("0.7826"), 0, "78%"),
        ("fr", Decimal("0.029"), 1, "2,9 %"),
        ("en", 1, 1, "100%"),
        ("en", Decimal("0.0004"), 1, "<0.1%"),
        ("en", Decimal("0.0006"), 1, "0.1%"),
        ("en", Decimal(0), 1, "0%"),
    ],
)
def test_a_share_is_written_as_percent(
    reading: Reading, *, language: str, share: Decimal, digits: int, text: str
) -> None:
    with reading(language):
        assert plain(filters.percent(share, digits)) == text


@pytest.mark.parametrize("write", [filters.percent, filters.fineness, filters.number, filters.weight])
@pytest.mark.parametrize("wrong", [0.5, True])
def test_a_float_is_refused(reading: Reading, write: Callable[[Any], str], wrong: object) -> None:
    with reading(), pytest.raises(TypeError):
        write(wrong)


def test_days_and_moments_are_words_nobody_can_mix_up(reading: Reading) -> None:
    with reading():
        assert filters.short_date(date(2026, 11, 22)) == "22 Nov 2026"
        assert filters.date_time(NOW) == "22 Nov 2026, 14:05 UTC"
    with reading("es"):
        assert filters.short_date(NOW) == "22 nov 2026"


def test_distance_in_time_is_told_from_the_given_now(reading: Reading) -> None:
    with reading():
        assert filters.ago(NOW - timedelta(minutes=2), NOW) == "2 minutes ago"
        assert filters.ago(NOW + timedelta(days=3), NOW) == "in 3 days"
        assert filters.duration(timedelta(hours=48)) == "48 hours"


def test_countries_and_varieties_have_names(reading: Reading) -> None:
    with reading("fr"):
        assert (filters.country("TZ"), filters.variety("emerald")) == ("Tanzanie", "Émeraude")
    with reading():
        assert (filters.country("ZZZ"), filters.variety("blue_thing")) == ("ZZZ", "Blue thing")


@pytest.mark.parametrize(
    "write", [filters.money, filters.money_about, filters.weight, filters.fineness, filters.percent, filters.number,
              filters.short_date, filters.date_time, filters.duration, filters.country, filters.translate]
)  # fmt: skip
def test_nothing_is_written_for_nothing(reading: Reading, write: Callable[[None], str]) -> None:
    with reading():
        assert write(None) == ""
