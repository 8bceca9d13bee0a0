"""The ledger as finance and auditors read it: trial balance, journals with their postings."""

from datetime import date, datetime
from uuid import UUID

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from marketplace.core.actor import StaffRole
from marketplace.http.access import allow, staff
from marketplace.http.context import current_uow
from marketplace.ledger import queries
from marketplace.ledger.beancount import exported
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


@bp.get("/beancount")
@allow(READERS)
def beancount() -> Response:
    """Give the journals of a year as a Beancount file."""
    uow = current_uow()
    asked = request.args.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdigit() and 2000 <= int(asked[:5]) <= 2999 else uow.now.year
    entries = queries.book_entries(uow.session, since=date(year, 1, 1), until=date(year, 12, 31))
    body = "\n".join(exported(entries, title=f"{uow.settings.base_url} {year}")) + "\n"
    answer = Response(body, mimetype="text/plain")
    answer.headers["Content-Disposition"] = f'attachment; filename="ledger-{year}.beancount"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _cursor() -> tuple[datetime, UUID] | None:
    at, _, key = request.args.get("before", "").partition("~")
    try:
        moment = datetime.fromisoformat(at)
        return (moment, UUID(key)) if moment.tzinfo else None
    except ValueError:
        return None  # a cut or made-up cursor shows the first page
