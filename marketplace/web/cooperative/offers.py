"""Offers as a cooperative sees them: accept, counter, decline; and the private floor of a lot."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.core.errors import InvalidInput, NotFound
from marketplace.core.ids import normal_reference
from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.http.access import MEMBER, WRITER, allow
from marketplace.http.context import current_uow
from marketplace.http.idempotency import once
from marketplace.http.languages import translate as _
from marketplace.lots.models import Lot, LotVersion
from marketplace.lots.queries import lot_of_cooperative
from marketplace.orders import offer_queries as queries
from marketplace.orders import services
from marketplace.orders.negotiation_models import Negotiation, OfferFloor
from marketplace.orders.offer_answers import read_amount
from marketplace.orders.offers import Side
from marketplace.web.offer_view import field_words, rows_of, talk_view

bp = Blueprint("cooperative_offers", __name__, url_prefix="/cooperative")


@bp.get("/offers")
@allow(MEMBER)
def index() -> str:
    """List the negotiations of the officer's cooperatives."""
    uow = current_uow()
    mine = uow.actor.memberships.keys()
    page = queries.talks_of_cooperatives(
        uow.session, cooperative_ids=mine, now=uow.now, after=request.args.get("after")
    )
    return render_template(
        "cooperative/offers/list.html", offers=rows_of(page, reader=Side.COOPERATIVE), after=page.after
    )


@bp.get("/offers/<reference>")
@allow(MEMBER)
def show(reference: str) -> str:
    """Show a negotiation and what is possible now."""
    return _page(_own(reference), values={}, errors={})


@bp.post("/offers/<reference>/acceptance")
@allow(WRITER)
@once
def acceptance(reference: str) -> Response:
    """Accept the buyer's amount: the lot is kept for the buyer."""
    services.accept_offer(current_uow(), negotiation=_own(reference))
    return _back(reference)


@bp.post("/offers/<reference>/counter")
@allow(WRITER)
@once
def counter(reference: str) -> Response | tuple[str, int]:
    """Answer with another amount."""
    uow, negotiation = current_uow(), _own(reference)
    currency = queries.talk_of(uow.session, negotiation, now=uow.now).amount.currency
    try:
        amount = read_amount(request.form, currency=currency)
        services.counter_offer(uow, negotiation=negotiation, amount=amount)
    except InvalidInput as error:
        return _page(negotiation, values=request.form, errors=field_words(error)), 422
    return _back(reference)


@bp.post("/offers/<reference>/refusal")
@allow(WRITER)
@once
def refusal(reference: str) -> Response:
    """Decline the buyer's amount."""
    services.decline_offer(current_uow(), negotiation=_own(reference))
    return _back(reference)


@bp.post("/offers/<reference>/withdrawal")
@allow(WRITER)
@once
def withdrawal(reference: str) -> Response:
    """Take the cooperative's own amount back."""
    services.withdraw_offer(current_uow(), negotiation=_own(reference))
    return _back(reference)


@bp.get("/lots/<reference>/floor")
@allow(WRITER)
def floor_form(reference: str) -> str:
    """Ask for the least amount the cooperative takes; buyers never see it."""
    lot = _lot_on_sale(reference)
    row = current_uow().session.get(OfferFloor, lot.id)
    typed = {"floor": f"{Money(row.amount_minor, row.currency).amount:f}"} if row is not None else {}
    return _floor_page(lot, values=typed, errors={})


@bp.post("/lots/<reference>/floor")
@allow(WRITER)
@once
def floor(reference: str) -> Response | tuple[str, int]:
    """Set the floor, or take it away when the field is empty."""
    uow, lot = current_uow(), _lot_on_sale(reference)
    currency = uow.session.get_one(LotVersion, lot.published_version_id).currency
    try:
        is_set = bool(request.form.get("floor", "").strip())
        amount = read_amount(request.form, currency=currency, name="floor") if is_set else None
        services.set_floor(uow, lot=lot, amount=amount)
    except InvalidInput as error:
        return _floor_page(lot, values=request.form, errors=field_words(error)), 422
    saved, taken_away = N_("Saved. We decline lower offers for you."), N_("There is no least amount now.")
    flash(_(saved if amount else taken_away), "good")
    return redirect(url_for("cooperative_lots.show", reference=lot.reference), code=303)


def _own(reference: str) -> Negotiation:
    uow = current_uow()
    return queries.negotiation_of_cooperatives(uow.session, reference, cooperative_ids=uow.actor.memberships.keys())


def _lot_on_sale(reference: str) -> Lot:
    uow = current_uow()
    lot = lot_of_cooperative(uow.session, normal_reference(reference), uow.actor)
    if lot.published_version_id is None:
        raise NotFound
    return lot


def _back(reference: str) -> Response:
    return redirect(url_for("cooperative_offers.show", reference=reference), code=303)


def _page(negotiation: Negotiation, *, values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    uow = current_uow()
    talk = queries.talk_of(uow.session, negotiation, now=uow.now)
    is_low = talk.newest.state == "open" and talk.newest.decline_at is not None
    return render_template(
        "cooperative/offers/offer.html",
        values=values,
        errors=errors,
        is_below_floor=is_low,
        **talk_view(uow, talk, reader=Side.COOPERATIVE),
    )


def _floor_page(lot: Lot, *, values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    version = current_uow().session.get_one(LotVersion, lot.published_version_id)
    return render_template(
        "cooperative/offers/floor.html",
        lot=lot,
        title=version.content["title"],
        price=Money(version.price_minor, version.currency),
        currency=version.currency,
        values=values,
        errors=errors,
    )
