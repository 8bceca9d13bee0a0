"""A buyer's offers, holds and agreements: the list, one negotiation, and the answers to a counter-offer."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.core.errors import InvalidInput
from marketplace.http.access import BUYER, allow
from marketplace.http.context import current_uow
from marketplace.http.idempotency import once
from marketplace.http.languages import translate as _
from marketplace.lots.models import Lot
from marketplace.orders import offer_queries as queries
from marketplace.orders import services
from marketplace.orders.models import LotClaim
from marketplace.orders.negotiation_models import Negotiation
from marketplace.orders.offer_answers import read_amount
from marketplace.orders.offer_prices import agreed_price
from marketplace.orders.offers import Side
from marketplace.orders.services.offer_letters import title_of
from marketplace.web.offer_view import field_words, rows_of, talk_view

bp = Blueprint("buyer_offers", __name__, url_prefix="/offers")


@bp.get("")
@allow(BUYER)
def index() -> str:
    """List what the buyer keeps, and every negotiation of hers."""
    uow = current_uow()
    buyer_id = uow.actor.buyer_id
    page = queries.talks_of_buyer(uow.session, buyer_id=buyer_id, now=uow.now, after=request.args.get("after"))
    kept = queries.holds_of(uow.session, buyer_id=buyer_id, now=uow.now)
    return render_template(
        "buyer/offers.html",
        offers=rows_of(page, reader=Side.BUYER),
        after=page.after,
        kept=[_kept(claim) for claim in kept],
    )


@bp.post("/kept/<uuid:claim_id>/end")
@allow(BUYER)
@once
def end(claim_id: UUID) -> Response:
    """End a hold or an agreement early: the lot is free for everybody."""
    services.end_hold(current_uow(), claim_id=claim_id)
    flash(_("You let the lot go. It is for sale again for everybody."), "good")
    return redirect(url_for("buyer_offers.index"), code=303)


@bp.get("/<reference>")
@allow(BUYER)
def show(reference: str) -> str:
    """Show a negotiation and what is possible now."""
    return _page(_own(reference), values={}, errors={})


@bp.post("/<reference>/acceptance")
@allow(BUYER)
@once
def acceptance(reference: str) -> Response:
    """Accept the cooperative's amount, and go on to the order."""
    uow, negotiation = current_uow(), _own(reference)
    services.accept_offer(uow, negotiation=negotiation)
    lot = uow.session.get_one(Lot, negotiation.lot_id)
    return redirect(url_for("buyer_buying.form", reference=lot.reference), code=303)


@bp.post("/<reference>/counter")
@allow(BUYER)
@once
def counter(reference: str) -> Response | tuple[str, int]:
    """Answer with another amount."""
    negotiation = _own(reference)
    try:
        amount = read_amount(request.form, currency=_currency(negotiation))
        services.counter_offer(current_uow(), negotiation=negotiation, amount=amount)
    except InvalidInput as error:
        return _page(negotiation, values=request.form, errors=field_words(error)), 422
    return _back(reference)


@bp.post("/<reference>/refusal")
@allow(BUYER)
@once
def refusal(reference: str) -> Response:
    """Decline the cooperative's amount."""
    services.decline_offer(current_uow(), negotiation=_own(reference))
    return _back(reference)


@bp.post("/<reference>/withdrawal")
@allow(BUYER)
@once
def withdrawal(reference: str) -> Response:
    """Take the buyer's own offer back."""
    services.withdraw_offer(current_uow(), negotiation=_own(reference))
    return _back(reference)


def _own(reference: str) -> Negotiation:
    uow = current_uow()
    return queries.negotiation_of_buyer(uow.session, reference, buyer_id=uow.actor.buyer_id)


def _back(reference: str) -> Response:
    return redirect(url_for("buyer_offers.show", reference=reference), code=303)


def _currency(negotiation: Negotiation) -> str:
    uow = current_uow()
    return queries.talk_of(uow.session, negotiation, now=uow.now).amount.currency


def _page(negotiation: Negotiation, *, values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    uow = current_uow()
    talk = queries.talk_of(uow.session, negotiation, now=uow.now)
    return render_template("buyer/offer.html", values=values, errors=errors, **talk_view(uow, talk, reader=Side.BUYER))


def _kept(claim: LotClaim) -> dict[str, Any]:
    uow = current_uow()
    lot = uow.session.get_one(Lot, claim.lot_id)
    return {
        "id": claim.id,
        "reference": lot.reference,
        "title": title_of(uow, lot, claim),
        "until": claim.expires_at,
        "agreed": agreed_price(uow.session, claim),
    }
