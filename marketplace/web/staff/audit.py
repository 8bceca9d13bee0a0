"""The audit log as staff read it: search, one event whole, the history of one thing."""

from typing import Any, Final

from flask import Blueprint, render_template, request

from marketplace.audit import queries
from marketplace.audit.signing import latest_checkpoint
from marketplace.core.actor import StaffRole
from marketplace.http.access import allow, staff
from marketplace.http.context import current_uow
from marketplace.http.languages import translate as _
from marketplace.moderation.queries.blindness import veil_of
from marketplace.transparency.verification import last_sound
from marketplace.web.audit_words import fact_words, outcome_words, shown
from marketplace.web.staff import audit_filters

bp = Blueprint("staff_audit", __name__, url_prefix="/staff/audit")
ROLES: Final = (StaffRole.AUDITOR, StaffRole.MODERATOR, StaffRole.FINANCE, StaffRole.ADMINISTRATOR)
READERS = staff(*ROLES)
IN_A_TIMELINE: Final = 20
LARGEST_SEQ: Final = 2**63 - 1


@bp.get("")
@allow(READERS)
def log() -> str | tuple[str, int]:
    """Show a page of events that fit the filters."""
    session = current_uow().session
    asked = audit_filters.read(request.args)
    page = queries.search(session, asked.wanted, before=_cursor(), veil=veil_of(current_uow().actor))
    body = render_template(
        "staff/audit/log.html",
        page=page,
        entries=shown(session, list(page.rows)),
        signed=latest_checkpoint(session),
        verified=last_sound(session),
        values=asked.values,
        errors=asked.errors,
        asked=asked,
        negations=[(name, _(text)) for name, text in audit_filters.NEGATIONS.items()],
        action_choices=audit_filters.action_choices(),
        next_args={**asked.args, "before": page.next_before},
    )
    return (body, 422) if asked.errors else body


@bp.get("/<int:seq>")
@allow(READERS)
def event(seq: int) -> str:
    """Show one event with its leaf and what it discloses."""
    session = current_uow().session
    found = queries.detail(session, min(seq, LARGEST_SEQ), veil=veil_of(current_uow().actor))
    return render_template(
        "staff/audit/event.html",
        event=found,
        entry=shown(session, [found.row])[0],
        fact_words=fact_words,
        outcome_words=outcome_words,
        signed=latest_checkpoint(session),
        verified=last_sound(session),
    )


@bp.app_template_global()
def audit_timeline(kind: str, key: object) -> list[dict[str, Any]]:
    """Return the newest entries about one thing, for who may read the log; nothing for others."""
    uow = current_uow()
    if not uow.actor.has_role(*ROLES):
        return []
    return shown(uow.session, list(queries.history(uow.session, kind=kind, key=str(key), limit=IN_A_TIMELINE)))


def _cursor() -> int | None:
    text = request.args.get("before", "")
    return min(int(text), LARGEST_SEQ) if text.isascii() and text.isdigit() and len(text) < 30 else None
