"""Write an edition as a workbook: the bands, and a sheet that explains columns and codes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from typing import Any, Final

from xlsxwriter import Workbook

from marketplace.pricing.book.proposal import BandProposal, in_reading_order
from marketplace.pricing.book.sheet import COLUMNS, cells_of
from marketplace.pricing.book.table import unguarded

_NUMBERS: Final = frozenset({"weight_from_ct", "weight_to_ct", "low_usd_ct", "high_usd_ct"})
_WIDTHS: Final = {"variety": 22, "source": 60}
# Memory does not grow with the book, no text becomes a formula, a link or a number.
_OPTIONS: Final = {
    "constant_memory": True,
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


@dataclass(frozen=True, slots=True)
class Legend:
    """Hold the words of the second sheet in the reader's language: titles, and rows of code and meaning."""

    book_title: str
    codes_title: str
    rows: Sequence[tuple[str, str]]


def to_xlsx(bands: Iterable[BandProposal], legend: Legend) -> bytes:
    """Return bands as a workbook of two sheets."""
    out = BytesIO()
    with Workbook(out, dict(_OPTIONS)) as book:
        bold = book.add_format({"bold": True})
        _write_bands(book.add_worksheet(legend.book_title[:31]), bands, bold)
        _write_legend(book.add_worksheet(legend.codes_title[:31]), legend, bold)
    return out.getvalue()


def _write_bands(sheet: Any, bands: Iterable[BandProposal], bold: Any) -> None:
    sheet.freeze_panes(1, 0)
    for place, name in enumerate(COLUMNS):
        sheet.set_column(place, place, _WIDTHS.get(name, 14))
        sheet.write_string(0, place, name, bold)
    for number, band in enumerate(in_reading_order(bands), start=1):
        for place, (name, cell) in enumerate(cells_of(band).items()):
            if name in _NUMBERS:
                sheet.write_number(number, place, Decimal(cell))
            elif cell:
                sheet.write_string(number, place, _safe(unguarded(cell)))


def _safe(text: str) -> str:
    """Return text the library writes as text: what looks like its own rich text would go into the file as markup."""
    return f" {text}" if text.startswith("<r>") else text


def _write_legend(sheet: Any, legend: Legend, bold: Any) -> None:
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 90)
    for number, (code, meaning) in enumerate(legend.rows):
        sheet.write_string(number, 0, code, bold)
        sheet.write_string(number, 1, meaning)
