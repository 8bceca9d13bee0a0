"""Read the reference data shipped with the software; ORIGIN.md beside it names origin and licence."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256
from importlib.resources import files
from typing import Final

_METAL_COLUMNS: Final = (
    ("XAU/USD", "xau_usd_per_troy_oz"),
    ("XAG/USD", "xag_usd_per_troy_oz"),
    ("XPT/USD", "xpt_usd_per_troy_oz"),
)


@dataclass(frozen=True, slots=True)
class Observation:
    """Hold one observed value of a series, before it is judged."""

    series: str
    observed_on: date
    value: Decimal


def rows_of(path: str) -> list[dict[str, str]]:
    """Return the rows of a shipped CSV file, each by its column names."""
    return list(csv.DictReader(_text(path).splitlines()))


def digest_of(path: str) -> str:
    """Return the SHA-256 of a shipped file, for the audit entry of its import."""
    return sha256(_text(path).encode()).hexdigest()


def metal_observations() -> list[Observation]:
    """Return the shipped metal rates in US dollars a troy ounce."""
    return [
        Observation(series, date.fromisoformat(row["date"]), Decimal(row[column]))
        for row in rows_of("rates/metals_usd_per_troy_oz.csv")
        for series, column in _METAL_COLUMNS
        if row[column]  # platinum has six empty days: no value is not a value of zero
    ]


def exchange_observations() -> list[Observation]:
    """Return the shipped exchange rates in units per US dollar."""
    return [
        Observation(f"USD/{row['currency']}", date.fromisoformat(row["date"]), Decimal(row["units_per_usd"]))
        for row in rows_of("rates/fx_units_per_usd.csv")
    ]


def decimal_or_none(text: str) -> Decimal | None:
    """Return the number in a cell, or None for an empty one: an empty rate never becomes zero."""
    return Decimal(text) if text else None


def date_or_none(text: str) -> date | None:
    """Return the date in a cell, or None for an empty one."""
    return date.fromisoformat(text) if text else None


def minor_of(row: Mapping[str, str], column: str) -> int:
    """Return a cell in US dollars as whole cents; refuses a fraction of a cent."""
    cents = Decimal(row[column]) * 100
    if cents != int(cents):
        raise ValueError(f"{column} is not in whole cents: {row[column]}")
    return int(cents)


def _text(path: str) -> str:
    return files("marketplace").joinpath("data", *path.split("/")).read_text(encoding="utf-8")
