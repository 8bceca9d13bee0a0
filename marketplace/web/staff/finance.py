"""Money as finance and auditors see it: what waits, payments, problems, commands, and the provider's books."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.audit.queries import history
from marketplace.core.actor import StaffRole
from marketplace.core.errors import InvalidInput
from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.http.access import allow, staff
from marketplace.http.context import current_uow
from marketplace.http.idempotency import once
from marketplace.http.languages import translate, translate_error
from marketplace.orders.models import Order
from marketplace.orders.receivables import waiting_for_payout
from marketplace.orders.services.finance_work import resolve_problem
from marketplace.payments import finance_queries, queries
from marketplace.payments.bank_statements.queries import count_receipts
from marketplace.payments.liveness import warnings
from marketplace.payments.models import Payment, PaymentProblem
from marketplace.payments.problems import LABELS, Kind
from marketplace.payments.reconciliation import compare
from marketplace.web.filters import ago
from marketplace.web.staff.finance_matters import choices, chosen
from marketplace.web.staff.finance_words import DIFFERENCES, PAYMENT_STATES, REFUND_STATES, TOO_OLD

bp = Blueprint("staff_finance", __name__, url_prefix="/staff/finance")
READERS = staff(StaffRole.FINANCE, StaffRole.AUDITOR)
FINANCE = staff(StaffRole.FINANCE)
PROBLEM_STATES = {"open": N_("Open"), "closed": N_("Closed with a note")}
PROBLEM_COLUMNS = (N_("What"), N_("Provider’s words"), N_("Since"), N_("Note"))
Page = Response | str | tuple[str, int]


@bp.get("")
@allow(READERS)
def overview() -> Page:
    """Show what waits for a person of finance, and whether the machine of payments lives."""
    uow = current_uow()
    figures = finance_queries.figures(uow.session)
    return render_template(
        "staff/finance/overview.html",
        waiting=queries.waiting(uow.session),
        to_prepare=len(waiting_for_payout(uow.session)),
        quarantined=finance_queries.count_quarantined(uow.session),
        unmatched=finance_queries.count_unmatched(uow.session),
        receipts=count_receipts(uow.session),
        figures=figures,
        now_wall=uow.clock.wall(),
        too_old=[TOO_OLD[each] for each in warnings(figures, now=uow.now, now_wall=uow.clock.wall())],
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
    uow = current_uow()
    state, kind = chosen("state", list(PROBLEM_STATES), "open"), chosen("kind", list(LABELS))
    is_open = state == "open"
    page = finance_queries.problems_page(uow.session, is_open=is_open, kind=kind, after=request.args.get("after", ""))
    rows = [
        {
            "href": url_for("staff_finance.problem", problem_id=each.id),
            "what": translate(LABELS[Kind(each.kind)]),
            "cells": [each.detail or each.subject, ago(each.opened_at, uow.now), each.note or "–"],
        }
        for each in page.rows
    ]
    asked: dict[str, Any] = {"state": state, "kind": kind}
    return render_template(
        "staff/finance/waiting_list.html",
        title=translate(N_("Problems with payments")),
        intro=translate(N_("What the program must not decide by itself. Look, act, and write what you found.")),
        columns=[translate(each) for each in PROBLEM_COLUMNS],
        filters=[
            {"name": "state", "label": translate(N_("State")), "choices": choices(PROBLEM_STATES, N_("Open"))[1:]},
            {"name": "kind", "label": translate(N_("Kind")), "choices": choices(LABELS, N_("Every kind"))},
        ],
        values=asked,
        rows=rows,
        empty=translate(N_("No open problem. All news from the provider fits our books.")),
        next_url=url_for("staff_finance.problems", after=page.after, **asked) if page.after else None,
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
        resolve_problem(uow, problem=found, note=request.form.get("note", ""))
    except InvalidInput as error:
        errors = {name: translate_error(field) for name, field in error.fields.items()}
        return _problem_page(found, values=request.form, errors=errors), 422
    flash(translate(N_("Closed. Your note is kept with it.")), "good")
    return redirect(url_for("staff_finance.problems"), code=303)


@bp.get("/reconciliation")
@allow(READERS)
def reconciliation() -> Page:
    """Compare our clearing account with the provider's books as last copied."""
    return render_template(
        "staff/finance/reconciliation.html", comparison=compare(current_uow().session), whats=DIFFERENCES
    )


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
    session = current_uow().session
    order = session.get(Order, found.order_id) if found.order_id else None
    return render_template(
        "staff/finance/problem.html",
        problem=found,
        label=LABELS[Kind(found.kind)],
        order=order,
        history=history(session, kind=PaymentProblem.audit_type, key=str(found.id)),
        values=values,
        errors=errors,
    )
