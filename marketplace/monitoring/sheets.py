"""Read a sheet of payments to miners: one line a person, with her number and never her name. Pure.

A line is `number; sex; age; amount`, parted by semicolons, tabs or commas; a first line of headings is passed over.
"""

import csv
import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Final, NamedTuple

from marketplace.compliance.answers import Answers
from marketplace.core.errors import DomainError
from marketplace.core.money import EXPONENT, Money
from marketplace.core.numbers import parse_money
from marketplace.core.text import N_
from marketplace.monitoring.models import AGE_BANDS, MINERALS

MOST_LINES: Final = 500
LONGEST_TEXT: Final = 40_000
_LONGEST_NUMBER: Final = 20
_CELLS: Final = 4
_ADULT: Final = 18
_OLDEST: Final = 110
_MARKS: Final = (";", "\t", ",")
# What sheets in the languages of the marketplace write.
_SEX: Final = {
    "f": "f", "w": "f", "female": "f", "woman": "f", "mke": "f", "ke": "f", "femme": "f", "mujer": "f",
    "m": "m", "male": "m", "man": "m", "mume": "m", "me": "m", "homme": "m", "h": "m", "hombre": "m",
    "": "u", "u": "u", "x": "u", "-": "u",
}  # fmt: skip
_BEGINS: Final = ((50, "50+"), (35, "35-49"), (25, "25-34"), (_ADULT, "18-24"))


class Line(NamedTuple):
    """One payment: the person's number at her cooperative, her sex and age, and the amount."""

    number: str
    sex: str
    age_band: str
    amount: Money


class Sheet(NamedTuple):
    """A whole sheet; `sha256` is of its lines, whatever order and spelling they had."""

    paid_on: date
    mineral: str
    currency: str
    lines: tuple[Line, ...]

    @property
    def total(self) -> Money:
        """Return all payments together."""
        return Money(sum(line.amount.minor for line in self.lines), self.currency)

    @property
    def sha256(self) -> str:
        """Return the digest that finds the same sheet again."""
        rows = sorted(f"{each.number};{each.sex};{each.age_band};{each.amount.minor}" for each in self.lines)
        return hashlib.sha256("\n".join((str(self.paid_on), self.currency, *rows)).encode()).hexdigest()


def read_sheet(form: Mapping[str, str], *, today: date) -> Sheet:
    """Return the sheet in a form; raise InvalidInput naming the first wrong line and how to mend it."""
    read = Answers(form)
    paid_on = read.day("paid_on", empty=N_("Enter the day on which they were paid."))
    if paid_on is not None and paid_on > today:
        read.refuse("paid_on", N_("This day is still to come."))
    mineral = read.choice("mineral", MINERALS)
    currency = read.choice("currency", EXPONENT)
    text = read.typed("lines")
    if not text:
        read.refuse("lines", N_("Write one line for each person."))
    elif len(text) > LONGEST_TEXT:
        read.refuse("lines", N_("This is too long. Hand in at most %(most)s lines at once."), most=MOST_LINES)
    found = _lines(read, text, currency) if not read.errors else ()
    read.finish()
    return Sheet(paid_on or today, mineral, currency, found)


def age_band_of(text: str) -> str:
    """Return the band of an age in years, or of a band as it is written; raise ValueError for anything else."""
    plain = text.strip().replace("–", "-").replace(" ", "")
    if plain in {"", "-", "?"}:
        return "unknown"
    if plain in AGE_BANDS:
        return plain
    years = int(plain) if plain.isascii() and plain.isdigit() else -1
    if not _ADULT <= years <= _OLDEST:
        raise ValueError(text)
    return next(band for least, band in _BEGINS if years >= least)


def _lines(read: Answers, text: str, currency: str) -> tuple[Line, ...]:
    rows = _rows(text)
    found: dict[str, Line] = {}
    for place, cells in rows:
        line = _line(read, cells, place, currency)
        if line is None:
            return ()
        if line.number in found:
            read.refuse("lines", N_("Line %(place)s: the number %(number)s is there twice."), place=place,
                        number=line.number)  # fmt: skip
            return ()
        found[line.number] = line
    if not found:
        read.refuse("lines", N_("Write one line for each person."))
    elif len(found) > MOST_LINES:
        read.refuse("lines", N_("This is too long. Hand in at most %(most)s lines at once."), most=MOST_LINES)
    return tuple(found.values())


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """Return the filled lines with their places, without headings."""
    first = text.splitlines()[0]
    mark = next((each for each in _MARKS if each in first), ";")
    rows = [
        (place, [cell.strip() for cell in cells])
        for place, cells in enumerate(csv.reader(text.splitlines(), delimiter=mark), start=1)
        if any(cell.strip() for cell in cells)
    ]
    is_heading = bool(rows) and len(rows[0][1]) == _CELLS and not any(each.isdigit() for each in rows[0][1][3])
    return rows[1:] if is_heading else rows


def _line(read: Answers, cells: list[str], place: int, currency: str) -> Line | None:
    if len(cells) != _CELLS:
        read.refuse("lines", N_("Line %(place)s: write number; sex; age; amount."), place=place)
        return None
    number, sex, age, amount = cells
    if not 0 < len(number) <= _LONGEST_NUMBER or not any(each.isdigit() for each in number):
        read.refuse("lines", N_("Line %(place)s: begin with the person’s number, not with her name."), place=place)
    elif sex.casefold() not in _SEX:
        read.refuse("lines", N_("Line %(place)s: write f or m for the sex, or nothing."), place=place)
    else:
        return _with_age_and_amount(read, (number, _SEX[sex.casefold()]), age, amount, place=place, currency=currency)
    return None


def _with_age_and_amount(
    read: Answers, who: tuple[str, str], age: str, amount: str, *, place: int, currency: str
) -> Line | None:
    try:
        band = age_band_of(age)
    except ValueError:
        read.refuse(
            "lines",
            N_("Line %(place)s: write the age in years, from 18 up. Tell Pact if a child works at the mine."),
            place=place,
        )
        return None
    try:
        money = parse_money(amount, currency)
    except DomainError:
        money = Money.zero(currency)
    if not money:
        read.refuse("lines", N_("Line %(place)s: write the amount as a number, such as 45000."), place=place)
        return None
    return Line(*who, band, money)
