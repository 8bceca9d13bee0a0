"""The European Central Bank's reference rates: daily and historic XML, units per euro, turned into units per dollar."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from config.rate_sources import SourceDescription, SourceSeries
from marketplace.pricing.sources.feed import Collector, DocumentRefused, Feed, text_of
from marketplace.pricing.sources.values import RowRefused, day, figure, shown

_CUBE: Final = "{http://www.ecb.int/vocabulary/2002-08-01/eurofxref}Cube"
# By treaty since 1999: 100 CFA francs are one former French franc, 6.55957 of which are one euro.
FRANCS_PER_EURO: Final = "655.957"


@dataclass(frozen=True, slots=True)
class EcbXml:
    """Reads eurofxref-daily.xml, eurofxref-hist-90d.xml and eurofxref-hist.xml."""

    description: SourceDescription
    today: date

    def parse(self, body: bytes) -> Feed:
        """Return the crosses of each day with the same day's dollar; a day without a dollar is refused."""
        collector = Collector(self.today)
        for time, per_euro in _days(_root(body)):
            with collector.row(shown(time)):
                on = day(time, "YYYY-MM-DD")
                dollar = _of(per_euro, "USD")
                for series in self.description.series:
                    place = f"{on} {series.pair[4:]}"
                    with collector.row(place):
                        exact = _units_per_euro(per_euro, series) / dollar
                        collector.take(series, place, day=on, exact=exact, is_computed=True)
        return collector.feed()


def _root(body: bytes) -> Element:
    try:
        root: Element = fromstring(text_of(body), forbid_dtd=True)
    except ParseError as error:
        raise DocumentRefused(f"it is not whole XML: {error}") from None
    except (DefusedXmlException, ValueError, LookupError):
        raise DocumentRefused("it is XML with definitions of its own, which rates do not need") from None
    return root


def _days(root: Element) -> Iterator[tuple[str, Mapping[str, str]]]:
    found = [cube for cube in root.iter(_CUBE) if "time" in cube.attrib]
    if not found:
        raise DocumentRefused("it holds no day of rates of the European Central Bank")
    for of_day in found:
        yield of_day.attrib["time"], _currencies(of_day)


def _currencies(of_day: Element) -> Mapping[str, str]:
    """Return each currency's rate; one that stands twice with two rates is marked by a text that is no number."""
    per_euro: dict[str, str] = {}
    for cube in of_day:
        code, rate = cube.attrib.get("currency", ""), cube.attrib.get("rate", "")
        per_euro[code] = rate if per_euro.get(code, rate) == rate else f"{per_euro[code]} and {rate}"
    return per_euro


def _units_per_euro(per_euro: Mapping[str, str], series: SourceSeries) -> Fraction:
    currency = series.pair[4:]
    if currency == "EUR":
        return Fraction(1)
    if currency == "XOF":
        return Fraction(FRANCS_PER_EURO)
    return _of(per_euro, currency)


def _of(per_euro: Mapping[str, str], currency: str) -> Fraction:
    if currency not in per_euro:
        raise RowRefused(f"the day has no rate of {currency}")
    return figure(per_euro[currency])
