"""The buyer tells the journey of its lot that the goods passed the customs of its country."""

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from marketplace.custody.rules.chain import Recorder
from marketplace.custody.services.recording import Capacity
from marketplace.http.access import BUYER, allow
from marketplace.http.context import current_uow
from marketplace.http.idempotency import once
from marketplace.http.languages import translate as _
from marketplace.lots.models import Lot
from marketplace.orders import queries
from marketplace.orders.models import Order
from marketplace.web.custody_page import Places, form_page, record_from_form

bp = Blueprint("buyer_customs", __name__, url_prefix="/orders")
KIND = "imported"


@bp.get("/<reference>/customs")
@allow(BUYER)
def ask(reference: str) -> str:
    """Ask for the number of the customs entry."""
    order, lot = _own(reference)
    return form_page(lot, KIND, _places(order), values={}, errors={}, capacity=_capacity(order))


@bp.post("/<reference>/customs")
@allow(BUYER)
@once
def record(reference: str) -> Response | tuple[str, int]:
    """Record that the goods were cleared; before they were sent, or after they went back, the form says why not."""
    order, lot = _own(reference)
    errors = record_from_form(lot, KIND, _capacity(order))
    if errors:
        page = form_page(lot, KIND, _places(order), values=request.form, errors=errors, capacity=_capacity(order))
        return page, 422
    flash(_("Recorded."), "good")
    return redirect(url_for("buyer_orders.order", reference=order.reference), code=303)


def _own(reference: str) -> tuple[Order, Lot]:
    uow = current_uow()
    order = queries.order_of_buyer(uow.session, reference, buyer_id=uow.actor.buyer_id)
    return order, uow.session.get_one(Lot, order.lot_id)


def _capacity(order: Order) -> Capacity:
    return Capacity(Recorder.BUYER, country=order.delivery["country"])


def _places(order: Order) -> Places:
    return Places(
        journey=url_for("public_journey.show", reference=current_uow().session.get_one(Lot, order.lot_id).reference),
        form=lambda _kind: url_for("buyer_customs.ask", reference=order.reference),
        back=url_for("buyer_orders.order", reference=order.reference),
        back_words=_("Your order"),
    )
