"""The monitoring report as CSV and XLSX: one row a figure, exact decimals, nothing that calculates.

The columns and codes have fixed English names, because programs read them. A hidden figure is empty and says why.
"""

import csv
import io
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

import xlsxwriter

from marketplace.monitoring.catalogue import Indicator
from marketplace.monitoring.periods import Period
from marketplace.monitoring.report import Report
from marketplace.monitoring.values import Measure

COLUMNS: Final = (
    "indicator", "name", "part", "group", "since", "until", "figure", "unit", "value", "records", "hidden",
)  # fmt: skip
Cell = str | int | Decimal | None
# A spreadsheet takes a cell that begins with one of these for a formula.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_HIDDEN: Final = "too few people"
_WIDE: Final = 24


def as_csv(report: Report) -> io.BytesIO:
    """Return UTF-8 text with a byte-order mark, as spreadsheets want it."""
    file = io.BytesIO()
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    rows = csv.writer(text)
    rows.writerow(COLUMNS)
    rows.writerows([_plain(cell) for cell in row] for row in rows_of(report))
    text.detach()
    file.seek(0)
    return file


def as_xlsx(report: Report) -> io.BytesIO:
    """Return a workbook: one sheet of all figures of the period, one of the parts, one of the groups."""
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    rows = list(rows_of(report))
    with xlsxwriter.Workbook(file, options) as book:
        for name, parts in (("whole", {"whole"}), ("over time", {"over_time"}), ("groups", None)):
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, len(COLUMNS) - 1, _WIDE)
            sheet.write_row(0, 0, COLUMNS)
            chosen = [row for row in rows if (row[2] in parts if parts else row[2] not in {"whole", "over_time"})]
            for place, row in enumerate(chosen, start=1):
                _write(sheet, place, row)
    file.seek(0)
    return file


def rows_of(report: Report) -> Iterator[tuple[Cell, ...]]:
    """Return one row a figure: of the whole period, of each part of it, of each group."""
    for reading in report.readings:
        yield from _rows(reading.indicator, ("whole", ""), report.period, reading.whole)
        for each in reading.over_time:
            yield from _rows(reading.indicator, ("over_time", ""), each.period, each.measure)
        for by, lines in reading.breakdowns.items():
            for line in lines:
                yield from _rows(reading.indicator, (by, line.key), report.period, line.measure)


def _rows(
    indicator: Indicator, place_of: tuple[str, str], period: Period, measure: Measure | None
) -> Iterator[tuple[Cell, ...]]:
    for place, kind in enumerate(indicator.figures):
        value = None if measure is None else measure.values[place]
        yield (
            indicator.code, indicator.title, *place_of, period.since.isoformat(), period.until.isoformat(),
            kind.label, kind.unit.value, value, None if measure is None else measure.base,
            _HIDDEN if measure is None else None,
        )  # fmt: skip


def _write(sheet: xlsxwriter.worksheet.Worksheet, place: int, row: tuple[Cell, ...]) -> None:
    for column, cell in enumerate(row):
        if isinstance(cell, Decimal | int):
            sheet.write_number(place, column, cell)
        elif cell is not None:
            sheet.write_string(place, column, cell)


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    text = f"{cell:f}" if isinstance(cell, Decimal) else str(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text
