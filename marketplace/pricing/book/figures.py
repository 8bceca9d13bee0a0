"""Read the figures of a price book strictly: a wrong price here guides thousands of sales, so nothing is guessed."""

import re
from datetime import date
from decimal import Decimal
from typing import Final

from marketplace.core.errors import DomainError
from marketplace.core.text import N_

PRICE_DECIMALS: Final = 2
WEIGHT_DECIMALS: Final = 3
HIGHEST_USD: Final = 10_000_000
HEAVIEST_CT: Final = 100_000

_NUMBER: Final = re.compile(r"(?P<whole>[0-9]{1,12})(?:[.,](?P<fraction>[0-9]{1,30}))?")
_EXPONENT: Final = re.compile(r"[0-9.,]+[eE][+\-]?[0-9]+")
_MARKED: Final = re.compile(r"[0-9., '’\u00a0\u202f]+")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_THOUSANDS: Final = 3


class CellRefused(DomainError):
    """One cell is not what its column holds; the message says what to write."""

    code = "cell_refused"
    message = N_("Write digits only, such as 1250.50.")


def parse_usd(text: str) -> int:
    """Return US dollars a carat as whole cents; above zero, at most two decimals after one comma or point."""
    whole, fraction = _parts(text)
    if len(fraction) == _THOUSANDS:
        raise CellRefused(
            N_("This can be read in two ways. Write thousands without a mark, and cents with two digits.")
        )
    if len(fraction) > PRICE_DECIMALS:
        raise CellRefused(N_("Write at most two digits for cents."))
    cents = int(whole) * 100 + int(fraction.ljust(PRICE_DECIMALS, "0"))
    if cents == 0:
        raise CellRefused(N_("Write a price above zero."))
    if cents > HIGHEST_USD * 100:
        raise CellRefused(N_("This price is too high. Write US dollars for one carat."))
    return cents


def parse_carats(text: str) -> Decimal:
    """Return a weight in carats, zero allowed; as everywhere here one comma or point begins the decimals, at most 3."""
    whole, fraction = _parts(text)
    if len(fraction) > WEIGHT_DECIMALS:
        raise CellRefused(N_("Write at most three digits after the mark."))
    carats = Decimal(f"{whole}.{fraction or 0}")
    if carats > HEAVIEST_CT:
        raise CellRefused(N_("This weight is too large. Write the carats of one stone."))
    return carats


def parse_day(text: str, *, today: date) -> date:
    """Return a day written as 2026-09-29, not after today."""
    try:
        day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        raise CellRefused(N_("Write the date as year-month-day, for example 2026-09-29."))
    if day > today:
        raise CellRefused(N_("This date has not come yet. Write the day on which the price was seen."))
    return day


def _parts(text: str) -> tuple[str, str]:
    """Return the digits before and after the mark."""
    if text.startswith(("-", "−", "+")):
        raise CellRefused(N_("Write the number without a sign."))
    if _EXPONENT.fullmatch(text):
        raise CellRefused(N_("Write the number in full, without an E."))
    match = _NUMBER.fullmatch(text)
    if match is None and _MARKED.fullmatch(text) and any(mark.isdigit() for mark in text):
        raise CellRefused(N_("Write the number without marks between thousands, and with one comma or point at most."))
    if match is None:
        raise CellRefused
    return match["whole"], match["fraction"] or ""
