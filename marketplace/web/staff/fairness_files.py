"""Completed sales as a file for spreadsheets: CSV and XLSX, one row a sale, exact decimals, nothing that calculates.

The columns have fixed English names, because programs read them.
"""

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Final

import xlsxwriter

from marketplace.core.money import Money
from marketplace.orders.fair_sales import FairSale

MOST_ROWS: Final = 20_000
Cell = str | Decimal | None
# A spreadsheet takes a cell that begins with one of these for a formula.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def _amount(money: Money | None) -> Decimal | None:
    return None if money is None else money.amount


COLUMNS: Final[Mapping[str, Callable[[FairSale], Cell]]] = MappingProxyType(
    {
        "order": lambda sale: sale.reference,
        "lot": lambda sale: sale.title,
        "kind": lambda sale: sale.kind,
        "cooperative": lambda sale: sale.cooperative,
        "country": lambda sale: sale.country,
        "women_led": lambda sale: "yes" if sale.is_women_led else "no",
        "accepted_on": lambda sale: sale.accepted_at.date().isoformat(),
        "currency": lambda sale: sale.price.currency,
        "price": lambda sale: _amount(sale.price),
        "goods": lambda sale: _amount(sale.gross),
        "net": lambda sale: _amount(sale.net),
        "share": lambda sale: sale.share,
        "paid_currency": lambda sale: sale.paid.currency if sale.paid else None,
        "paid": lambda sale: _amount(sale.paid),
        "paid_share": lambda sale: sale.paid_share,
        "paid_as_agreed": lambda sale: None if sale.paid is None else ("no" if sale.differs else "yes"),
        "price_achieved": lambda sale: sale.achieved,
        "reference_rate_id": lambda sale: sale.rate_id,
        "floor": lambda sale: _amount(sale.floor),
        "below_floor": lambda sale: "yes" if sale.is_below_floor else "no",
        "reason_for_price": lambda sale: sale.reason,
    }
)


def as_csv(sales: Iterable[FairSale]) -> io.BytesIO:
    """Return UTF-8 text with a byte-order mark, as spreadsheets want it."""
    file = io.BytesIO()
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    rows = csv.writer(text)
    rows.writerow(COLUMNS)
    for sale in sales:
        rows.writerow([_plain(value(sale)) for value in COLUMNS.values()])
    text.detach()
    file.seek(0)
    return file


def as_xlsx(sales: Iterable[FairSale]) -> io.BytesIO:
    """Return one sheet; text stays text, whatever it begins with."""
    file = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet("sales")
        sheet.write_row(0, 0, list(COLUMNS))
        for number, sale in enumerate(sales, start=1):
            for place, value in enumerate(COLUMNS.values()):
                _write(sheet, number, place, value(sale))
    file.seek(0)
    return file


def _write(sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, cell: Cell) -> None:
    if isinstance(cell, Decimal):
        sheet.write_number(row, column, cell)
    elif cell is not None:
        sheet.write_string(row, column, cell)


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    text = f"{cell:f}" if isinstance(cell, Decimal) else cell
    return f"'{text}" if text.startswith(_FORMULA) else text
