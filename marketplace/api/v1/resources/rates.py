"""Rates by series and day, open to everybody."""

import re
from datetime import date, timedelta
from http import HTTPStatus
from typing import Any, Final

from marketplace.api.blueprint import Resource
from marketplace.api.problems import FieldsRefused
from marketplace.api.v1.examples import RATE, RATE_HISTORY, SERIES_LIST
from marketplace.api.v1.schemas.prices import (
    SERIES,
    HistoryQuery,
    HistorySchema,
    RateQuery,
    RateSchema,
    SeriesListSchema,
    series_code,
    series_in_address,
)
from marketplace.core.errors import NotFound
from marketplace.core.text import N_
from marketplace.http.access import PUBLIC, allow
from marketplace.http.context import current_uow
from marketplace.pricing.models import ReferenceSeries
from marketplace.pricing.queries import all_series, rate_of_series
from marketplace.pricing.queries.observations import newest_of_each, rates_between
from marketplace.pricing.rates import RateAsOf, age_in_days, is_stale, is_too_old

bp: Final = Resource("rates", __name__, tag="Rates", description="Rates of metals and currencies, dated and sourced.")
FUTURE: Final = N_("There are no rates of the future. Send today or an earlier day.")
USUAL: Final = timedelta(days=365)
SERIES_PARAMETER: Final = {
    "in": "path", "name": "series", "required": True,
    "description": "The series, its slash written as a hyphen and its colon as a point: XAU-USD.LBMA.",
    "schema": {"type": "string", "pattern": f"^{SERIES}$"}, "example": "XAU-USD",
}  # fmt: skip


@bp.operation("GET", "")
@allow(PUBLIC)
@bp.answers(200, SeriesListSchema, example=SERIES_LIST)
def list_series() -> dict[str, Any]:
    """List the series of rates.

    Each with its pair, its priority among the series of that pair, and its newest good observation.
    """
    uow = current_uow()
    today = uow.now.date()
    newest = newest_of_each(uow.session, today)
    return {
        "series": [{**_series(row), "newest": _newest(newest.get(row.code), today)} for row in all_series(uow.session)]
    }


@bp.operation("GET", "/<series>", parameters=[SERIES_PARAMETER])
@allow(PUBLIC)
@bp.takes(RateQuery, location="query")
@bp.answers(200, RateSchema, example=RATE)
@bp.refuses(HTTPStatus.NOT_FOUND)
def get_rate(query: dict[str, Any], series: str) -> dict[str, Any]:
    """Read the rate of a series as of a day.

    The newest good observation of this series on or before the day; never one from the future. Prices rest on the
    series of a pair that has the highest priority and is not stale.
    """
    uow = current_uow()
    today = uow.now.date()
    as_of = query.get("as_of", today)
    if as_of > today:
        raise FieldsRefused({"as_of": FUTURE}, place="parameter")
    row = _row(series)
    rate = rate_of_series(uow.session, row.code, as_of)
    if rate is None:
        raise NotFound
    return {
        **_series(row),
        "id": rate.id,
        "value": f"{rate.value:f}",
        "as_of": as_of,
        "observed_on": rate.observed_on,
        "age_days": age_in_days(rate.observed_on, as_of),
        "stale": is_stale(rate, as_of),
        "too_old": is_too_old(rate, as_of),
        "source": rate.source,
        "licence": rate.licence,
    }


@bp.operation("GET", "/<series>/history", parameters=[SERIES_PARAMETER])
@allow(PUBLIC)
@bp.takes(HistoryQuery, location="query")
@bp.answers(200, HistorySchema, example=RATE_HISTORY)
@bp.refuses(HTTPStatus.NOT_FOUND)
def get_rate_history(query: dict[str, Any], series: str) -> dict[str, Any]:
    """Read the rates of a series from a day to a day.

    Oldest first, 366 a page. Corrected and held back rates are left out, and there are none of the future.
    """
    uow = current_uow()
    since, until = _days(query, today=uow.now.date())
    row = _row(series)
    page = rates_between(uow.session, row.code, since=since, until=until, after=query.get("cursor"))
    return {
        "series": series,
        "unit": row.unit,
        "since": since,
        "until": until,
        "rates": [
            {
                "id": str(rate.id),
                "observed_on": rate.observed_on,
                "value": f"{rate.value:f}",
                "source": rate.source,
                "licence": rate.licence,
            }
            for rate in page.rates
        ],
        "next_cursor": page.after,
    }


def _days(query: dict[str, Any], *, today: date) -> tuple[date, date]:
    until = query.get("until", today)
    if until > today:
        raise FieldsRefused({"to": FUTURE}, place="parameter")
    since = query.get("since", until - min(USUAL, until - date.min))
    if since > until:
        words = N_("The first day is after the last one. Change one of them.")
        raise FieldsRefused({"from": words}, place="parameter")
    return since, until


def _newest(rate: RateAsOf | None, today: date) -> dict[str, Any] | None:
    if rate is None:
        return None
    return {
        "id": rate.id,
        "value": f"{rate.value:f}",
        "observed_on": rate.observed_on,
        "age_days": age_in_days(rate.observed_on, today),
        "stale": is_stale(rate, today),
        "too_old": is_too_old(rate, today),
    }


def _row(series: str) -> ReferenceSeries:
    if not re.fullmatch(SERIES, series):
        raise NotFound
    row = current_uow().session.get(ReferenceSeries, series_code(series))
    if row is None:
        raise NotFound
    return row


def _series(row: ReferenceSeries) -> dict[str, Any]:
    return {
        "series": series_in_address(row.code),
        "pair": row.pair,
        "priority": row.priority,
        "name": row.name,
        "unit": row.unit,
        "source": row.source,
        "licence": row.licence,
        "max_age_working_days": row.max_age_working_days,
    }
