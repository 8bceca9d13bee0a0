"""A sheet as text: a header and rows of cells; and how a cell says that it is text and no formula."""

from dataclasses import dataclass
from typing import Final

from marketplace.core.errors import DomainError
from marketplace.core.text import N_

MOST_ROWS: Final = 5000
MOST_COLUMNS: Final = 20
LONGEST_CELL: Final = 1000
# Spreadsheets run a cell that begins so, or drop the sign; the apostrophe before it makes it text.
# https://owasp.org/www-community/attacks/CSV_Injection
_RISKY: Final = ("=", "+", "-", "@", "\t", "\r", "'")
_MARK: Final = "'"


class FileRefused(DomainError):
    """The file cannot be read as a price book; the message says what to do."""

    code = "file_refused"
    message = N_("This file cannot be read. Save it again as XLSX or as CSV UTF-8.")


@dataclass(frozen=True, slots=True)
class TableRow:
    """Hold one row: its number in the file and its cells from the left."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Hold a sheet: the first row that is not empty is the header; `merged` names cells that were joined."""

    header: TableRow
    rows: tuple[TableRow, ...]
    merged: tuple[str, ...] = ()


def guarded(text: str) -> str:
    """Return text as it may stand in a CSV file, so that no spreadsheet takes it for a formula."""
    return _MARK + text if text.startswith(_RISKY) else text


def unguarded(text: str) -> str:
    """Return the text a cell stands for: without the apostrophe that `guarded` put before it."""
    return text[1:] if text.startswith(_MARK) and text[1:].startswith(_RISKY) else text


def as_text(text: str) -> str:
    """Return the cell that stands for `text` and is no formula; most texts stand for themselves."""
    return guarded(text) if is_formula(text) or unguarded(text) != text else text


def is_formula(cell: str) -> bool:
    """Say whether a cell computes something instead of saying it."""
    return cell.startswith("=")


def letter_of(place: int) -> str:
    """Return the letters of a column, counted from zero: A, B, … Z, AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def table_of(rows: list[TableRow], *, merged: tuple[str, ...] = ()) -> Table:
    """Return the table in the rows of a file; raises FileRefused for an empty or too large one."""
    filled = [row for row in rows if any(row.cells)]
    if not filled:
        raise FileRefused(N_("This file is empty. It needs a row of column names and one row for each band."))
    if len(filled) - 1 > MOST_ROWS:
        raise FileRefused(
            N_("This file has more than %(most)s rows. An edition has at most that many."), most=MOST_ROWS
        )
    for row in filled:
        _check_size(row)
    return Table(filled[0], tuple(filled[1:]), merged)


def _check_size(row: TableRow) -> None:
    if any(row.cells[MOST_COLUMNS:]):
        raise FileRefused(
            N_("Row %(row)s has more than %(most)s columns. Take out what is no part of the book."),
            row=row.number,
            most=MOST_COLUMNS,
        )
    for place, cell in enumerate(row.cells):
        if len(cell) > LONGEST_CELL:
            raise FileRefused(
                N_("Cell %(cell)s has more than %(most)s characters. Shorten it."),
                cell=f"{letter_of(place)}{row.number}",
                most=LONGEST_CELL,
            )
