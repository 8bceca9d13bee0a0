"""JSON as its description names it: a list of rows at a path, or one document with a day and its values."""

from dataclasses import dataclass
from datetime import date
from functools import partial

from config.rate_sources import SourceDescription
from marketplace.pricing.sources.feed import Collector, DocumentRefused, Feed
from marketplace.pricing.sources.json_text import at, document_of
from marketplace.pricing.sources.rows import take_row
from marketplace.pricing.sources.values import RowRefused


@dataclass(frozen=True, slots=True)
class JsonRates:
    """Reads the fields that a description names by their paths; rows are counted from 1."""

    description: SourceDescription
    today: date

    def parse(self, body: bytes) -> Feed:
        """Return what the rows hold."""
        collector = Collector(self.today)
        document = document_of(body)
        rows = at(document, self.description.rows) if self.description.rows else document
        if not isinstance(rows, list | dict):
            raise DocumentRefused("it has no rows where the description says")
        for number, row in enumerate(rows if isinstance(rows, list) else [rows], 1):
            place = f"row {number}"
            with collector.row(place):
                if not isinstance(row, dict):
                    raise RowRefused("it is not a set of named values")
                take_row(self.description, collector, place, partial(at, row))
        return collector.feed()
