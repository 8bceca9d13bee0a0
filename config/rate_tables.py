"""Read one table of a TOML file of settings, collecting every complaint with its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

LONGEST_TEXT = 500


@dataclass
class Table:
    """The values of one table, where it stands, and the problems met while reading it.

    `above` holds what a table takes over from the one it stands in.
    """

    values: Mapping[str, Any]
    place: str
    problems: list[str]
    above: Mapping[str, Any] = field(default_factory=dict)
    _read: set[str] = field(default_factory=set)

    def complain(self, words: str) -> None:
        """Note a problem with this table."""
        self.problems.append(f"{self.place}: {words}")

    def text(self, name: str, default: str | None = None) -> str:
        """Return a text; without a default it must be there."""
        value = self._value(name, default)
        if isinstance(value, str) and 0 < len(value.strip()) <= LONGEST_TEXT:
            return value.strip()
        if value is None or value != default:
            self.complain(f"{name} is missing" if value is None else f"{name} must be a text between quotes")
        return default or ""

    def choice(self, name: str, default: str | None, *, allowed: tuple[str, ...]) -> str:
        """Return one of the allowed words."""
        value = self.text(name, default)
        if value and value not in allowed:
            self.complain(f"{name} is {value!r}; it must be one of: {', '.join(allowed)}")
        return value

    def number(self, name: str, default: int | None, *, at_least: int, at_most: int) -> int:
        """Return a whole number within both bounds."""
        value = self._value(name, default)
        if type(value) is int and at_least <= value <= at_most:  # a bool is an int in Python
            return value
        self.complain(f"{name} must be a whole number from {at_least} to {at_most}")
        return at_least

    def day(self, name: str) -> date:
        """Return a day written without quotes, such as 2026-01-01."""
        value = self._value(name, None)
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        self.complain(f"{name} must be a day without quotes, such as 2026-01-01")
        return date.min

    def decimal(self, name: str, default: Decimal | None, *, at_most: Decimal) -> Decimal | None:
        """Return an exact number above zero, or the default when it is not there."""
        value = self._value(name, default)
        if value is None:
            return None
        if type(value) in (int, Decimal) and Decimal(value).is_finite() and 0 < value <= at_most:
            return Decimal(value)
        self.complain(f"{name} must be a number above zero and at most {at_most:f}")
        return default

    def names(self, name: str, default: tuple[str, ...]) -> tuple[str, ...]:
        """Return one text or a list of texts, in order."""
        value = self._value(name, default)
        listed = [value] if isinstance(value, str) else value
        if isinstance(listed, list | tuple) and all(isinstance(each, str) and each.strip() for each in listed):
            return tuple(each.strip() for each in listed)
        self.complain(f"{name} must be a text or a list of texts")
        return default

    def tables(self, name: str, *, at_most: int) -> list[Mapping[str, Any]]:
        """Return a list of tables, at least one."""
        value = self._value(name, None)
        if isinstance(value, list) and 0 < len(value) <= at_most and all(isinstance(each, dict) for each in value):
            return value
        self.complain(f"{name} must be a list of 1 to {at_most} tables")
        return []

    def taken_over(self, names: tuple[str, ...]) -> dict[str, Any]:
        """Return the values that the tables inside this one take over; they are checked there."""
        self._read.update(names)
        return {name: self.values[name] for name in names if name in self.values}

    def refuse_unknown(self) -> None:
        """Note every name that nobody asked for: a misspelt one would change nothing and be missed."""
        for name in self.values:
            if name not in self._read:
                self.complain(f"{name} is not a field here")

    def _value(self, name: str, default: Any) -> Any:
        self._read.add(name)
        return self.values.get(name, self.above.get(name, default))
