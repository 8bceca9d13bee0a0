"""Read what curators type about reference rates; every wrong field is named at once. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from marketplace.core.errors import FieldError, InvalidInput
from marketplace.core.numbers import NumberRefused, parse_rate
from marketplace.core.text import N_

EARLIEST: Final = date(1970, 1, 1)
LONGEST_SOURCE: Final = 200
LONGEST_REASON: Final = 500
_DAY: Final = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class RateEntry:
    """Hold a rate as a curator typed it: for which day, how much, from where, and why by hand."""

    observed_on: date
    value: Decimal
    source: str
    reason: str


def read_entry(typed: Mapping[str, str], *, today: date) -> RateEntry:
    """Return a rate of today or before; raises InvalidInput naming every wrong field."""
    errors: dict[str, FieldError | str] = {}
    observed_on, value = today, Decimal(1)
    try:
        observed_on = _day(typed.get("observed_on", ""), today=today)
    except ValueError as error:
        errors["observed_on"] = str(error)
    try:
        value = parse_rate(typed.get("value", ""))
    except NumberRefused as error:
        errors["value"] = FieldError(error.message, **error.params)
    source = _words(typed.get("source", ""), most=LONGEST_SOURCE, empty=N_("Say where you read this rate."))
    reason = _words(typed.get("reason", ""), most=LONGEST_REASON, empty=N_("Say why you enter it by hand."))
    errors |= {name: text for name, text in (("source", source), ("reason", reason)) if isinstance(text, FieldError)}
    if errors:
        raise InvalidInput(errors)
    return RateEntry(observed_on, value, str(source), str(reason))


def read_reason(text: str) -> str:
    """Return why a rate is released or dismissed; raises InvalidInput without words or with too many."""
    reason = _words(text, most=LONGEST_REASON, empty=N_("Say why. Others will read it."))
    if isinstance(reason, FieldError):
        raise InvalidInput({"reason": reason})
    return reason


def _day(text: str, *, today: date) -> date:
    if not text.strip():
        raise ValueError(N_("Enter the day of the rate."))
    if not _DAY.fullmatch(text.strip()):
        raise ValueError(N_("Enter the day as year, month and day, such as 2026-09-29."))
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(N_("There is no such day in the calendar. Check it.")) from None
    if day > today:
        raise ValueError(N_("A rate of a day to come is not known yet. Enter today or a day before."))
    if day < EARLIEST:
        raise ValueError(N_("This day is too long ago. Check the year."))
    return day


def _words(text: str, *, most: int, empty: str) -> str | FieldError:
    words = text.strip()
    if not words:
        return FieldError(empty)
    return words if len(words) <= most else FieldError(N_("Write at most %(most)s characters."), most=most)
