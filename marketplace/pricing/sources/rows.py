"""Rows of a described document: its day, its unit and currency, and the values of the series it holds."""

from collections.abc import Callable, Iterator
from typing import Any

from config.rate_sources import SourceDescription, SourceSeries
from marketplace.pricing.sources.feed import Collector
from marketplace.pricing.sources.values import RowRefused, day, figure, in_own_unit, shown

Look = Callable[[str], Any]


def take_row(description: SourceDescription, collector: Collector, place: str, look: Look) -> None:
    """Take every series that one row holds; `look` gives what stands in a field, None when there is none."""
    wanted = list(_held(description, look))
    if not wanted:
        return
    with collector.row(place):
        on = day(look(description.date_field), description.date_format)
        _check(description, look)
        for series in wanted:
            name = place if len(wanted) == 1 else f"{place}, {series.code}"
            with collector.row(name):
                exact, is_computed = in_own_unit(series, figure(_first_filled(series, look)))
                collector.take(series, name, day=on, exact=exact, is_computed=is_computed)


def _held(description: SourceDescription, look: Look) -> Iterator[SourceSeries]:
    word = look(description.select_field) if description.select_field else None
    for series in description.series:
        if series.select is None or (isinstance(word, str) and word.strip() == series.select):
            yield series


def _check(description: SourceDescription, look: Look) -> None:
    for field, expected in description.checks:
        found = look(field)
        if not isinstance(found, str) or found.strip() != expected:
            raise RowRefused(f"{field} is {shown(found)}, not {expected}")


def _first_filled(series: SourceSeries, look: Look) -> Any:
    values = [look(field) for field in series.fields]
    return next((value for value in values if value not in (None, "")), None)
