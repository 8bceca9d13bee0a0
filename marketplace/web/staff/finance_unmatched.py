"""Lines of the provider's books that no journal of ours belongs to."""

from collections.abc import Mapping
from typing import Final

from flask import Blueprint, render_template, request, url_for

from marketplace.core.actor import StaffRole
from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.http.access import allow, staff
from marketplace.http.context import current_uow
from marketplace.http.idempotency import once
from marketplace.http.languages import translate as _
from marketplace.orders.services import finance_work
from marketplace.payments import finance_queries as queries
from marketplace.payments.models import ProviderEntry
from marketplace.web.filters import date_time, money
from marketplace.web.staff.finance_matters import Matter, Page, act, choices, chosen, show

bp = Blueprint("staff_unmatched", __name__, url_prefix="/staff/finance/unmatched")
READERS = staff(StaffRole.FINANCE, StaffRole.AUDITOR)
FINANCE = staff(StaffRole.FINANCE)
STATES: Final = {"open": N_("Open"), "closed": N_("Closed with a reason")}


@bp.get("")
@allow(READERS)
def index() -> Page:
    """List the lines without a journal, newest first."""
    state = chosen("state", list(STATES), "open")
    page = queries.unmatched_page(current_uow().session, is_open=state == "open", after=request.args.get("after", ""))
    rows = [
        {
            "href": url_for("staff_unmatched.entry", entry_id=each.id),
            "what": each.id,
            "cells": [each.type, money(Money(each.net_minor, each.currency)), date_time(each.created_at)],
        }
        for each in page.rows
    ]
    return render_template(
        "staff/finance/waiting_list.html",
        title=_("Lines without a journal"),
        intro=_("The provider booked these and our ledger did not. Each must find its journal, or a reason."),
        columns=[_("Line"), _("Kind"), _("Moves our balance by"), _("Booked")],
        filters=[{"name": "state", "label": _("State"), "choices": choices(STATES, N_("Open"))[1:]}],
        values={"state": state},
        rows=rows,
        empty=_("Every line of the provider’s books has its journal."),
        next_url=url_for("staff_unmatched.index", after=page.after, state=state) if page.after else None,
    )


@bp.get("/<entry_id>")
@allow(READERS)
def entry(entry_id: str) -> Page:
    """Show one line with its history."""
    return _page(_entry(entry_id), {})


@bp.post("/<entry_id>/retry")
@allow(FINANCE)
@once
def retry(entry_id: str) -> Page:
    """Look again for the payment behind it."""
    return act(finance_work.retry_entry, _page, entry=_entry(entry_id))


@bp.post("/<entry_id>/closing")
@allow(FINANCE)
@once
def close(entry_id: str) -> Page:
    """Close the line with a reason."""
    return act(finance_work.resolve_entry, _page, entry=_entry(entry_id))


def _page(found: ProviderEntry, errors: Mapping[str, str]) -> str:
    session = current_uow().session
    is_open = queries.is_unmatched(session, found)
    is_closed = queries.is_resolved(session, "entry", found.id)
    amounts = {
        _("Amount"): found.amount_minor,
        _("Provider’s fee"): found.fee_minor,
        _("Moves our balance by"): found.net_minor,
    }
    matter = Matter(
        title=_("Line %(reference)s", reference=found.id),
        crumb=(_("Lines without a journal"), url_for("staff_unmatched.index")),
        facts=[
            {"term": _("State"), "value": _state(is_open=is_open, is_closed=is_closed)},
            {"term": _("Kind"), "value": found.type},
            {"term": _("About"), "value": found.source_id or "–"},
            *({"term": term, "value": money(Money(minor, found.currency))} for term, minor in amounts.items()),
            {"term": _("Booked"), "value": date_time(found.created_at)},
        ],
        about="entry",
        subject=found.id,
        order_id=queries.order_of_object(session, found.source_id),
        retry_url=url_for("staff_unmatched.retry", entry_id=found.id) if is_open else "",
        retry_text=_("Look for its payment again"),
        close_url=url_for("staff_unmatched.close", entry_id=found.id) if is_open and not is_closed else "",
    )
    return show(matter, errors=errors)


def _entry(entry_id: str) -> ProviderEntry:
    return queries.entry_by_id(current_uow().session, entry_id)


def _state(*, is_open: bool, is_closed: bool) -> str:
    if not is_open:
        return _("It has its journal.")
    return _("Closed with a reason.") if is_closed else _("It has no journal.")
