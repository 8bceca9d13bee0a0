"""Reference prices a gram, open to everybody."""

from typing import Any, Final

from marketplace.api.blueprint import Resource
from marketplace.api.v1.documents import money_document
from marketplace.api.v1.examples import REFERENCE_PRICES
from marketplace.api.v1.schemas.prices import PricesQuery, ReferencePricesSchema
from marketplace.http.access import PUBLIC, allow
from marketplace.http.context import current_uow
from marketplace.pricing.queries import MetalPrice, todays_prices

bp: Final = Resource("reference-prices", __name__, tag="Prices", description="Reference prices of metals and rates.")


@bp.operation("GET", "")
@allow(PUBLIC)
@bp.takes(PricesQuery, location="query")
@bp.answers(200, ReferencePricesSchema, example=REFERENCE_PRICES)
def get_reference_prices(query: dict[str, Any]) -> dict[str, Any]:
    """Read today's reference prices.

    One gram of gold at 999, 916, 875 and 750, of silver and platinum at 999, with source, date and age of the rate.
    """
    uow = current_uow()
    today = uow.now.date()
    found = todays_prices(uow.session, query["currency"], today)
    return {"currency": query["currency"], "on": today, "prices": [_document(price) for price in found]}


def _document(price: MetalPrice) -> dict[str, Any]:
    return {
        "metal": price.metal,
        "fineness_permille": f"{price.fineness_permille:f}",
        "per_gram": money_document(price.per_gram),
        "source": price.source,
        "licence": price.licence,
        "observed_on": price.observed_on,
        "age_days": price.age_days,
        "stale": price.stale,
        "too_old": price.too_old,
        "rate_ids": price.rate_ids,
    }
