"""Descriptions of sources for tests, with as few words as a test needs."""

from datetime import date
from decimal import Decimal
from typing import Any

from config.rate_sources import SourceDescription, SourceSeries
from marketplace.pricing.sources import Feed, source_for

TODAY = date(2026, 9, 29)


def series(pair: str, **more: Any) -> SourceSeries:
    """A series of a pair, its document written in the usual unit."""
    metal = pair.endswith("/USD")
    values = {
        "code": pair,
        "pair": pair,
        "name": pair,
        "unit": "USD per troy ounce" if metal else f"{pair[4:]} per USD",
        "quoted": "USD per ozt" if metal else f"{pair[4:]} per USD",
        "fields": ("value",),
        "select": None,
        "priority": 0,
        "max_age_working_days": 3,
        "jump_limit": Decimal("0.08"),
        "least": None,
        "most": None,
    }
    return SourceSeries(**{**values, **more})


def source(adapter: str, *held: SourceSeries, **more: Any) -> SourceDescription:
    """A source of some series."""
    values = {
        "code": "test-source",
        "adapter": adapter,
        "address": "",
        "every_minutes": 60,
        "source": "Test source",
        "licence": "CC0-1.0",
        "series": held,
    }
    return SourceDescription(**{**values, **more})


def parsed(described: SourceDescription, body: str | bytes, *, today: date = TODAY) -> Feed:
    """What a document of the source holds."""
    return source_for(described, today=today).parse(body.encode() if isinstance(body, str) else body)


def values(feed: Feed) -> dict[str, str]:
    """The observations as `series day` to value."""
    return {f"{each.series} {each.observed_on}": f"{each.value:f}" for each in feed.observations}


def reasons(feed: Feed) -> dict[str, str]:
    """The refused rows as place to reason."""
    return {each.place: each.reason for each in feed.refused}
