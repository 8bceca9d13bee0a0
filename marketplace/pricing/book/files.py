"""Read an uploaded file as a table: XLSX or CSV, within limits; every refusal has a name and says what to do."""

import csv
from io import StringIO
from pathlib import PurePath
from typing import Final

from marketplace.core.text import N_
from marketplace.pricing.book.table import FileRefused, Table, TableRow, table_of
from marketplace.pricing.book.xlsx import read_xlsx

MOST_BYTES: Final = 2 * 1024 * 1024
_ZIP: Final = b"PK\x03\x04"
# The old Excel format, and every workbook under a password.
_OLE: Final = b"\xd0\xcf\x11\xe0"
_WITH_MACROS: Final = frozenset({".xlsm", ".xltm", ".xlam", ".xlsb"})


def read_file(name: str, content: bytes) -> Table:
    """Return the table in a file; raises FileRefused. What it is, its first bytes say, not its name."""
    if not content:
        raise FileRefused(N_("Choose a file."))
    if len(content) > MOST_BYTES:
        raise FileRefused(N_("This file is larger than 2 MB. Take out what is no part of the book."))
    if PurePath(name).suffix.lower() in _WITH_MACROS:
        raise FileRefused(N_("A file with macros is not accepted. Save it as XLSX."))
    if content.startswith(_OLE):
        raise FileRefused(N_("This is an old Excel file, or it has a password. Save it as XLSX without a password."))
    return read_xlsx(content) if content.startswith(_ZIP) else _read_csv(content)


def _read_csv(content: bytes) -> Table:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileRefused(
            N_("The letters of this file cannot be read. Save it as “CSV UTF-8”, then send it again.")
        ) from None
    if "\x00" in text:
        raise FileRefused
    reader = csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    rows: list[TableRow] = []
    line = 0
    try:
        for cells in reader:
            line += 1
            rows.append(TableRow(line, tuple(" ".join(cell.split()) for cell in cells)))
    except csv.Error:
        raise FileRefused(N_("Row %(row)s cannot be read. Check its quotation marks."), row=line + 1) from None
    return table_of(rows)


def _delimiter(text: str) -> str:
    """Return what separates the column names; where the comma is the decimal mark, spreadsheets write semicolons."""
    header = next((line for line in text.splitlines() if line.strip()), "")
    return ";" if header.count(";") > header.count(",") else ","
