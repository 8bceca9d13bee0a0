"""Money as finance and auditors see it: what waits, payments, problems, commands, and the provider's books."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.core.actor import StaffRole
from marketplace.core.errors import InvalidInput
from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.http.access import allow, staff
from marketplace.http.context import current_uow
from marketplace.http.idempotency import once
from marketplace.http.languages import translate, translate_error
from marketplace.orders.receivables import waiting_for_payout
from marketplace.payments import queries
from marketplace.payments.models import Payment, PaymentProblem
from marketplace.payments.problems import LABELS, Kind, resolve
from marketplace.payments.reconciliation import compare
from marketplace.web.staff.finance_words import COMMAND_KINDS, COMMAND_STATES, PAYMENT_STATES, REFUND_STATES

bp = Blueprint("staff_finance", __name__, url_prefix="/staff/finance")
READERS = staff(StaffRole.FINANCE, StaffRole.AUDITOR)
FINANCE = staff(StaffRole.FINANCE)
Page = Response | str | tuple[str, int]


@bp.get("")
@allow(READERS)
def overview() -> Page:
    """Show what waits for a person of finance."""
    session = current_uow().session
    return render_template(
        "staff/finance/overview.html", waiting=queries.waiting(session), to_prepare=len(waiting_for_payout(session))
    )


@bp.get("/payments")
@allow(READERS)
def payments() -> Page:
    """List payments with their refunds, newest first."""
    session, state = current_uow().session, request.args.get("state", "")
    page = queries.payments(session, state=state if state in PAYMENT_STATES else None, after=request.args.get("after"))
    return render_template(
        "staff/finance/payments.html",
        page=page,
        amounts={payment.id: _amounts(payment) for payment in page.payments},
        refunds=queries.refunds_of(session, [payment.id for payment in page.payments]),
        states=[(name, translate(label)) for name, label in PAYMENT_STATES.items()],
        words=PAYMENT_STATES,
        refund_words=REFUND_STATES,
        values={"state": state},
    )


@bp.get("/problems")
@allow(READERS)
def problems() -> Page:
    """List what the program left to a person."""
    session = current_uow().session
    return render_template(
        "staff/finance/problems.html",
        problems=queries.problems(session),
        closed=queries.problems(session, is_open=False),
        labels=LABELS,
    )


@bp.get("/problems/<uuid:problem_id>")
@allow(READERS)
def problem(problem_id: UUID) -> Page:
    """Show one problem."""
    return _problem_page(queries.problem_by_id(current_uow().session, problem_id), values={}, errors={})


@bp.post("/problems/<uuid:problem_id>")
@allow(FINANCE)
@once
def close_problem(problem_id: UUID) -> Page:
    """Close a problem with a note."""
    uow = current_uow()
    found = queries.problem_by_id(uow.session, problem_id)
    try:
        resolve(uow, problem=found, note=request.form.get("note", ""))
    except InvalidInput as error:
        errors = {name: translate_error(field) for name, field in error.fields.items()}
        return _problem_page(found, values=request.form, errors=errors), 422
    flash(translate(N_("Closed. Your note is kept with it.")), "good")
    return redirect(url_for("staff_finance.problems"), code=303)


@bp.get("/commands")
@allow(READERS)
def commands() -> Page:
    """List the commands to the provider: first those not done."""
    session = current_uow().session
    return render_template(
        "staff/finance/commands.html",
        waiting=queries.commands(session),
        done=queries.commands(session, is_open=False),
        kinds=COMMAND_KINDS,
        states=COMMAND_STATES,
    )


@bp.get("/reconciliation")
@allow(READERS)
def reconciliation() -> Page:
    """Compare our clearing account with the provider's books as last copied."""
    return render_template("staff/finance/reconciliation.html", comparison=compare(current_uow().session))


@bp.post("/reconciliation")
@allow(FINANCE)
@once
def read_books() -> Page:
    """Ask the worker to copy the provider's books now."""
    current_uow().defer("payments.sweep", queueing_lock="payments.sweep")
    flash(translate(N_("The provider’s books are being read. Open this page again in a moment.")), "info")
    return redirect(url_for("staff_finance.reconciliation"), code=303)


def _amounts(payment: Payment) -> tuple[Money, Money | None]:
    fee = None if payment.fee_minor is None else Money(payment.fee_minor, payment.currency)
    return Money(payment.amount_minor, payment.currency), fee


def _problem_page(found: PaymentProblem, *, values: object, errors: object) -> str:
    return render_template(
        "staff/finance/problem.html", problem=found, label=LABELS[Kind(found.kind)], values=values, errors=errors
    )
