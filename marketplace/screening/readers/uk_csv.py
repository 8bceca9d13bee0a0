"""The UK sanctions list in CSV: a line "Report Date: 23-Sep-2026", a header, and one line for each name. Pure."""

import csv
import re
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Final

from marketplace.core.text import N_
from marketplace.screening.entries import MOST_ENTRIES, Edition, Entry, ListRefused, Name, NameKind, checked, made
from marketplace.screening.readers.dates import births, day_first, day_in_words
from marketplace.screening.readers.places import country_code
from marketplace.screening.readers.uk import KINDS, name_kind

_MARK: Final = "report date:"
_PARTS: Final = ("name 1", "name 2", "name 3", "name 4", "name 5", "name 6")
_TYPES: Final = ("designation type", "individual, entity, ship")
_NEEDED: Final = ("unique id", "name 6", "name type", "regime name", "date designated")
_BETWEEN: Final = re.compile(r"[|;]|\(\d{1,2}\)")
# One entry has a line for each of its names and addresses.
MOST_LINES: Final = 10 * MOST_ENTRIES
Row = Mapping[str, str]


def read(raw: bytes, *, today: date) -> Edition:
    """Return the edition; raise ListRefused."""
    lines = _lines(raw)
    published_on = _report_day(lines[0][0] if lines and lines[0] else "")
    header = [name.strip().lower() for name in lines[1]] if len(lines) > 1 else []
    kind_at = next((name for name in _TYPES if name in header), "")
    missing = [name for name in _NEEDED if name not in header]
    if missing or not kind_at:
        raise ListRefused(N_("The second line lacks the column “%(column)s”."), column=(missing or [_TYPES[0]])[0])
    grouped: defaultdict[str, list[Row]] = defaultdict(list)
    for number, line in enumerate(lines[2:], start=3):
        if len(line) != len(header):
            message = N_("Line %(line)s has %(found)s columns instead of %(needed)s. The file is cut or malformed.")
            raise ListRefused(message, line=number, found=len(line), needed=len(header))
        row = dict(zip(header, (value.strip() for value in line), strict=True))
        grouped[row["unique id"]].append(row)
    entries = [_entry(uid, rows, kind_at) for uid, rows in grouped.items()]
    return checked(published_on, entries, today=today)


def _entry(uid: str, rows: list[Row], kind_at: str) -> Entry:
    kind = KINDS.get(rows[0][kind_at].lower())
    if kind is None:
        raise ListRefused(N_("Entry %(uid)s is neither a person, an organisation nor a vessel."), uid=uid[:40])
    names = [
        Name(" ".join(row.get(part, "") for part in _PARTS), name_kind(row["name type"], row.get("alias strength", "")))
        for row in rows
    ]
    natives = [Name(row.get("name non-latin script", ""), NameKind.NATIVE) for row in rows]
    places = [country for row in rows for country in (*_many(row, "nationality(/ies)"), *_many(row, "address country"))]
    return made(
        uid,
        kind,
        [*names, *natives],
        births=[birth for row in rows for told in _many(row, "d.o.b") for birth in births(told)],
        countries=[country_code(place) for place in places],
        programme=rows[0]["regime name"],
        listed_on=day_first(rows[0]["date designated"]),
    )


def _many(row: Row, column: str) -> list[str]:
    """Return the values of a cell: several stand behind bars, semicolons or numbers as in (1) Chad (2) Niger."""
    return [part.strip() for part in _BETWEEN.split(row.get(column, "")) if part.strip()]


def _lines(raw: bytes) -> list[list[str]]:
    try:
        lines = list(csv.reader(raw.decode("utf-8-sig").splitlines(keepends=True), strict=True))
    except (UnicodeDecodeError, csv.Error):
        raise ListRefused(N_("The file is no CSV in UTF-8, or it is cut.")) from None
    if len(lines) > MOST_LINES:
        raise ListRefused(N_("The list has more than %(most)s entries."), most=MOST_ENTRIES)
    return [line for line in lines if line]


def _report_day(first: str) -> date:
    if not first.strip().lower().startswith(_MARK):
        raise ListRefused(N_("The first line must be “Report Date:” with a day. This is not the UK’s list."))
    text = first.strip()[len(_MARK) :].strip()
    found = day_in_words(text) or day_first(text)
    if found is None:
        raise ListRefused(N_("The day in the first line cannot be read: %(text)s."), text=text[:40])
    return found
