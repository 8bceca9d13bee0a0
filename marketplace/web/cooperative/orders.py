"""The orders of a cooperative: confirm, decline, ship."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.core.errors import InvalidInput
from marketplace.http.access import MEMBER, WRITER, allow
from marketplace.http.context import current_uow
from marketplace.http.idempotency import once
from marketplace.http.languages import translate as _
from marketplace.http.languages import translate_error
from marketplace.orders import queries, services
from marketplace.orders.answers import DECLINE_REASONS, read_decline, read_parcel
from marketplace.orders.models import Order
from marketplace.orders.transitions import Action
from marketplace.orders.words import Reader
from marketplace.web.order_move_page import links_of, make_move, show_move
from marketplace.web.order_moves import COOPERATIVE_MOVES
from marketplace.web.order_papers import papers_view
from marketplace.web.order_view import order_view, rows_of

bp = Blueprint("cooperative_orders", __name__, url_prefix="/cooperative/orders")


@bp.get("")
@allow(MEMBER)
def index() -> str:
    """List the orders of the officer's cooperatives."""
    uow = current_uow()
    page = queries.orders_of_cooperatives(
        uow.session, cooperative_ids=uow.actor.memberships.keys(), after=request.args.get("after")
    )
    return render_template(
        "cooperative/orders/list.html", orders=rows_of(page.orders, reader=Reader.COOPERATIVE), after=page.after
    )


@bp.get("/<reference>")
@allow(MEMBER)
def order(reference: str) -> str:
    """Show what the cooperative will be paid, and what it has to do."""
    uow = current_uow()
    view = order_view(uow, _own(reference), reader=Reader.COOPERATIVE)
    moves = links_of(view["order"], COOPERATIVE_MOVES, base="/cooperative/orders")
    papers = papers_view(uow, view["order"])
    return render_template("cooperative/orders/order.html", moves=moves, papers=papers, **view)


@bp.post("/<reference>/confirmation")
@allow(WRITER)
@once
def confirmation(reference: str) -> Response:
    """Confirm that the parcel is in hand."""
    services.advance(current_uow(), order=_own(reference), action=Action.CONFIRM)
    return _back(reference)


@bp.get("/<reference>/refusal")
@allow(WRITER)
def refusal_form(reference: str) -> str:
    """Ask why the cooperative cannot deliver."""
    return _refusal_page(_own(reference), values={}, errors={})


@bp.post("/<reference>/refusal")
@allow(WRITER)
@once
def refusal(reference: str) -> Response | tuple[str, int]:
    """Give the order up; the buyer gets the money back."""
    found = _own(reference)
    try:
        services.decline(current_uow(), order=found, reason=read_decline(request.form))
    except InvalidInput as error:
        return _refusal_page(found, values=request.form, errors=_words(error)), 422
    return _back(reference)


@bp.get("/<reference>/shipment")
@allow(WRITER)
def shipment_form(reference: str) -> str:
    """Ask how the parcel travels."""
    return _shipment_page(_own(reference), values={}, errors={})


@bp.post("/<reference>/shipment")
@allow(WRITER)
@once
def shipment(reference: str) -> Response | tuple[str, int]:
    """Note that the parcel is with the courier."""
    found = _own(reference)
    try:
        parcel = read_parcel(request.form, currency=found.currency)
        services.ship(current_uow(), order=found, parcel=parcel)
    except InvalidInput as error:
        return _shipment_page(found, values=request.form, errors=_words(error)), 422
    return _back(reference)


@bp.get("/<reference>/moves/<move>")
@allow(WRITER)
def move_form(reference: str, move: str) -> str:
    """Ask what a move of a return or a dispute needs."""
    return show_move(_own(reference), COOPERATIVE_MOVES, move, base="/cooperative/orders")


@bp.post("/<reference>/moves/<move>")
@allow(WRITER)
@once
def make(reference: str, move: str) -> Response | tuple[str, int]:
    """Make such a move."""
    return make_move(_own(reference), COOPERATIVE_MOVES, move, base="/cooperative/orders")


def _own(reference: str) -> Order:
    uow = current_uow()
    return queries.order_of_cooperatives(uow.session, reference, cooperative_ids=uow.actor.memberships.keys())


def _back(reference: str) -> Response:
    return redirect(url_for("cooperative_orders.order", reference=reference), code=303)


def _words(error: InvalidInput) -> dict[str, str]:
    return {name: translate_error(field) for name, field in error.fields.items()}


def _refusal_page(found: Order, *, values: object, errors: object) -> str:
    reasons = [{"value": kind, "label": _(label)} for kind, label in DECLINE_REASONS.items()]
    return render_template(
        "cooperative/orders/refusal.html", order=found, reasons=reasons, values=values, errors=errors
    )


def _shipment_page(found: Order, *, values: object, errors: object) -> str:
    return render_template(
        "cooperative/orders/shipment.html",
        order=found,
        price=queries.price_of(found),
        net=queries.net_of(found),
        papers=papers_view(current_uow(), found),
        values=values,
        errors=errors,
    )
