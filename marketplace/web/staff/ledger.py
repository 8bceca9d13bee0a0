"""The ledger as finance and auditors read it: trial balance, journals with their postings."""

from datetime import datetime
from uuid import UUID

from flask import Blueprint, render_template, request

from marketplace.core.actor import StaffRole
from marketplace.http.access import allow, staff
from marketplace.http.context import current_uow
from marketplace.ledger import queries
from marketplace.web.filters import money

bp = Blueprint("staff_ledger", __name__, url_prefix="/staff/ledger")
READERS = staff(StaffRole.FINANCE, StaffRole.AUDITOR)


@bp.get("")
@allow(READERS)
def trial_balance() -> str:
    """Show every account and whether the books balance."""
    trial = queries.trial_balance(current_uow().session)
    rows = [
        {"code": row.code, "debit": row.debit, "credit": row.credit, "balance": money(row.balance)}
        for row in trial.rows
    ]
    return render_template("staff/ledger/trial_balance.html", trial=trial, rows=rows)


@bp.get("/journals")
@allow(READERS)
def journals() -> str:
    """Show a page of journals, newest first."""
    session = current_uow().session
    found = queries.journals(session, before=_cursor())
    shown = found[: queries.PAGE]
    return render_template(
        "staff/ledger/journals.html",
        journals=shown,
        postings=queries.postings(session, [journal.id for journal in shown]),
        next_before=f"{shown[-1].created_at.isoformat()}~{shown[-1].id}" if len(found) > queries.PAGE else None,
    )


def _cursor() -> tuple[datetime, UUID] | None:
    at, _, key = request.args.get("before", "").partition("~")
    try:
        moment = datetime.fromisoformat(at)
        return (moment, UUID(key)) if moment.tzinfo else None
    except ValueError:
        return None  # a cut or made-up cursor shows the first page
