"""The open currency-and-metals JSON of currency-api: units of everything per dollar, or per euro, on one day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from config.rate_sources import SourceDescription
from marketplace.pricing.sources.feed import Collector, DocumentRefused, Feed
from marketplace.pricing.sources.json_text import document_of
from marketplace.pricing.sources.values import RowRefused, day, figure


@dataclass(frozen=True, slots=True)
class CurrencyApi:
    """Reads usd.json or eur.json: `{"date": "2026-09-29", "usd": {"xau": 0.00024, "tzs": 2450.1}}`.

    Metals are written in troy ounces per unit of money, so their price is the reciprocal.
    """

    description: SourceDescription
    today: date

    def parse(self, body: bytes) -> Feed:
        """Return the rates of the document's one day."""
        collector = Collector(self.today)
        time, per_base = self._shape(document_of(body))
        with collector.row("date"):
            on = day(time, "YYYY-MM-DD")
            dollars = Fraction(1) if self.description.base == "usd" else _of(per_base, "usd")
            for series in self.description.series:
                metal = series.pair.endswith("/USD")
                key = (series.pair[:3] if metal else series.pair[4:]).lower()
                with collector.row(key):
                    units = self._units(per_base, key)
                    exact = dollars / units if metal else units / dollars
                    is_computed = metal or self.description.base != "usd"
                    collector.take(series, key, day=on, exact=exact, is_computed=is_computed)
        return collector.feed()

    def _units(self, per_base: Mapping[str, Any], key: str) -> Fraction:
        return Fraction(1) if key == self.description.base else _of(per_base, key)

    def _shape(self, document: Any) -> tuple[Any, Mapping[str, Any]]:
        per_base = document.get(self.description.base) if isinstance(document, Mapping) else None
        if not isinstance(per_base, Mapping):
            raise DocumentRefused(f"it has no list of rates named {self.description.base}")
        return document.get("date"), per_base


def _of(per_base: Mapping[str, Any], key: str) -> Fraction:
    if key not in per_base:
        raise RowRefused(f"the document has no rate named {key}")
    return figure(per_base[key])
