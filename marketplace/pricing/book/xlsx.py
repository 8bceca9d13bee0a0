"""Read a workbook that anybody may have made: its size is counted before a parser sees it, and nothing in it runs."""

import re
import warnings
from collections.abc import Iterator
from datetime import date, datetime, time
from io import BytesIO
from typing import Any, Final
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook

from marketplace.core.text import N_
from marketplace.pricing.book.table import (
    LONGEST_CELL,
    MOST_COLUMNS,
    MOST_ROWS,
    FileRefused,
    Table,
    TableRow,
    as_text,
    table_of,
)

MOST_UNPACKED: Final = 20 * 1024 * 1024
MOST_PARTS: Final = 200
_MOST_MERGES: Final = 50
_MOST_CELLS: Final = 500_000
_LAST_ROW: Final = 1_048_576  # the last row a spreadsheet has
_CHUNK: Final = 64 * 1024
_ENCRYPTED: Final = 0x1
# Parts that reach outside the file or run; a price book needs none of them.
_ALIVE: Final = ("externallinks", "vbaproject", "activex", "embeddings", "connections.xml", "macrosheets", "ctrlprops")
_MERGE: Final = re.compile(rb'<(?:[a-z0-9]+:)?mergeCell\s[^>]*?ref="([A-Z0-9:]{1,20})"', re.IGNORECASE)
# How a workbook writes the characters XML cannot hold, such as the half of a line break.
_ESCAPED: Final = re.compile(r"_x00[01][0-9A-Fa-f]_")


def read_xlsx(content: bytes) -> Table:
    """Return the first sheet of a workbook as a table of text; a formula stays one, so that it can be refused."""
    _check_parts(content)
    try:
        # openpyxl warns of what it leaves out; nothing it leaves out is part of a book.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            rows, merged = _first_sheet(content)
    except FileRefused:
        raise
    except Exception:  # noqa: BLE001 - a damaged or hostile workbook can break the parser anywhere
        raise FileRefused from None
    return table_of(rows, merged=merged)


def _check_parts(content: bytes) -> None:
    """Refuse a workbook that unpacks to too much or holds what runs; its own directory is not believed alone."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise FileRefused(N_("This file unpacks to more than 20 MB. Take out pictures and further sheets."))
            if any(part.flag_bits & _ENCRYPTED for part in parts):
                raise FileRefused(N_("This file has a password. Save it without one."))
            if any(word in part.filename.lower() for part in parts for word in _ALIVE):
                raise FileRefused(
                    N_("A file with macros or links to other files is not accepted. Save the values only.")
                )
            unpack(archive, most=MOST_UNPACKED)
    except FileRefused:
        raise
    except (BadZipFile, EOFError, NotImplementedError, OSError, RuntimeError, ValueError):
        raise FileRefused from None
    except Exception:  # noqa: BLE001 - each way of packing has errors of its own
        raise FileRefused from None


def unpack(archive: ZipFile, *, most: int) -> None:
    """Read every part once and count; raises FileRefused above `most` bytes, and what a damaged part raises."""
    left = most
    for part in archive.infolist():
        with archive.open(part) as stream:
            while chunk := stream.read(_CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise FileRefused(N_("This file unpacks to more than 20 MB. Take out pictures and further sheets."))


def _first_sheet(content: bytes) -> tuple[list[TableRow], tuple[str, ...]]:
    book = load_workbook(BytesIO(content), read_only=True, data_only=False, keep_links=False)
    try:
        sheet: Any = book.worksheets[0]
        sheet.reset_dimensions()  # what a file says about its own size may be wrong
        rows = list(_rows(sheet))
        merged = _merged(content, sheet._worksheet_path)  # noqa: SLF001 - a sheet read so knows no joined cells
    finally:
        book.close()
    return rows, merged


def _merged(content: bytes, path: str) -> tuple[str, ...]:
    with ZipFile(BytesIO(content)) as archive:
        found = _MERGE.findall(archive.read(path.lstrip("/")))
    return tuple(each.decode() for each in found[:_MOST_MERGES])


def _rows(sheet: Any) -> Iterator[TableRow]:
    """Return the rows that say something; stops at one row more than a book may have."""
    filled = cells_seen = 0
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        cells_seen += len(cells)
        if number > _LAST_ROW or cells_seen > _MOST_CELLS:
            raise FileRefused(
                N_("This sheet is too wide or too long. A book has %(columns)s columns and %(rows)s rows at most."),
                columns=MOST_COLUMNS,
                rows=MOST_ROWS,
            )
        row = TableRow(number, _without_tail([_text(cell) for cell in cells]))
        if row.cells:
            filled += 1
            yield row
        if filled > MOST_ROWS + 1:
            return


def _without_tail(cells: list[str]) -> tuple[str, ...]:
    while cells and not cells[-1]:
        cells.pop()
    return tuple(cells)


def _text(cell: Any) -> str:
    """Return a cell as somebody would have typed it."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        return _formula(value)
    if isinstance(value, str):
        return as_text(" ".join(_ESCAPED.sub(" ", value).split()))
    return _plain(value)[:LONGEST_CELL]


def _formula(value: object) -> str:
    text = " ".join(str(getattr(value, "text", value)).split())
    return (text if text.startswith("=") else f"={text}")[:LONGEST_CELL]


def _plain(value: object) -> str:
    """Write a value that is no text; a number as the shortest one that is it, which is what was typed."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)
