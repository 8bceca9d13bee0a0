"""Payments that a buyer's bank takes back: the list, one page each, evidence, and giving up by two people."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.accounts.queries import names_of
from marketplace.core.actor import StaffRole
from marketplace.core.errors import InvalidInput
from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.http.access import allow, staff
from marketplace.http.context import current_uow
from marketplace.http.idempotency import once
from marketplace.http.languages import translate as _
from marketplace.ledger.queries import journals_of_order, postings
from marketplace.orders.chargeback_evidence import evidence_text
from marketplace.orders.models import Order
from marketplace.orders.services import chargeback_answers
from marketplace.payments import chargebacks
from marketplace.payments.chargeback_queries import chargeback_by_id, chargebacks_page
from marketplace.payments.giving_in import is_loss_proposed
from marketplace.payments.provider_models import Chargeback
from marketplace.web.account.places import field_errors
from marketplace.web.filters import date_time, money
from marketplace.web.staff import chargeback_words as words
from marketplace.web.staff.finance_matters import choices, chosen

bp = Blueprint("staff_chargebacks", __name__, url_prefix="/staff/finance/chargebacks")
READERS = staff(StaffRole.FINANCE, StaffRole.AUDITOR)
FINANCE = staff(StaffRole.FINANCE)
FRESH_FINANCE = staff(StaffRole.FINANCE, fresh=True)
Page = Response | str | tuple[str, int]
_NOTHING: Mapping[str, str] = {}


@bp.get("")
@allow(READERS)
def index() -> Page:
    """List the chargebacks that are open, or won, or lost."""
    session = current_uow().session
    state = chosen("state", list(words.FILTERS), "open")
    page = chargebacks_page(session, state=state, after=request.args.get("after", ""))
    rows = [
        {
            "href": url_for("staff_chargebacks.chargeback", chargeback_id=each.id),
            "what": session.get_one(Order, each.order_id).reference,
            "tone": words.TONES[each.state],
            "cells": [
                _(words.STATES[each.state]),
                money(Money(each.amount_minor, each.currency)),
                _(words.reason_of(each.reason).what, reason=each.reason),
                date_time(each.evidence_due) if each.evidence_due else "–",
            ],
        }
        for each in page.rows
    ]
    return render_template(
        "staff/finance/waiting_list.html",
        title=_("Chargebacks"),
        intro=_("A buyer’s bank takes a payment back. Answer before its last day, or the money is lost."),
        columns=[_("Order"), _("State"), _("Amount"), _("Reason"), _("Answer until")],
        filters=[{"name": "state", "label": _("State"), "choices": choices(words.FILTERS, N_("Open"))[1:]}],
        values={"state": state},
        rows=rows,
        empty=_("No chargeback of this kind."),
        next_url=url_for("staff_chargebacks.index", after=page.after, state=state) if page.after else None,
    )


@bp.get("/<uuid:chargeback_id>")
@allow(READERS)
def chargeback(chargeback_id: UUID) -> Page:
    """Show one chargeback: why, until when, what we have, and what it did to the money."""
    return _page(_found(chargeback_id), values=_NOTHING, errors=_NOTHING)


@bp.post("/<uuid:chargeback_id>/evidence")
@allow(FINANCE)
@once
def send_evidence(chargeback_id: UUID) -> Page:
    """Send evidence to the bank."""
    found = _found(chargeback_id)
    try:
        chargeback_answers.answer(current_uow(), chargeback=found, text=request.form.get("evidence", ""))
    except InvalidInput as error:
        return _page(found, values=request.form, errors=field_errors(error)), 422
    flash(_("Saved. The worker sends it to the bank now."), "good")
    return _to(found)


@bp.post("/<uuid:chargeback_id>/loss")
@allow(FINANCE)
@once
def propose_loss(chargeback_id: UUID) -> Page:
    """Propose to give the money up."""
    found = _found(chargeback_id)
    try:
        chargeback_answers.propose_loss(current_uow(), chargeback=found, reason=request.form.get("loss_reason", ""))
    except InvalidInput as error:
        return _page(found, values=request.form, errors=field_errors(error)), 422
    flash(_("Proposed. Somebody else of finance must accept the loss."), "good")
    return _to(found)


@bp.post("/<uuid:chargeback_id>/loss/acceptance")
@allow(FRESH_FINANCE)
@once
def accept_loss(chargeback_id: UUID) -> Response:
    """Give the money up as the second person."""
    found = _found(chargeback_id)
    chargeback_answers.accept_loss(current_uow(), chargeback=found)
    flash(_("The worker tells the bank. The books change when the provider’s do."), "good")
    return _to(found)


@bp.post("/<uuid:chargeback_id>/loss/withdrawal")
@allow(FINANCE)
@once
def withdraw_loss(chargeback_id: UUID) -> Response:
    """Take the proposal to give up back."""
    found = _found(chargeback_id)
    chargeback_answers.withdraw_loss(current_uow(), chargeback=found)
    flash(_("The proposal is taken back."), "good")
    return _to(found)


def _page(found: Chargeback, *, values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    uow = current_uow()
    session, order = uow.session, uow.session.get_one(Order, found.order_id)
    sent = chargebacks.commands_of(session, found, chargebacks.EVIDENCE)
    closing = chargebacks.commands_of(session, found, chargebacks.CLOSING)
    entries = [each for each in journals_of_order(session, order.id) if each.kind in words.JOURNALS]
    is_finance = uow.actor.has_role(StaffRole.FINANCE)
    may_answer = is_finance and chargebacks.may_answer(session, found)
    collected = evidence_text(session, order)
    return render_template(
        "staff/finance/chargeback.html",
        chargeback=found,
        order=order,
        amount=Money(found.amount_minor, found.currency),
        words=words,
        reason=words.reason_of(found.reason),
        result=words.result_of(found.state, is_frozen=bool(found.frozen_minor)),
        is_late=found.evidence_due is not None and found.evidence_due <= uow.clock.wall(),
        sent=sent[-1] if sent else None,
        closing=closing[-1] if closing else None,
        collected=collected,
        may_answer=may_answer,
        is_proposed=is_loss_proposed(session, found),
        may_give_in=is_finance and chargebacks.may_give_in(session, found),
        journals=[(each, _(words.JOURNALS[each.kind])) for each in entries],
        postings=postings(session, [each.id for each in entries]),
        names=names_of(session, [str(key) for key in (found.loss_proposed_by, found.loss_accepted_by) if key]),
        values={"evidence": found.evidence or collected, **values},
        errors=errors,
        me=uow.actor.user_id,
    )


def _found(chargeback_id: UUID) -> Chargeback:
    return chargeback_by_id(current_uow().session, chargeback_id)


def _to(found: Chargeback) -> Response:
    return redirect(url_for("staff_chargebacks.chargeback", chargeback_id=found.id), code=303)
