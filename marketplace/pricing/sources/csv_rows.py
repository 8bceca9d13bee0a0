"""CSV with a header: an LBMA list of fixes, a refiner's prices, whatever the description names."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from config.rate_sources import SourceDescription
from marketplace.pricing.sources.feed import Collector, DocumentRefused, Feed, text_of
from marketplace.pricing.sources.rows import take_row
from marketplace.pricing.sources.values import RowRefused, shown


@dataclass(frozen=True, slots=True)
class CsvRates:
    """Reads the columns that a description names; rows are counted as lines of the file, the header is line 1."""

    description: SourceDescription
    today: date

    def parse(self, body: bytes) -> Feed:
        """Return what the rows hold; a last row that is too short means that the document was cut."""
        collector = Collector(self.today)
        rows = list(_rows(text_of(body), self.description.delimiter))
        header = [name.strip() for name in rows[0][1]]
        self._check(header)
        if len(rows[-1][1]) < len(header):
            raise DocumentRefused(f"it is cut in the middle of row {rows[-1][0]}")
        for number, cells in rows[1:]:
            place = f"row {number}"
            with collector.row(place):
                if len(cells) != len(header):
                    raise RowRefused(f"it has {len(cells)} cells, not {len(header)}")
                stripped = (cell.strip() for cell in cells)
                take_row(self.description, collector, place, dict(zip(header, stripped, strict=True)).get)
        return collector.feed()

    def _check(self, header: list[str]) -> None:
        described = self.description
        any_of = [[described.date_field], *([field] for field, _ in described.checks)]
        any_of += [[described.select_field]] if described.select_field else []
        any_of += [list(series.fields) for series in described.series]
        for names in any_of:
            if not any(name in header for name in names):
                raise DocumentRefused(f"it has no column {' or '.join(names)}")
        twice = [name for name in header if name and header.count(name) > 1]
        if twice:
            raise DocumentRefused(f"it has two columns {shown(twice[0])}")


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            if cells:
                yield reader.line_num, cells
    except csv.Error as error:
        raise DocumentRefused(f"it is not whole CSV: {error} in line {reader.line_num}") from None
