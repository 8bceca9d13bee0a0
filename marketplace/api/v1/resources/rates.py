"""Rates by series and day, open to everybody."""

import re
from http import HTTPStatus
from typing import Any, Final

from marketplace.api.blueprint import Resource
from marketplace.api.problems import FieldsRefused
from marketplace.api.v1.examples import RATE, SERIES_LIST
from marketplace.api.v1.schemas.prices import SERIES, RateQuery, RateSchema, SeriesListSchema
from marketplace.core.errors import NotFound
from marketplace.core.text import N_
from marketplace.http.access import PUBLIC, allow
from marketplace.http.context import current_uow
from marketplace.pricing.models import ReferenceSeries
from marketplace.pricing.queries import all_series, rate_of_series
from marketplace.pricing.rates import age_in_days, is_stale, is_too_old

bp: Final = Resource("rates", __name__, tag="Rates", description="Rates of metals and currencies, dated and sourced.")
SERIES_PARAMETER: Final = {
    "in": "path", "name": "series", "required": True,
    "description": "The series, its slash written as a hyphen. A second one of a pair has a suffix: XAU-USD:LBMA.",
    "schema": {"type": "string", "pattern": f"^{SERIES}$"}, "example": "XAU-USD",
}  # fmt: skip


@bp.operation("GET", "")
@allow(PUBLIC)
@bp.answers(200, SeriesListSchema, example=SERIES_LIST)
def list_series() -> dict[str, Any]:
    """List the series of rates."""
    return {"series": [_series(row) for row in all_series(current_uow().session)]}


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
        words = N_("There are no rates of the future. Send today or an earlier day.")
        raise FieldsRefused({"as_of": words}, place="parameter")
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


def _row(series: str) -> ReferenceSeries:
    if not re.fullmatch(SERIES, series):
        raise NotFound
    row = current_uow().session.get(ReferenceSeries, series.replace("-", "/"))
    if row is None:
        raise NotFound
    return row


def _series(row: ReferenceSeries) -> dict[str, Any]:
    return {
        "series": row.code.replace("/", "-"),
        "name": row.name,
        "unit": row.unit,
        "source": row.source,
        "licence": row.licence,
        "max_age_working_days": row.max_age_working_days,
    }
