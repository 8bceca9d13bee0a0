"""Lists of conflict-affected and high-risk areas: read strictly, matched by country and region. Pure.

A file is UTF-8 CSV with the header below. Its last line is `end,` and the number of areas, so that a cut file is known.
"""

import csv
import unicodedata
from collections.abc import Iterable
from datetime import date
from typing import Final, NamedTuple

from marketplace.core.errors import InvalidInput
from marketplace.core.text import N_

HEADER: Final = ("country", "region", "region_name", "from", "to", "source", "published_on")
LARGEST_BYTES: Final = 1_000_000
MOST_AREAS: Final = 5_000
_LONGEST: Final = 200


class Area(NamedTuple):
    """One area. `region` is an ISO 3166-2 code or a name; empty means the whole country. Both days are included."""

    country: str
    region: str
    region_name: str
    from_on: date
    until_on: date | None
    source: str


class Edition(NamedTuple):
    """A list with the day it was published."""

    published_on: date
    areas: tuple[Area, ...]


class CahraRefused(InvalidInput):
    """The file is no whole list; the message says where and why."""

    code = "cahra_refused"

    def __init__(self, message: str, /, **params: object) -> None:
        from marketplace.core.errors import FieldError

        super().__init__({"file": FieldError(message, **params)})


def read_edition(raw: bytes, *, today: date) -> Edition:
    """Return the edition in a file; raise CahraRefused for one that is cut, malformed or from the future."""
    if len(raw) > LARGEST_BYTES:
        raise CahraRefused(N_("The file is too large: at most 1 MB."))
    try:
        lines = list(csv.reader(raw.decode("utf-8-sig").splitlines(), strict=True))
    except (UnicodeDecodeError, csv.Error):
        raise CahraRefused(N_("The file is no CSV in UTF-8.")) from None
    _check_frame(lines)
    rows = [_area(row, number) for number, row in enumerate(lines[1:-1], start=2)]
    days = {row[6] for row in lines[1:-1]}
    if len(days) != 1:
        raise CahraRefused(N_("Every row must have the same day in published_on."))
    published_on = _day(days.pop(), 2, "published_on")
    if published_on > today:
        raise CahraRefused(N_("The list is from a day that is still to come."))
    if len({area[:4] for area in rows}) != len(rows):
        raise CahraRefused(N_("An area stands twice in the list."))
    return Edition(published_on, tuple(rows))


def area_of(areas: Iterable[Area], *, country: str, region: str, district: str = "", on: date) -> Area | None:
    """Return the area that a place lies in on a day, the narrowest first, or None."""
    names = {_plain(region), _plain(district)} - {""}
    found = [area for area in areas if area.country == country and _counts(area, on) and _covers(area, names)]
    return max(found, key=lambda area: bool(area.region), default=None)


def _counts(area: Area, on: date) -> bool:
    return area.from_on <= on and (area.until_on is None or on <= area.until_on)


def _covers(area: Area, names: set[str]) -> bool:
    return not area.region or bool({_plain(area.region), _plain(area.region_name)} & names)


def _plain(name: str) -> str:
    """Return a name without accents, case and signs: Nord-Kivu and nord kivu are one."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in letters if letter.isalnum())


def _check_frame(lines: list[list[str]]) -> None:
    if not lines or tuple(lines[0]) != HEADER:
        raise CahraRefused(N_("The first line must be: %(header)s."), header=",".join(HEADER))
    if len(lines) < 3:
        raise CahraRefused(N_("The list is empty or cut."))
    if len(lines) - 2 > MOST_AREAS:
        raise CahraRefused(N_("The list has more than %(most)s areas."), most=MOST_AREAS)
    if lines[-1] != ["end", str(len(lines) - 2)]:
        raise CahraRefused(N_("The file is cut: its last line must be “end” and the number of areas."))


def _area(row: list[str], number: int) -> Area:
    if len(row) != len(HEADER) or any(len(value) > _LONGEST or not value.isprintable() for value in row):
        raise CahraRefused(N_("Line %(line)s does not have seven short fields."), line=number)
    country, region, name, start, end, source, _published = (value.strip() for value in row)
    if not (len(country) == 2 and country.isascii() and country.isalpha() and country.isupper()):
        raise CahraRefused(N_("Line %(line)s: the country must be two letters, such as CD."), line=number)
    if not source:
        raise CahraRefused(N_("Line %(line)s names no source."), line=number)
    first, last = _day(start, number, "from"), _day(end, number, "to") if end else None
    if last is not None and last < first:
        raise CahraRefused(N_("Line %(line)s ends before it begins."), line=number)
    return Area(country, region, name, first, last, source)


def _day(text: str, number: int, name: str) -> date:
    try:
        if len(text) == 10:
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise CahraRefused(N_("Line %(line)s: %(field)s must be a day such as 2026-09-29."), line=number, field=name)
