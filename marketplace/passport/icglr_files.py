"""Rows of ICGLR as a table for spreadsheets: nothing in it calculates."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Final

# A spreadsheet takes a cell that begins with one of these for a formula.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


def as_csv(rows: Sequence[Mapping[str, str]]) -> str:
    """Return rows that have the same fields as CSV (RFC 4180) with a first line of names; no rows give no text."""
    file = io.StringIO(newline="")
    lines = csv.writer(file)
    for row in rows[:1]:
        lines.writerow(row)
    for row in rows:
        lines.writerow([_plain(text) for text in row.values()])
    return file.getvalue()


def _plain(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
