"""OFAC's three CSV files, joined by their first column: SDN.CSV (12 columns), ALT.CSV (5) and ADD.CSV (6). Pure.

They have no header line, "-0-" stands for nothing, and the last line may be the old end-of-file sign. The day of the
list stands in none of them.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from marketplace.core.text import N_
from marketplace.screening.entries import (
    MOST_ENTRIES,
    Edition,
    Entry,
    EntryKind,
    ListRefused,
    Name,
    NameKind,
    checked,
    made,
)
from marketplace.screening.readers.dates import births
from marketplace.screening.readers.places import country_code

COLUMNS: Final = {"sdn.csv": 12, "alt.csv": 5, "add.csv": 6}
_KINDS: Final = {
    "individual": EntryKind.PERSON,
    "": EntryKind.ENTITY,
    "vessel": EntryKind.VESSEL,
    "aircraft": EntryKind.VESSEL,
}
_END: Final = "\x1a"
_NOTHING: Final = "-0-"
_BORN: Final = re.compile(r"\bDOB ([^;.]{4,40})")
_NATION: Final = re.compile(r"\b(?:nationality|citizen) ([A-Za-z ,'’()-]{3,60}?)(?:;|\.|$)")


def read(parts: Mapping[str, bytes], *, today: date, published_on: date | None) -> Edition:
    """Return the edition in the three files by their names in small letters; raise ListRefused."""
    missing = [name.upper() for name in COLUMNS if name not in parts]
    if missing:
        raise ListRefused(N_("The ZIP lacks %(files)s."), files=", ".join(missing))
    listed, aliases, addresses = (_rows(name, parts[name]) for name in COLUMNS)
    names, countries = _by_number(aliases), _by_number(addresses)
    known = {row[0] for row in listed}
    for name, joined in (("ALT.CSV", names), ("ADD.CSV", countries)):
        if lost := sorted(set(joined) - known):
            message = N_("%(file)s names entry %(uid)s, which SDN.CSV does not have. A file is cut, or of another day.")
            raise ListRefused(message, file=name, uid=lost[0])
    entries = [_entry(row, names[row[0]], countries[row[0]]) for row in listed]
    return checked(published_on, entries, today=today)


def _entry(row: Sequence[str], aliases: list[Sequence[str]], addresses: list[Sequence[str]]) -> Entry:
    uid, name, kind, programme, remarks = row[0], row[1], row[2].lower(), row[3], row[11]
    if kind not in _KINDS:
        raise ListRefused(N_("Entry %(uid)s is neither a person, an organisation nor a vessel."), uid=uid[:40])
    person = _KINDS[kind] is EntryKind.PERSON
    names = [Name(_turned(name) if person else name, NameKind.PRIMARY)]
    names += [Name(_turned(alias[3]) if person else alias[3], NameKind.ALIAS) for alias in aliases]
    return made(
        uid,
        _KINDS[kind],
        names,
        births=[birth for found in _BORN.findall(remarks) for birth in births(found)] if person else [],
        countries=[
            *(country_code(each) for each in _NATION.findall(remarks)),
            *(country_code(each[4]) for each in addresses),
        ],
        programme=programme,
        listed_on=None,
    )


def _turned(name: str) -> str:
    """Return LAST, First as First LAST."""
    last, _comma, first = name.partition(",")
    return f"{first.strip()} {last.strip()}"


def _by_number(rows: list[Sequence[str]]) -> defaultdict[str, list[Sequence[str]]]:
    found: defaultdict[str, list[Sequence[str]]] = defaultdict(list)
    for row in rows:
        found[row[0]].append(row)
    return found


def _rows(name: str, raw: bytes) -> list[Sequence[str]]:
    """Return the lines of one file, with nothing instead of -0-."""
    try:
        lines = list(csv.reader(_decoded(raw).splitlines(), strict=True))
    except csv.Error:
        raise ListRefused(N_("%(file)s is no CSV, or it is cut."), file=name.upper()) from None
    if lines and lines[-1] == [_END]:
        lines.pop()
    if len(lines) > MOST_ENTRIES:
        raise ListRefused(N_("The list has more than %(most)s entries."), most=MOST_ENTRIES)
    found: list[Sequence[str]] = []
    for number, line in enumerate(lines, start=1):
        row = ["" if value.strip() == _NOTHING else value.strip() for value in line]
        if len(row) != COLUMNS[name] or not row[0].isdecimal():
            message = N_("%(file)s, line %(line)s: %(columns)s columns are needed, the first one a number.")
            raise ListRefused(message, file=name.upper(), line=number, columns=COLUMNS[name])
        found.append(row)
    return found


def _decoded(raw: bytes) -> str:
    """Return the text: UTF-8 today, the Windows alphabet in older files."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")
