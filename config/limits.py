"""The limits of buyers' levels and of the provider's holds, read from a TOML file once at the start."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from config.parsing import Reader
from config.rate_tables import Table
from config.toml_files import document_of

SHIPPED_LIMITS: Final = Path(__file__).parent / "limits.toml"
LARGEST_FILE: Final = 100_000
LEVELS: Final = (0, 1, 2, 3)
EVERY_OTHER: Final = "*"
MOST_ROWS: Final = 100
LARGEST_LIMIT: Final = 10**12


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelLimit:
    """What a level may buy from a day on; amounts are whole cents of US dollars."""

    level: int
    valid_from: date
    one_order: int
    twelve_months: int
    source: str
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldLimit:
    """How many days money may rest at the provider for an account of a country."""

    country: str
    days: int
    source: str
    read_on: date


@dataclass(frozen=True, slots=True)
class Limits:
    """The whole file."""

    path: Path
    levels: tuple[LevelLimit, ...]
    holds: tuple[HoldLimit, ...]

    def of_level(self, level: int, *, on: date) -> LevelLimit:
        """Return what a level may buy on a day; before its first row that first row counts."""
        rows = sorted((row for row in self.levels if row.level == level), key=lambda row: row.valid_from)
        return next((row for row in reversed(rows) if row.valid_from <= on), rows[0])

    def of_hold(self, country: str) -> HoldLimit:
        """Return the limit of the country of the provider's account."""
        named = {row.country: row for row in self.holds}
        return named.get(country) or named[EVERY_OTHER]


def limit_settings(read: Reader) -> dict[str, Any]:
    """Return the settings of limits by their field names."""
    path = Path(read.text("LIMITS_FILE", str(SHIPPED_LIMITS))).absolute()
    country = read.text("PROVIDER_COUNTRY", "US").upper()
    if len(country) != 2 or not country.isascii() or not country.isalpha():
        read.problems.append("PROVIDER_COUNTRY must be the two letters of a country, such as US")
    problems: list[str] = []
    limits = read_limits(path, problems)
    read.problems += problems
    return {"limits_file": limits, "provider_country": country}


def read_limits(path: Path, problems: list[str]) -> Limits:
    """Return the limits of a file; every problem is noted with its place."""
    top = Table(
        document_of(path, setting="LIMITS_FILE", most=LARGEST_FILE, problems=problems),
        f"LIMITS_FILE {path.name}",
        problems,
    )
    limits = Limits(path, tuple(_levels(top)), tuple(_holds(top)))
    top.refuse_unknown()
    if not problems:
        _check_whole(top, limits)
    return limits


def _levels(top: Table) -> Iterator[LevelLimit]:
    for number, values in enumerate(top.tables("level", at_most=MOST_ROWS), 1):
        table = Table(values, f"{top.place}, level row {number}", top.problems)
        yield LevelLimit(
            level=table.number("level", None, at_least=0, at_most=LEVELS[-1]),
            valid_from=table.day("valid_from"),
            one_order=table.number("one_order", None, at_least=0, at_most=LARGEST_LIMIT),
            twelve_months=table.number("twelve_months", None, at_least=0, at_most=LARGEST_LIMIT),
            source=table.text("source"),
            evidence=table.choice("evidence", None, allowed=("read", "memory")),
        )
        table.refuse_unknown()


def _holds(top: Table) -> Iterator[HoldLimit]:
    for number, values in enumerate(top.tables("hold", at_most=MOST_ROWS), 1):
        table = Table(values, f"{top.place}, hold row {number}", top.problems)
        yield HoldLimit(
            country=table.text("country"),
            days=table.number("days", None, at_least=2, at_most=3650),
            source=table.text("source"),
            read_on=table.day("read_on"),
        )
        table.refuse_unknown()


def _check_whole(top: Table, limits: Limits) -> None:
    """Complain about a level or a country that the file forgets or has twice."""
    for level in LEVELS:
        days = [row.valid_from for row in limits.levels if row.level == level]
        if not days:
            top.complain(f"level {level} has no row")
        if len(set(days)) < len(days):
            top.complain(f"level {level} has two rows of one day")
    countries = [row.country for row in limits.holds]
    if EVERY_OTHER not in countries:
        top.complain('no hold for every other country: country = "*"')
    if len(set(countries)) < len(countries):
        top.complain("a country has two holds")
