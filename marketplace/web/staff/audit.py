"""The audit log as staff read it: search, one event whole, the history of one thing."""

from datetime import date

from flask import Blueprint, render_template, request

from marketplace.audit import queries
from marketplace.audit.queries import AuditFilter
from marketplace.audit.signing import latest_checkpoint
from marketplace.core.actor import StaffRole
from marketplace.http.access import allow, staff
from marketplace.http.context import current_uow
from marketplace.http.languages import translate as _
from marketplace.transparency.verification import last_sound

bp = Blueprint("staff_audit", __name__, url_prefix="/staff/audit")
READERS = staff(StaffRole.AUDITOR, StaffRole.MODERATOR, StaffRole.FINANCE, StaffRole.ADMINISTRATOR)
TEXTS = ("actor", "action", "target", "text")
LONGEST = 200
LARGEST_SEQ = 2**63 - 1


@bp.get("")
@allow(READERS)
def log() -> str | tuple[str, int]:
    """Show a page of events that fit the filters."""
    session = current_uow().session
    values = {name: request.args.get(name, "").strip()[:LONGEST] for name in (*TEXTS, "since", "until")}
    wanted, errors = _filter(values)
    page = queries.search(session, wanted, before=_cursor())
    body = render_template(
        "staff/audit/log.html",
        page=page,
        signed=latest_checkpoint(session),
        verified=last_sound(session),
        values=values,
        errors=errors,
        action_choices=[(name, name) for name in queries.actions(session)],
        next_args={**{name: value for name, value in values.items() if value}, "before": page.next_before},
    )
    return (body, 422) if errors else body


@bp.get("/<int:seq>")
@allow(READERS)
def event(seq: int) -> str:
    """Show one event with its leaf and what it discloses."""
    session = current_uow().session
    return render_template(
        "staff/audit/event.html",
        event=queries.detail(session, min(seq, LARGEST_SEQ)),
        signed=latest_checkpoint(session),
        verified=last_sound(session),
    )


def _filter(values: dict[str, str]) -> tuple[AuditFilter, dict[str, str]]:
    errors: dict[str, str] = {}
    since, until = _day(values, "since", errors), _day(values, "until", errors)
    return AuditFilter(**{name: values[name].replace("\x00", "") for name in TEXTS}, since=since, until=until), errors


def _day(values: dict[str, str], name: str, errors: dict[str, str]) -> date | None:
    if not values[name]:
        return None
    try:
        return date.fromisoformat(values[name])
    except ValueError:
        errors[name] = _("Write the date as year-month-day, for example 2026-09-29.")
        return None


def _cursor() -> int | None:
    text = request.args.get("before", "")
    return min(int(text), LARGEST_SEQ) if text.isascii() and text.isdigit() else None
