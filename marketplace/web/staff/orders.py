"""Orders as staff see them: all of them, with what happened, and the decisions that are theirs."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.core.actor import StaffRole
from marketplace.core.errors import InvalidInput
from marketplace.http.access import allow, staff
from marketplace.http.context import current_uow
from marketplace.http.idempotency import once
from marketplace.http.languages import translate as _
from marketplace.http.languages import translate_error
from marketplace.ledger.chart import held
from marketplace.ledger.queries import balance, journals_of_order
from marketplace.orders import queries, services
from marketplace.orders.answers import read_proof
from marketplace.orders.models import Order
from marketplace.orders.move_answers import read_decision
from marketplace.orders.queries import StaffFilter
from marketplace.orders.staff_words import what_staff_does
from marketplace.orders.transitions import Action, State
from marketplace.orders.words import STATE_WORDS, Reader
from marketplace.web.order_decisions import decision_choices, proposal_values, proposal_words
from marketplace.web.order_move_page import links_of, make_move, show_move
from marketplace.web.order_moves import STAFF_MOVES
from marketplace.web.order_papers import papers_view
from marketplace.web.order_view import order_view, rows_of

bp = Blueprint("staff_orders", __name__, url_prefix="/staff/orders")
READERS = staff(StaffRole.MODERATOR, StaffRole.VERIFIER, StaffRole.FINANCE, StaffRole.AUDITOR)
MOVERS = staff(StaffRole.MODERATOR, StaffRole.VERIFIER)
MODERATOR = staff(StaffRole.MODERATOR)
RELEASER = staff(StaffRole.FINANCE, fresh=True)
FLAGS = ("held", "overdue")


@bp.get("")
@allow(READERS)
def index() -> str:
    """List orders by state, held or overdue."""
    state, flag = request.args.get("state", ""), request.args.get("flag", "")
    wanted = StaffFilter(
        state=State(state) if state in set(State) else None,
        is_held=flag == "held",
        is_overdue=flag == "overdue",
    )
    uow = current_uow()
    page = queries.orders_for_staff(uow.session, wanted=wanted, now=uow.now, after=request.args.get("after"))
    return render_template(
        "staff/orders/list.html",
        orders=rows_of(page.orders),
        after=page.after,
        values={"state": state, "flag": flag},
        states=[(name.value, _(label)) for name, label in STATE_WORDS.items()],
    )


@bp.get("/<reference>")
@allow(READERS)
def order(reference: str) -> str:
    """Show an order with its history and what is to decide."""
    return _page(_any(reference), values={}, errors={})


@bp.post("/<reference>/delivery")
@allow(MODERATOR)
@once
def delivery(reference: str) -> Response | tuple[str, int]:
    """Note the carrier's proof of delivery."""
    found = _any(reference)
    try:
        services.prove_delivery(current_uow(), order=found, proof=read_proof(request.form))
    except InvalidInput as error:
        return _page(found, values=request.form, errors=_words(error)), 422
    return _back(reference)


@bp.post("/<reference>/decision")
@allow(MODERATOR)
@once
def decision(reference: str) -> Response | tuple[str, int]:
    """Decide about a problem, or propose a decision to a second person."""
    found = _any(reference)
    try:
        decision = read_decision(request.form, currency=found.currency)
        services.decide(current_uow(), order=found, decision=decision)
    except InvalidInput as error:
        return _page(found, values=request.form, errors=_words(error)), 422
    return _back(reference)


@bp.post("/<reference>/release")
@allow(RELEASER)
@once
def release(reference: str) -> Response:
    """Release a large order as the second person."""
    services.advance(current_uow(), order=_any(reference), action=Action.APPROVE_RELEASE)
    return _back(reference)


@bp.post("/<reference>/refund")
@allow(RELEASER)
@once
def refund(reference: str) -> Response:
    """Send a failed refund again."""
    services.advance(current_uow(), order=_any(reference), action=Action.RETRY_REFUND)
    return _back(reference)


@bp.get("/<reference>/moves/<move>")
@allow(MOVERS)
def move_form(reference: str, move: str) -> str:
    """Ask what a verifier found, or why there is more time."""
    return show_move(_any(reference), STAFF_MOVES, move, base="/staff/orders")


@bp.post("/<reference>/moves/<move>")
@allow(MOVERS)
@once
def make(reference: str, move: str) -> Response | tuple[str, int]:
    """Make such a move."""
    return make_move(_any(reference), STAFF_MOVES, move, base="/staff/orders")


def _any(reference: str) -> Order:
    return queries.order_by_reference(current_uow().session, reference)


def _back(reference: str) -> Response:
    return redirect(url_for("staff_orders.order", reference=reference), code=303)


def _words(error: InvalidInput) -> dict[str, str]:
    return {name: translate_error(field) for name, field in error.fields.items()}


def _page(found: Order, *, values: object, errors: object) -> str:
    uow = current_uow()
    view = order_view(uow, found, reader=Reader.BUYER)
    proposed = proposal_words(found)
    next_step = what_staff_does(
        queries.facts_of(found), is_checked=view["overlays"]["is_checked"], is_proposed=proposed is not None
    )
    return render_template(
        "staff/orders/order.html",
        staff_sentence=_(next_step),
        values=values or proposal_values(found, reader_id=uow.actor.user_id),
        errors=errors,
        journals=journals_of_order(uow.session, found.id),
        held=balance(uow.session, held(found.id), found.currency),
        problems=queries.problems_of(uow.session, found.id),
        moves=links_of(found, STAFF_MOVES, base="/staff/orders"),
        decisions=decision_choices(found),
        proposed=proposed,
        papers=papers_view(uow, found, for_staff=True),
        **view,
    )
