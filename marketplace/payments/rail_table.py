"""What is possible where: rails by country and currency with their limits, read from a dated table. Pure.

Source of each row: the row itself (`source`); rows with evidence M are from memory and shown as unverified.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from marketplace.core.money import EXPONENT, Money
from marketplace.payments.rails import MOBILE_PROVIDERS, Rail

ANY: Final = "*"
FIELDS: Final = frozenset({"holder", "bank", "account", "bic", "provider", "phone", "receiver", "stripe_account"})
EVIDENCE: Final = ("S", "M")


class TableRefused(ValueError):
    """The table has a mistake; the words name the row and what is wrong."""


@dataclass(frozen=True, slots=True)
class RailRow:
    """One way to be paid. Limits are None where none is known; `provider` is empty except for mobile money."""

    country: str
    currency: str
    rail: Rail
    provider: str
    per_transaction: Money | None
    per_day: Money | None
    needs: tuple[str, ...]
    source: str
    evidence: str
    on: date

    @property
    def is_verified(self) -> bool:
        """Tell whether the row was found in a source."""
        return self.evidence == "S"


@dataclass(frozen=True, slots=True)
class Country:
    """How mobile numbers of a country are written: its telephone code, and a pattern of what follows."""

    code: str
    calling_code: str
    mobile: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class RailTable:
    """The whole table as of its version."""

    version: str
    rows: tuple[RailRow, ...]
    countries: tuple[Country, ...]

    def row_for(self, *, country: str, currency: str, rail: str, provider: str = "") -> RailRow | None:
        """Return the row that fits most exactly, or None: the country's before every country's, then the currency's."""
        fitting = [
            row
            for row in self.rows
            if row.rail == rail
            and row.country in (country, ANY)
            and row.currency in (currency, ANY)
            and row.provider == (provider if rail == Rail.MOBILE_MONEY else "")
        ]
        return min(fitting, key=lambda row: (row.country == ANY, row.currency == ANY), default=None)

    def rails_of(self, country: str) -> tuple[Rail, ...]:
        """Return what is possible in a country, in the order of the rails."""
        there = {row.rail for row in self.rows if row.country in (country, ANY)}
        return tuple(rail for rail in Rail if rail in there)

    def providers_of(self, country: str) -> tuple[str, ...]:
        """Return the mobile-money providers of a country, by name; empty where the table knows none."""
        return tuple(sorted({row.provider for row in self.rows if row.country == country and row.provider}))

    def country_named(self, code: str) -> Country | None:
        """Return a country's numbers, or None."""
        return next((each for each in self.countries if each.code == code), None)

    def is_mobile_number(self, number: str) -> bool:
        """Tell whether an international number (+255…) can be a mobile one; of a country not listed it can."""
        listed = [each for each in self.countries if number.startswith(f"+{each.calling_code}")]
        return not listed or any(each.mobile.fullmatch(number[1 + len(each.calling_code) :]) for each in listed)


def read_table(text: str) -> RailTable:
    """Return the table of a TOML text; raise TableRefused naming the first mistake."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TableRefused(f"not a TOML file: {error}") from error
    rows = tuple(_row(values, number) for number, values in enumerate(document.get("rail", ()), 1))
    countries = tuple(_country(values, number) for number, values in enumerate(document.get("country", ()), 1))
    _refuse_twice((row.country, row.currency, row.rail, row.provider) for row in rows)
    _refuse_twice((each.code,) for each in countries)
    return RailTable(str(document.get("version", "")), rows, countries)


def _row(values: Mapping[str, Any], number: int) -> RailRow:
    place = f"rail {number}"
    country, currency = _code(values, "country", r"[A-Z]{2}", place), _code(values, "currency", r"[A-Z]{3}", place)
    rail, provider = str(values.get("rail")), str(values.get("provider", ""))
    needs, evidence = tuple(values.get("needs", ())), str(values.get("evidence"))
    on = values.get("on")
    mistakes = {
        "currency": currency != ANY and currency not in EXPONENT,
        "rail": rail not in tuple(Rail),
        "provider": (rail == Rail.MOBILE_MONEY) != (provider in MOBILE_PROVIDERS),
        "needs": not needs or not FIELDS.issuperset(needs),
        "evidence": evidence not in EVIDENCE,
        "source": not values.get("source"),
        "on": type(on) is not date,
    }
    wrong = [name for name, is_wrong in mistakes.items() if is_wrong]
    if wrong:
        raise TableRefused(f"{place}: {', '.join(wrong)}")
    limits = {name: _limit(values, name, currency, place) for name in ("per_transaction", "per_day")}
    if limits["per_transaction"] and limits["per_day"] and limits["per_transaction"] > limits["per_day"]:
        raise TableRefused(f"{place}: one transfer may not be more than a day")
    return RailRow(
        country, currency, Rail(rail), provider, limits["per_transaction"], limits["per_day"], needs,
        str(values["source"]), evidence, values["on"],
    )  # fmt: skip


def _limit(values: Mapping[str, Any], name: str, currency: str, place: str) -> Money | None:
    units = values.get(name)
    if units is None:
        return None
    if type(units) is not int or units <= 0 or currency == ANY:
        raise TableRefused(f"{place}: {name} is a whole number above zero of one currency")
    return Money(units * 10 ** EXPONENT[currency], currency)


def _country(values: Mapping[str, Any], number: int) -> Country:
    place = f"country {number}"
    code, calling = _code(values, "code", r"[A-Z]{2}", place), _code(values, "calling_code", r"[1-9][0-9]{0,2}", place)
    try:
        return Country(code, calling, re.compile(str(values["mobile"])))
    except (KeyError, re.error) as error:
        raise TableRefused(f"{place}: mobile is a regular expression") from error


def _code(values: Mapping[str, Any], name: str, pattern: str, place: str) -> str:
    text = str(values.get(name))
    if text != ANY and not re.fullmatch(pattern, text):
        raise TableRefused(f"{place}: {name}")
    return text


def _refuse_twice(keys: Iterable[tuple[str, ...]]) -> None:
    seen: set[tuple[str, ...]] = set()
    for key in keys:
        if key in seen:
            raise TableRefused(f"twice: {' '.join(key)}")
        seen.add(key)
