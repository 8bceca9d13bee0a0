"""From a table of text to bands: every error is told at once, with its row, its column and what to do."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from functools import lru_cache, partial
from typing import Any, Final

from marketplace.core.errors import DomainError
from marketplace.core.text import N_
from marketplace.pricing.book.figures import CellRefused, parse_carats, parse_day, parse_usd
from marketplace.pricing.book.proposal import EVIDENCE, BandProposal, Placed, Vocabulary
from marketplace.pricing.book.table import LONGEST_CELL, Table, TableRow, as_text, is_formula, letter_of, unguarded

COLUMNS: Final = (
    "variety", "form", "treatment", "origin", "weight_from_ct", "weight_to_ct", "grade", "low_usd_ct", "high_usd_ct",
    "evidence", "source", "dated",
)  # fmt: skip
MAY_BE_EMPTY: Final = frozenset({"treatment", "origin", "source", "dated"})
NEEDS_SOURCE: Final = frozenset({"verified", "sourced"})
LONGEST_SOURCE: Final = 500
_REMEMBERED: Final = 1000
_SHORT_CODE: Final = 3  # any two letters are near any others: nothing is guessed among such codes
# Workbooks write control characters so; kept as text they would come back as something else.
_ESCAPES: Final = re.compile("x005F_|_x00[01][0-9A-Fa-f]_")

Cells = Mapping[str, str]
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SheetError:
    """Say what is wrong where: row of the file, column ("" for the whole row), its text, a msgid and its values."""

    row: int
    column: str
    text: str
    message: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """Hold the bands that could be read, and everything that was wrong."""

    placed: tuple[Placed, ...]
    errors: tuple[SheetError, ...]


def rows_of_table(table: Table) -> tuple[list[dict[str, Any]], list[SheetError]]:
    """Return the rows by column name as a draft keeps them, and what is wrong with the header."""
    names = [" ".join(cell.lower().split()) for cell in table.header.cells]
    errors = [*_merged(table), *_header_errors(table, names)]
    places: dict[str, int] = {name: names.index(name) for name in COLUMNS if name in names}
    rows = [{"row": row.number, "cells": _cells(row, places)} for row in table.rows]
    return rows, errors


def read_rows(rows: Iterable[Row], *, vocabulary: Vocabulary, today: date) -> Reading:
    """Return the bands in a draft's rows and every error of every cell."""
    placed: list[Placed] = []
    errors: list[SheetError] = []
    read = _reader(vocabulary, today)
    for row in rows:
        band, wrong = _read(row["cells"], int(row["row"]), read)
        errors += wrong
        if band is not None:
            placed.append(Placed(int(row["row"]), band))
    return Reading(tuple(placed), tuple(errors))


def read_cells(cells: Cells, row: int, *, vocabulary: Vocabulary, today: date) -> tuple[SheetError, ...]:
    """Return everything that is wrong within one row."""
    return _read(cells, row, _reader(vocabulary, today))[1]


def rows_of_bands(bands: Iterable[BandProposal], *, first: int = 2) -> list[dict[str, Any]]:
    """Return bands as rows of a draft; the first has the number a sheet would give it below its header."""
    return [{"row": number, "cells": cells_of(band)} for number, band in enumerate(bands, start=first)]


def cells_of(band: BandProposal) -> dict[str, str]:
    """Return a band as the cells of a row."""
    return {
        "variety": band.variety,
        "form": band.form,
        "treatment": band.treatment or "",
        "origin": band.origin or "",
        "weight_from_ct": plain(band.weight_from_ct),
        "weight_to_ct": plain(band.weight_to_ct),
        "grade": band.grade,
        "low_usd_ct": dollars(band.low_minor_per_ct),
        "high_usd_ct": dollars(band.high_minor_per_ct),
        "evidence": band.evidence,
        "source": as_text(band.source),
        "dated": band.dated.isoformat() if band.dated else "",
    }


def plain(number: Decimal) -> str:
    """Write a number without needless zeros and never with an exponent."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def dollars(minor: int) -> str:
    """Write US cents as dollars; cents appear when they are not zero."""
    return f"{minor // 100}.{minor % 100:02d}" if minor % 100 else str(minor // 100)


def _merged(table: Table) -> list[SheetError]:
    return [
        SheetError(table.header.number, "", cells, N_("These cells are joined. Split them and fill in each."))
        for cells in table.merged
    ]


def _header_errors(table: Table, names: list[str]) -> list[SheetError]:
    found: list[SheetError] = []
    row = table.header.number
    for place, name in enumerate(names):
        letter = letter_of(place)
        if not name and any(line.cells[place : place + 1] not in ((), ("",)) for line in table.rows):
            found.append(SheetError(row, letter, "", N_("This column has no name. Name it or take it out.")))
        elif name and names.index(name) < place:
            found.append(SheetError(row, letter, name, N_("This column is there twice. Keep one of the two.")))
        elif name and name not in COLUMNS:
            found.append(
                SheetError(row, letter, table.header.cells[place], N_("This column is not known. Take it out."))
            )
    found += _beyond_header(table, len(names))
    found += [
        SheetError(row, name, "", N_("This column is missing. Add it; its cells may be empty where the help says so."))
        for name in COLUMNS
        if name not in names
    ]
    return found


def _beyond_header(table: Table, width: int) -> list[SheetError]:
    return [
        SheetError(row.number, letter_of(place), cell, N_("This column has no name. Name it or take it out."))
        for row in table.rows
        for place, cell in enumerate(row.cells[width:], start=width)
        if cell
    ]


def _cells(row: TableRow, places: Mapping[str, int]) -> dict[str, str]:
    return {name: row.cells[place] if place < len(row.cells) else "" for name, place in places.items()}


CellReader = Callable[[str], Any]


def _reader(vocabulary: Vocabulary, today: date) -> dict[str, CellReader]:
    """Return what reads the cells of each column; a book says the same again and again, so answers are remembered."""
    lower, upper = _lowered, str.upper
    readers: dict[str, CellReader] = {
        "variety": _code(vocabulary.varieties, lower, N_("This kind of stone is not known: see the sheet of codes.")),
        "form": _code(vocabulary.forms, lower, N_("Write the form as rough or cut.")),
        "treatment": _code(vocabulary.treatments, upper, N_("This treatment is not known: see the sheet of codes.")),
        "origin": _code(vocabulary.countries, upper, N_("Write the country as two letters, such as TZ.")),
        "weight_from_ct": parse_carats,
        "weight_to_ct": parse_carats,
        "grade": _code(vocabulary.grades, lower, N_("Write the grade as commercial, good, fine or extra_fine.")),
        "low_usd_ct": parse_usd,
        "high_usd_ct": parse_usd,
        "evidence": _code(EVIDENCE, lower, N_("Write the evidence as verified, sourced or unverified.")),
        "source": _source,
        "dated": lambda text: parse_day(text, today=today),
    }
    return {name: lru_cache(maxsize=_REMEMBERED)(partial(_value, name, read)) for name, read in readers.items()}


def _code(known: Iterable[str], normal: Callable[[str], str], refusal: str) -> CellReader:
    codes = frozenset(known)
    names = sorted(code for code in codes if len(code) > _SHORT_CODE)

    @lru_cache(maxsize=1000)
    def near(code: str) -> str | None:
        return next(iter(get_close_matches(code[:40], names, n=1, cutoff=0.75)), None)

    def read(text: str) -> str:
        code = normal(text)
        if code in codes:
            return code
        guess = near(code)
        if guess is not None:
            raise CellRefused(N_("This is not known. Did you mean %(guess)s?"), guess=guess)
        raise CellRefused(refusal)

    return read


def _lowered(text: str) -> str:
    return text.lower().replace(" ", "_").replace("-", "_")


def _source(text: str) -> str:
    if len(text) > LONGEST_SOURCE:
        raise CellRefused(N_("Write at most %(most)s characters."), most=LONGEST_SOURCE)
    if not text.isprintable() or _ESCAPES.search(text):
        raise CellRefused(N_("This text holds signs that cannot be seen. Type it again."))
    return text


def _read(
    cells: Cells, row: int, readers: Mapping[str, CellReader]
) -> tuple[BandProposal | None, tuple[SheetError, ...]]:
    values: dict[str, Any] = {}
    errors: list[SheetError] = []
    for column in COLUMNS:
        text = cells.get(column, "")
        try:
            values[column] = readers[column](text)
        except DomainError as refused:
            errors.append(SheetError(row, column, text, refused.message, refused.params))
    errors += [SheetError(row, column, cells.get(column, ""), why) for column, why in _across(values)]
    return (None, tuple(errors)) if errors else (_band(values), ())


def _value(column: str, read: CellReader, cell: str) -> Any:
    if len(cell) > LONGEST_CELL:
        raise CellRefused(N_("Write at most %(most)s characters."), most=LONGEST_CELL)
    if is_formula(cell):
        raise CellRefused(N_("This is a formula. Put its result there as a value."))
    text = " ".join(unguarded(cell).split())
    if text:
        return read(text)
    if column not in MAY_BE_EMPTY:
        raise CellRefused(N_("This cell is empty. Fill it in."))
    return "" if column == "source" else None


def _across(values: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """Return what is wrong between the cells of a row; a cell that could not be read is not in `values`."""
    if "low_usd_ct" in values and "high_usd_ct" in values and values["low_usd_ct"] > values["high_usd_ct"]:
        yield "high_usd_ct", N_("The high price is below the low price. Check both.")
    if "weight_to_ct" in values and values["weight_to_ct"] <= values.get("weight_from_ct", Decimal(0)):
        yield "weight_to_ct", N_("The weight must end above where it begins. Check both.")
    if values.get("evidence") in NEEDS_SOURCE and values.get("source") == "":
        yield "source", N_("Say where the price comes from, or write unverified as evidence.")


def _band(values: Mapping[str, Any]) -> BandProposal:
    return BandProposal(
        variety=values["variety"],
        form=values["form"],
        grade=values["grade"],
        weight_from_ct=values["weight_from_ct"],
        weight_to_ct=values["weight_to_ct"],
        low_minor_per_ct=values["low_usd_ct"],
        high_minor_per_ct=values["high_usd_ct"],
        treatment=values["treatment"],
        origin=values["origin"],
        evidence=values["evidence"],
        source=values["source"],
        dated=values["dated"],
    )
