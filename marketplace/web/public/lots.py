"""Published lots: all that fit a search, and one of them."""

from collections.abc import Sequence

from flask import Blueprint, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from marketplace.checks.queries import ShownNote, beside_lot
from marketplace.core.errors import NotFound
from marketplace.core.ids import normal_reference
from marketplace.http.access import PUBLIC, allow
from marketplace.http.context import current_uow, settings
from marketplace.lots.models import LotStock
from marketplace.lots.queries import stock_of
from marketplace.orders.hold_limits import is_road_too_long
from marketplace.search import queries
from marketplace.web.check_words import note_views
from marketplace.web.offer_view import stock_view
from marketplace.web.public.browse import browse_page
from marketplace.web.public.currencies import (
    currency_choices,
    currency_error,
    exchange_to,
    remember_currency,
    wanted_currency,
)
from marketplace.web.public.etags import may_be_kept, page_tag
from marketplace.web.public.lot_page import lot_view

bp = Blueprint("lots", __name__, url_prefix="/lots")
LONGEST_REFERENCE = 40


@bp.get("")
@allow(PUBLIC)
def index() -> Response:
    """Show the lots that fit the filters in the address."""
    return browse_page()


@bp.get("/<reference>")
@allow(PUBLIC)
def lot(reference: str) -> Response:
    """Show one lot that is on sale, reserved or sold; answer 304 while nothing on its page changed."""
    if reference != normal_reference(reference):
        return redirect(f"/lots/{_known(reference)}", code=301)
    uow = current_uow()
    found = queries.published_lot(uow.session, _bounded(reference))
    currency, today = wanted_currency(), uow.now.date()
    exchange = exchange_to(uow.session, currency, today)
    rate = exchange.rate.id if exchange else ""
    stock = stock_of(uow.session, found.listing.lot_id)
    has_passport, notes = beside_lot(uow.session, found.listing.lot_id)
    tag = page_tag(*_facts_of(found, stock), *_checks_of(notes), currency, rate, today.isoformat(), str(has_passport))
    if may_be_kept() and tag in request.if_none_match:
        return Response(status=304, headers={"ETag": f'"{tag}"'})
    body = render_template(
        "public/lot.html",
        **lot_view(found),
        has_passport=has_passport,
        checks=note_views(notes, version_sha256=found.version.sha256),
        nobody_buys=is_road_too_long(settings().maximum_hold_days),
        parts=stock_view(stock) if stock is not None else None,
        exchange=exchange,
        currencies=currency_choices(),
        values={"currency": currency},
        errors=currency_error(),
    )
    response = make_response(body)
    if may_be_kept():
        response.set_etag(tag)
        response.headers["Cache-Control"] = "private, no-cache"
    return remember_currency(response)


def _facts_of(found: queries.PublishedLot, stock: LotStock | None) -> tuple[str, ...]:
    """Return what the page shows that may change: the version, what is free, and how its seller is described."""
    seller = found.cooperative
    members = f"{seller.members_women}/{seller.members_total}"
    free = str(stock.free_mg) if stock is not None else ""
    return (found.version.sha256, found.listing.availability, free, seller.legal_name, seller.about, members)


def _checks_of(notes: Sequence[ShownNote]) -> tuple[str, ...]:
    """Return the references of the notes on the page: a note is never changed."""
    return tuple(note.check.reference for note in notes)


def _known(reference: str) -> str:
    """Return the stored spelling of a typed reference, or raise NotFound."""
    normal = normal_reference(_bounded(reference))
    return queries.published_lot(current_uow().session, normal).listing.reference


def _bounded(reference: str) -> str:
    if len(reference) > LONGEST_REFERENCE or "\x00" in reference:
        raise NotFound
    return reference
