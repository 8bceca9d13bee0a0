"""Describe a document on the command line instead of in the file of sources, for series that exist already."""

from collections.abc import Sequence
from decimal import Decimal

from config.rate_sources import ADAPTERS, METAL_UNITS, SourceDescription, SourceSeries
from marketplace.core.errors import DomainError
from marketplace.core.text import N_
from marketplace.pricing.models import ReferenceSeries

# The word for each shape on the command line.
FORMATS = tuple(adapter for adapter in ADAPTERS if adapter != "lbma-csv")


class DescriptionRefused(DomainError):
    """The words on the command line describe no document."""

    code = "description_refused"
    message = N_("A CSV or JSON file holds the values of one series. Name one.")


def description_by_hand(
    form: str, series: Sequence[ReferenceSeries], *, day: str, value: str, unit: str | None, rows: str
) -> SourceDescription:
    """Return the description of a document; `day` and `value` name its fields. Raises DescriptionRefused."""
    if form in ("csv", "json") and len(series) != 1:
        raise DescriptionRefused
    return SourceDescription(
        code="by-hand",
        adapter=form,
        address="",
        every_minutes=0,
        source="",
        licence="",
        rows=rows,
        date_field=day,
        series=tuple(_series(each, value=value, unit=unit) for each in series),
    )


def _series(row: ReferenceSeries, *, value: str, unit: str | None) -> SourceSeries:
    currency = row.pair.removeprefix("USD/")
    units = METAL_UNITS if row.pair.endswith("/USD") else (f"{currency} per USD", f"USD per {currency}")
    if unit is not None and unit not in units:
        raise DescriptionRefused(N_("The unit must be one of: %(units)s"), units=", ".join(units))
    return SourceSeries(
        code=row.code,
        pair=row.pair,
        name=row.name,
        unit=row.unit,
        quoted=unit or units[0],
        fields=(value,),
        select=None,
        priority=row.priority,
        max_age_working_days=row.max_age_working_days,
        jump_limit=Decimal(row.jump_limit),
        least=None,
        most=None,
    )
