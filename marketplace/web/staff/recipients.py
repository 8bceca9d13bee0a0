"""Cooperatives with an account at Stripe: how far each is, and what is missing."""

from flask import Blueprint, render_template, request, url_for

from marketplace.compliance.models import Cooperative
from marketplace.core.actor import StaffRole
from marketplace.core.text import N_
from marketplace.http.access import allow, staff
from marketplace.http.context import current_uow
from marketplace.http.languages import translate as _
from marketplace.payments.recipient_queries import recipients_page
from marketplace.web import recipient_words as words
from marketplace.web.filters import country, date_time
from marketplace.web.staff.finance_matters import choices, chosen

bp = Blueprint("staff_recipients", __name__, url_prefix="/staff/finance/recipients")
READERS = staff(StaffRole.FINANCE, StaffRole.MODERATOR, StaffRole.AUDITOR)


@bp.get("")
@allow(READERS)
def index() -> str:
    """List the accounts, or those of one state, newest first."""
    session, state = current_uow().session, chosen("state", list(words.STATES))
    page = recipients_page(session, state=state, after=request.args.get("after", ""))
    found = [(each, session.get_one(Cooperative, each.cooperative_id)) for each in page.rows]
    may_open = any(current_uow().actor.has_role(role) for role in (StaffRole.MODERATOR, StaffRole.AUDITOR))
    rows = [
        {
            "href": url_for("staff_cooperatives.show", reference=cooperative.reference) if may_open else None,
            "what": cooperative.legal_name,
            "tone": words.TONES[each.state],
            "cells": [
                _(words.STATES[each.state]),
                country(each.country),
                "; ".join(_(thing) for thing in words.wanted_words(each.wanted)) or "–",
                date_time(each.created_at),
            ],
        }
        for each, cooperative in found
    ]
    return render_template(
        "staff/finance/waiting_list.html",
        title=_("Paid through Stripe"),
        intro=_("Each cooperative fills in its form on Stripe’s page. Only an account that is ready can be paid."),
        columns=[_("Cooperative"), _("State"), _("Country"), _("Missing"), _("Asked for")],
        filters=[{"name": "state", "label": _("State"), "choices": choices(words.STATES, N_("Every state"))}],
        values={"state": state},
        rows=rows,
        empty=_("No cooperative has an account of this state."),
        next_url=url_for("staff_recipients.index", after=page.after, state=state) if page.after else None,
    )
