"""A buyer's orders."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.compliance.document_kinds import document_kinds
from marketplace.core.errors import Conflict, InvalidInput
from marketplace.core.text import N_
from marketplace.http.access import BUYER, SIGNED_IN, allow
from marketplace.http.context import current_uow, current_viewer
from marketplace.http.idempotency import once
from marketplace.http.languages import translate as _
from marketplace.http.languages import translate_error
from marketplace.lots.models import LotVersion
from marketplace.orders import queries, services, terms
from marketplace.orders.answers import PROBLEM_KINDS, read_problem, read_receipt
from marketplace.orders.currencies import exchange_of, paid_for
from marketplace.orders.models import Order
from marketplace.orders.paid_amounts import paid_of
from marketplace.orders.transitions import Action
from marketplace.orders.words import Reader
from marketplace.papers.kinds import OF_BUYER
from marketplace.papers.queries import papers_of_order
from marketplace.web.buyer.documents import documents_for_buyer
from marketplace.web.order_currency import exchange_rows
from marketplace.web.order_move_page import links_of, make_move, show_move
from marketplace.web.order_moves import BUYER_MOVES
from marketplace.web.order_view import order_view, rows_of
from marketplace.web.paper_view import paper_links

bp = Blueprint("buyer_orders", __name__, url_prefix="/orders")


class PaymentNotReady(Conflict):
    """There is no payment page to go to."""

    code = "payment_not_ready"
    message = N_("There is no payment page for this order now. Open the order again.")


@bp.get("")
@allow(SIGNED_IN)
def index() -> str | Response:
    """List the buyer's orders; officers and staff without a buyer's account go to their own lists."""
    viewer = current_viewer()
    assert viewer is not None
    if viewer.buyer_id is None and (viewer.memberships or viewer.is_staff):
        return redirect("/cooperative/orders" if viewer.memberships else "/staff/orders")
    page = queries.orders_of_buyer(current_uow().session, buyer_id=viewer.buyer_id, after=request.args.get("after"))
    paid = paid_of(current_uow().session, [each.id for each in page.orders])
    rows = rows_of(page.orders, reader=Reader.BUYER, paid=paid)
    return render_template("buyer/orders.html", orders=rows, after=page.after)


@bp.get("/<reference>")
@allow(BUYER)
def order(reference: str) -> str:
    """Show where the money is, what happens next, and what happened."""
    uow, found = current_uow(), _own(reference)
    payment = queries.payment_of(uow.session, found.id)
    return render_template(
        "buyer/order.html",
        to_be_paid=paid_for(uow.session, found),
        payment_ready=payment is not None and payment.session_url is not None,
        returned=request.args.get("payment"),
        papers=paper_links(papers_of_order(uow.session, found.id, kinds=OF_BUYER), "buyer_papers.paper"),
        documents=documents_for_buyer(found),
        kinds={code: kind.label for code, kind in document_kinds().items()},
        moves=links_of(found, BUYER_MOVES, base="/orders"),
        **order_view(uow, found, reader=Reader.BUYER),
    )


@bp.post("/<reference>/payment")
@allow(BUYER)
def payment(reference: str) -> Response:
    """Go to the provider's own page; no card data comes here."""
    found = _own(reference)
    payment = queries.payment_of(current_uow().session, found.id)
    is_open = found.state == "pending_payment" and found.stopping is None
    if not is_open or payment is None or payment.session_url is None:
        raise PaymentNotReady
    return redirect(payment.session_url, code=303)


@bp.post("/<reference>/cancellation")
@allow(BUYER)
@once
def cancellation(reference: str) -> Response:
    """Cancel in the way that is open now."""
    services.cancel(current_uow(), order=_own(reference))
    return _back(reference)


@bp.get("/<reference>/receipt")
@allow(BUYER)
def receipt_form(reference: str) -> str:
    """Ask what the buyer found when the parcel came."""
    return _receipt_page(_own(reference), values={}, errors={})


@bp.post("/<reference>/receipt")
@allow(BUYER)
@once
def receipt(reference: str) -> Response | tuple[str, int]:
    """Note that the parcel came."""
    found = _own(reference)
    try:
        services.receive(current_uow(), order=found, receipt=read_receipt(request.form))
    except InvalidInput as error:
        return _receipt_page(found, values=request.form, errors=_words(error)), 422
    return redirect(url_for("buyer_receiving.show", reference=reference), code=303)


@bp.get("/<reference>/acceptance")
@allow(BUYER)
def acceptance_form(reference: str) -> str:
    """Say what accepting means before it is done."""
    found = _own(reference)
    session = current_uow().session
    kind = session.get_one(LotVersion, found.version_id).content["kind"]
    return render_template(
        "buyer/acceptance.html",
        order=found,
        price=paid_for(session, found),
        paid=exchange_rows(exchange_of(session, found.id)),
        net=queries.net_of(found),
        tolerances=[_(line) for line in terms.TOLERANCES[kind]],
        after_acceptance=_(terms.AFTER_ACCEPTANCE),
    )


@bp.post("/<reference>/acceptance")
@allow(BUYER)
@once
def acceptance(reference: str) -> Response:
    """Accept the goods: the payment is shared out."""
    services.advance(current_uow(), order=_own(reference), action=Action.ACCEPT)
    return _back(reference)


@bp.get("/<reference>/problem")
@allow(BUYER)
def problem_form(reference: str) -> str:
    """Ask what is wrong."""
    return _problem_page(_own(reference), values={}, errors={})


@bp.post("/<reference>/problem")
@allow(BUYER)
@once
def problem(reference: str) -> Response | tuple[str, int]:
    """Hold the order until staff decided."""
    found = _own(reference)
    try:
        services.report_problem(current_uow(), order=found, reason=read_problem(request.form))
    except InvalidInput as error:
        return _problem_page(found, values=request.form, errors=_words(error)), 422
    return _back(reference)


@bp.post("/<reference>/problem/withdrawal")
@allow(BUYER)
@once
def withdrawal(reference: str) -> Response:
    """Take the report back."""
    services.withdraw_problem(current_uow(), order=_own(reference))
    return _back(reference)


@bp.get("/<reference>/moves/<move>")
@allow(BUYER)
def move_form(reference: str, move: str) -> str:
    """Ask what a move of the inspection, a return or a dispute needs."""
    return show_move(_own(reference), BUYER_MOVES, move, base="/orders")


@bp.post("/<reference>/moves/<move>")
@allow(BUYER)
@once
def make(reference: str, move: str) -> Response | tuple[str, int]:
    """Make such a move."""
    return make_move(_own(reference), BUYER_MOVES, move, base="/orders")


def _own(reference: str) -> Order:
    uow = current_uow()
    return queries.order_of_buyer(uow.session, reference, buyer_id=uow.actor.buyer_id)


def _back(reference: str) -> Response:
    return redirect(url_for("buyer_orders.order", reference=reference), code=303)


def _words(error: InvalidInput) -> dict[str, str]:
    return {name: translate_error(field) for name, field in error.fields.items()}


def _receipt_page(found: Order, *, values: object, errors: object) -> str:
    return render_template("buyer/receipt.html", order=found, values=values, errors=errors)


def _problem_page(found: Order, *, values: object, errors: object) -> str:
    kinds = [{"value": kind, "label": _(label)} for kind, label in PROBLEM_KINDS.items()]
    return render_template("buyer/problem.html", order=found, kinds=kinds, values=values, errors=errors)
