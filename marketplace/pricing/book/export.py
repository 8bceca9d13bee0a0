"""Write an edition as CSV in UTF-8, safe to open in a spreadsheet."""

import csv
from collections.abc import Iterable
from io import StringIO

from marketplace.pricing.book.proposal import BandProposal, in_reading_order
from marketplace.pricing.book.sheet import COLUMNS, cells_of
from marketplace.pricing.book.table import guarded


def to_csv(bands: Iterable[BandProposal]) -> bytes:
    """Return bands as CSV with a byte-order mark, which spreadsheets need to see that it is UTF-8."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for band in in_reading_order(bands):
        cells = cells_of(band) | {"source": guarded(band.source)}
        writer.writerow([cells[name] for name in COLUMNS])
    return out.getvalue().encode("utf-8-sig")
