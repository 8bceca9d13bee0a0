"""The file of limits: read whole, or refused with every mistake named."""

from datetime import date
from pathlib import Path
from textwrap import dedent

import pytest

from config.limits import SHIPPED_LIMITS
from config.settings import Settings, SettingsError

ROW = """
    [[level]]
    level = {level}
    valid_from = {day}
    one_order = {amount}
    twelve_months = {amount}
    source = "House rule"
    evidence = "read"
"""
HOLD = """
    [[hold]]
    country = "{country}"
    days = {days}
    source = "https://provider.example"
    read_on = 2026-11-27
"""
LEVELS = "".join(ROW.format(level=level, day="2026-01-01", amount=level * 100) for level in range(4))
GOOD = LEVELS + HOLD.format(country="*", days=90)


def settings(tmp_path: Path, text: str, **more: str) -> Settings:
    file = tmp_path / "limits.toml"
    file.write_text(dedent(text))
    return Settings.from_environment({"ENVIRONMENT": "test", "LIMITS_FILE": str(file), **more})


def refusal(tmp_path: Path, text: str, **more: str) -> str:
    with pytest.raises(SettingsError) as refused:
        settings(tmp_path, text, **more)
    return str(refused.value)


def test_the_shipped_file_has_every_level_and_the_providers_holds() -> None:
    found = Settings.from_environment({"ENVIRONMENT": "test"})

    limits, today = found.limits_file, date(2026, 9, 29)
    assert limits.path == SHIPPED_LIMITS
    assert [limits.of_level(level, on=today).twelve_months for level in range(4)] == [0, 0, 1_000_000, 5_000_000]
    assert [limits.of_hold(country).days for country in ("TH", "US", "DE", "KE")] == [10, 730, 90, 90]
    assert found.provider_country == "US"
    assert all(row.source for row in (*limits.levels, *limits.holds))


def test_the_newest_row_in_force_counts(tmp_path: Path) -> None:
    newer = ROW.format(level=2, day="2027-03-01", amount=999)
    limits = settings(tmp_path, newer + GOOD).limits_file

    assert limits.of_level(2, on=date(2027, 2, 28)).one_order == 200
    assert limits.of_level(2, on=date(2027, 3, 1)).one_order == 999
    assert limits.of_level(2, on=date(2020, 1, 1)).one_order == 200, "before the first row, that row counts"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HOLD.format(country="*", days=90), "level must be a list"),
        (LEVELS, "hold must be a list"),
        (LEVELS + HOLD.format(country="TH", days=10), "every other country"),
        (GOOD + HOLD.format(country="*", days=80), "a country has two holds"),
        (GOOD + ROW.format(level=2, day="2026-01-01", amount=5), "level 2 has two rows of one day"),
        (GOOD.replace("level = 1", "level = 2").replace("2026-01-01", "2026-01-02", 2), "level 1 has no row"),
        (GOOD.replace("2026-01-01", '"soon"', 1), "level row 1: valid_from must be a day without quotes"),
        (GOOD.replace("2026-01-01", "2026-01-01T10:00:00", 1), "valid_from must be a day without quotes"),
        (GOOD.replace("one_order = 100", "one_order = -1"), "level row 2: one_order must be a whole number"),
        (GOOD.replace("days = 90", "days = 1"), "hold row 1: days must be a whole number from 2"),
        (GOOD.replace('evidence = "read"', 'evidence = "heard"', 1), "evidence is 'heard'"),
        (GOOD.replace("one_order", "one_oder", 1), "one_oder is not a field here"),
        ("colour = 3\n" + dedent(GOOD), "colour is not a field here"),
        ("[[level", "is not a TOML file"),
        ("#" * 100_001, "it is too large"),
    ],
)
def test_a_mistake_stops_the_start_and_is_named(tmp_path: Path, text: str, said: str) -> None:
    assert said in refusal(tmp_path, text)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"nothing\.toml cannot be read"):
        Settings.from_environment({"ENVIRONMENT": "test", "LIMITS_FILE": str(tmp_path / "nothing.toml")})


@pytest.mark.parametrize("country", ["USA", "1", "ÄÖ"])
def test_the_providers_country_has_two_letters(tmp_path: Path, country: str) -> None:
    assert "PROVIDER_COUNTRY must be the two letters" in refusal(tmp_path, GOOD, PROVIDER_COUNTRY=country)


def test_small_letters_name_a_country_too(tmp_path: Path) -> None:
    assert settings(tmp_path, GOOD, PROVIDER_COUNTRY="th").provider_country == "TH"
