"""Reference series and rates, few and known, so that a test can count with them."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from marketplace.pricing import services
from marketplace.pricing.models import RateFetch, ReferenceSeries
from marketplace.pricing.shipped import Observation
from marketplace.unit_of_work import UnitOfWork

NEWEST = date(2026, 9, 29)


def series(uow: UnitOfWork, code: str = "XAU/USD", *, pair: str = "", priority: int = 0) -> ReferenceSeries:
    """Add a series whose rates may move by 8 % a week and are fresh for three working days."""
    row = ReferenceSeries(
        code=code,
        pair=pair or code,
        priority=priority,
        name=f"Series {code}",
        unit="USD per troy ounce",
        source=f"Source of {code}",
        licence="CC0-1.0",
        max_age_working_days=3,
        jump_limit=Decimal("0.08"),
    )
    uow.session.add(row)
    uow.record("reference_series.add", row)
    return row


def observe(uow: UnitOfWork, *values: str, code: str = "XAU/USD", until: date = NEWEST, apart: int = 1) -> None:
    """Import values, the last one of `until`, the others each so many days before."""
    days = [until - timedelta(days=apart * place) for place in reversed(range(len(values)))]
    rates = [Observation(code, day, Decimal(value)) for day, value in zip(days, values, strict=True)]
    later = uow.acting_as(uow.actor)
    # A day that is still to come is refused: what is observed then is imported then.
    later.now = max(uow.now, datetime.combine(until, time(9), tzinfo=UTC))
    services.import_observations(later, rates)


def fetched(uow: UnitOfWork, source: str, *, outcome: str = "imported", **more: object) -> RateFetch:
    """Note a try to read a source."""
    row = RateFetch(source=source, started_at=uow.now, finished_at=uow.now, outcome=outcome, refused_rows=[], **more)
    uow.session.add(row)
    uow.session.flush()
    return row
