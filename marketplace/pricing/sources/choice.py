"""Which adapter reads the documents of a source."""

from collections.abc import Mapping
from datetime import date
from typing import Final, Protocol

from config.rate_sources import SourceDescription
from marketplace.pricing.sources.csv_rows import CsvRates
from marketplace.pricing.sources.currency_api import CurrencyApi
from marketplace.pricing.sources.ecb import EcbXml
from marketplace.pricing.sources.feed import RateSource
from marketplace.pricing.sources.json_rows import JsonRates


class _Adapter(Protocol):
    def __call__(self, description: SourceDescription, today: date) -> RateSource: ...


ADAPTERS: Final[Mapping[str, _Adapter]] = {
    "ecb-xml": EcbXml,
    "currency-api": CurrencyApi,
    "lbma-csv": CsvRates,
    "csv": CsvRates,
    "json": JsonRates,
}


def source_for(description: SourceDescription, *, today: date) -> RateSource:
    """Return the adapter of a source; days after `today` are refused as future ones."""
    return ADAPTERS[description.adapter](description, today)
