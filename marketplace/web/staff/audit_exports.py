"""Entries of the audit log as files, with the list's own filters; taking them is an entry itself."""

from collections.abc import Iterator
from io import BytesIO
from typing import Final

from flask import Blueprint, redirect, request, send_file, url_for
from werkzeug.wrappers import Response

from marketplace.accounts.models import User
from marketplace.audit import queries
from marketplace.audit.selections import csv_lines, json_lines
from marketplace.core.actor import StaffRole
from marketplace.http.access import allow
from marketplace.http.context import current_uow
from marketplace.http.limits import limiter
from marketplace.moderation.queries.blindness import veil_of
from marketplace.web.staff import audit_filters
from marketplace.web.staff.audit import READERS
from marketplace.web.staff.audit_filters import Asked

bp = Blueprint("staff_audit_exports", __name__, url_prefix="/staff/audit")
MOST_ROWS: Final = 20_000  # about eight megabytes
MOST_PROOFS: Final = 5_000  # a proof is about 20 reads of the tree
# Where somebody was is for those who look into abuse.
SEE_ADDRESSES: Final = (StaffRole.AUDITOR, StaffRole.ADMINISTRATOR)
ADDRESSES: Final = frozenset({"address", "request_id"})


@bp.post("/export.csv")
@allow(READERS)
@limiter.limit("10 per minute")
def csv_file() -> Response:
    """Send what fits as a table."""
    asked = audit_filters.read(request.args)
    if asked.errors:
        return _back(asked)
    session = current_uow().session
    count, before = _noted(asked, form="csv", most=MOST_ROWS)
    veil = veil_of(current_uow().actor)
    found = queries.streamed(session, asked.wanted, most=count, written_before=before, veil=veil)
    return _file(csv_lines(session, found, hidden=_hidden()), "text/csv", "audit-log.csv")


@bp.post("/export.jsonl")
@allow(READERS)
@limiter.limit("10 per minute")
def jsonl_file() -> Response:
    """Send what fits as JSON lines, each entry with its disclosures and its proof to one checkpoint."""
    asked = audit_filters.read(request.args)
    if asked.errors:
        return _back(asked)
    session = current_uow().session
    count, before = _noted(asked, form="jsonl", most=MOST_PROOFS)
    veil = veil_of(current_uow().actor)
    found = queries.streamed(session, asked.wanted, most=count, written_before=before, veil=veil)
    lines = json_lines(session, found, asked=asked.args, entries=count, hidden=_hidden())
    return _file(lines, "application/jsonl", "audit-log.jsonl")


def _noted(asked: Asked, *, form: str, most: int) -> tuple[int, int]:
    """Note who takes what; return how many entries and the cursor that leaves this note itself out."""
    uow = current_uow()
    before = queries.after_newest(uow.session)
    count = min(queries.count_found(uow.session, asked.wanted, most=most, veil=veil_of(uow.actor)), most)
    reader = uow.session.get_one(User, uow.actor.user_id)
    uow.record("audit.export", reader, filter=asked.args, count=count, form=form)
    return count, before


def _hidden() -> frozenset[str]:
    return frozenset() if current_uow().actor.has_role(*SEE_ADDRESSES) else ADDRESSES


def _back(asked: Asked) -> Response:
    """Show the list again, which says what is wrong with the filter."""
    return redirect(url_for("staff_audit.log", **asked.args), code=303)


def _file(lines: Iterator[str], kind: str, name: str) -> Response:
    file = BytesIO()
    for line in lines:
        file.write(line.encode("utf-8"))
    file.seek(0)
    answer = send_file(file, mimetype=kind, as_attachment=True, download_name=name, max_age=0)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
