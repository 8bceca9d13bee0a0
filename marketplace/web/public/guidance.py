"""The guide of a lot opened to its last digit: a page for people, and the stored snapshot for programs."""

from flask import Blueprint, jsonify, make_response
from werkzeug.wrappers import Response

from marketplace.core.errors import NotFound
from marketplace.core.ids import normal_reference
from marketplace.core.money import Money
from marketplace.http.access import PUBLIC, allow
from marketplace.http.context import current_uow
from marketplace.http.languages import translate as _
from marketplace.lots.models import LotVersion
from marketplace.pricing.guidance import without_orders
from marketplace.search.queries import PublishedLot, published_lot
from marketplace.web.guidance_page import guidance_page
from marketplace.web.public.currencies import remember_currency
from marketplace.web.working import charge_rows

bp = Blueprint("guidance", __name__, url_prefix="/lots")
LONGEST_REFERENCE = 40


@bp.get("/<reference>/guidance")
@allow(PUBLIC)
def show(reference: str) -> Response:
    """Open the guide stored with the version on sale: every input, every step, and the same sum worked out now."""
    found = _guided(reference)
    price = found.version.content["price"]
    address = f"/lots/{found.listing.reference}"
    body = guidance_page(
        found.version.guidance,
        title=found.listing.title,
        crumbs=[(_("Buy"), "/lots"), (found.listing.title, address)],
        address=f"{address}/guidance",
        charges=charge_rows(price["lines"], gross_of(found.version)),
        price=Money(found.version.price_minor, found.version.currency),
        download=f"{address}/guidance.json",
        made_at=found.version.submitted_at,
    )
    return remember_currency(make_response(body))


@bp.get("/<reference>/guidance.json")
@allow(PUBLIC)
def snapshot(reference: str) -> Response:
    """Answer with the stored snapshot, from which anybody can work the guide out again; sales without their orders."""
    found = _guided(reference)
    response = jsonify(without_orders(found.version.guidance))
    response.headers["Content-Disposition"] = f'attachment; filename="guidance-{found.listing.reference}.json"'
    return response


def gross_of(version: LotVersion) -> Money:
    """Return the price of the goods themselves, without fee and premium."""
    price = version.content["price"]
    return Money(int(price["gross_minor"]), price["currency"])


def _guided(reference: str) -> PublishedLot:
    if len(reference) > LONGEST_REFERENCE or "\x00" in reference:
        raise NotFound
    found = published_lot(current_uow().session, normal_reference(reference))
    if not found.version.guidance.get("inputs"):
        raise NotFound
    return found
