"""From a lot's page: make an offer, or keep the lot for two days without paying."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.accounts.queries import find_buyer
from marketplace.core.errors import DomainError, InvalidInput
from marketplace.core.money import Money
from marketplace.http.access import SIGNED_IN, allow
from marketplace.http.context import current_uow
from marketplace.http.idempotency import once
from marketplace.http.languages import translate as _
from marketplace.http.languages import translate_error
from marketplace.lots.parts import PartRefused
from marketplace.lots.queries import ForSale, for_sale
from marketplace.orders import services
from marketplace.orders.levels import LevelTooLow
from marketplace.orders.offer_answers import read_offer, read_part
from marketplace.orders.offers import MOST_ROUNDS
from marketplace.orders.services import bargaining
from marketplace.web.offer_view import field_words, parts_view

bp = Blueprint("buyer_offering", __name__, url_prefix="/lots/<reference>")


@bp.get("/offer")
@allow(SIGNED_IN)
def offer_form(reference: str) -> str:
    """Ask for the amount."""
    return _offer_page(reference, values={}, errors={})


@bp.post("/offer")
@allow(SIGNED_IN)
@once
def offer(reference: str) -> Response | tuple[str, int]:
    """Make the offer and go to the negotiation."""
    uow = current_uow()
    _lot, version, stock, _cooperative = for_sale(uow.session, reference)
    parts = parts_view(stock)
    try:
        amount, part_mg = read_offer(request.form, currency=version.currency, unit=parts["unit"] if parts else None)
        negotiation = services.make_offer(
            uow,
            lot_reference=reference,
            version_sha256=request.form.get("version", ""),
            amount=amount,
            part_mg=part_mg,
        )
    except InvalidInput as error:
        return _offer_page(reference, values=request.form, errors=field_words(error)), 422
    except PartRefused as refused:
        return _offer_page(reference, values=request.form, errors={"part": translate_error(refused)}), 422
    flash(_("Your offer is with the cooperative. It has 48 hours to answer."), "good")
    return redirect(url_for("buyer_offers.show", reference=negotiation.reference), code=303)


@bp.get("/hold")
@allow(SIGNED_IN)
def hold_form(reference: str) -> str:
    """Say what a hold is before it is taken."""
    return _hold_page(reference, values={}, errors={})


@bp.post("/hold")
@allow(SIGNED_IN)
@once
def hold(reference: str) -> Response | tuple[str, int]:
    """Keep the lot for the buyer."""
    uow = current_uow()
    parts = parts_view(for_sale(uow.session, reference).stock)
    try:
        part_mg = read_part(request.form, unit=parts["unit"]) if parts else None
        services.hold(uow, lot_reference=reference, part_mg=part_mg)
    except InvalidInput as error:
        return _hold_page(reference, values=request.form, errors=field_words(error)), 422
    except PartRefused as refused:
        return _hold_page(reference, values=request.form, errors={"part": translate_error(refused)}), 422
    flash(_("The lot is kept for you for 48 hours."), "good")
    return redirect(url_for("buyer_offers.index"), code=303)


def _offer_page(reference: str, *, values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    uow = current_uow()
    found = for_sale(uow.session, reference)
    lot, version = found.lot, found.version
    refused = _refusal(lambda: bargaining.check_may_offer(uow, lot=lot))
    return render_template(
        "buyer/make_offer.html",
        version=version,
        currency=version.currency,
        most_rounds=MOST_ROUNDS,
        **_shared(found, refused, values=values, errors=errors),
    )


def _hold_page(reference: str, *, values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    uow = current_uow()
    found = for_sale(uow.session, reference)
    lot, version = found.lot, found.version
    refused = _refusal(lambda: services.check_may_hold(uow, lot=lot))
    return render_template(
        "buyer/hold.html",
        title=version.content["title"],
        **_shared(found, refused, values=values, errors=errors),
    )


def _refusal(check: Callable[[], None]) -> DomainError | None:
    """Return why the form makes no sense for the reader, or None: said before anything is typed."""
    try:
        check()
    except DomainError as refused:
        return refused
    return None


def _shared(
    found: ForSale, refused: DomainError | None, *, values: Mapping[str, str], errors: Mapping[str, str]
) -> dict[str, Any]:
    uow = current_uow()
    return {
        "lot": found.lot,
        "price": Money(found.version.price_minor, found.version.currency),
        "parts": parts_view(found.stock),
        "refusal": translate_error(refused) if refused else None,
        "buyer": find_buyer(uow.session, uow.actor.user_id) if isinstance(refused, LevelTooLow) else None,
        "values": values,
        "errors": errors,
    }
