"""The queue of what waits for a person, and the page where it is decided."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.compliance.vocabulary import CURRENCY_OF_COUNTRY
from marketplace.core.actor import StaffRole
from marketplace.core.errors import InvalidInput, VersionChanged
from marketplace.core.text import N_
from marketplace.http.access import allow, staff
from marketplace.http.context import current_uow
from marketplace.http.idempotency import once
from marketplace.http.languages import translate, translate_error
from marketplace.lots.edit_classes import CLASS_LABELS
from marketplace.moderation import queries, services
from marketplace.moderation.checklists import checklist_for, field_of
from marketplace.moderation.errors import GateNotPassed
from marketplace.moderation.flags import LABELS
from marketplace.moderation.models import ModerationCase
from marketplace.web.account.places import field_errors
from marketplace.web.staff.review import age_tone, difference_between, review_of
from marketplace.web.staff.words import flags_in_words

bp = Blueprint("staff_moderation", __name__, url_prefix="/staff/moderation")
READERS = staff(StaffRole.MODERATOR, StaffRole.AUDITOR)
REVIEWERS = staff(StaffRole.MODERATOR)
DONE = {
    "approved": N_("Approved: %(title)s."),
    "changes_requested": N_("Sent back for changes: %(title)s."),
    "refused": N_("Refused: %(title)s."),
    "needs_second": N_("Noted: %(title)s. A second person decides now, without seeing what you decided."),
    "escalated": N_("Noted: %(title)s. You two do not agree, so a third person decides."),
}
WAITS = {
    "overdue": N_("Past its time"),
    "escalated": N_("Left to others"),
    "two_people": N_("Two people decide"),
    "mine": N_("Given to me"),
    "review": N_("Corrections on sale already"),
    "edit": N_("Changes that wait"),
}


@bp.get("")
@allow(READERS)
def queue() -> str:
    """Show what waits, oldest first."""
    uow = current_uow()
    chosen = queries.QueueFilter(
        flag=_known(request.args.get("flag"), {*LABELS, "outside"}),
        kind=_known(request.args.get("kind"), {"lot", "cooperative"}),
        country=_known(request.args.get("country"), set(CURRENCY_OF_COUNTRY)),
        waits=_known(request.args.get("waits"), set(queries.WAITS)),
        reader=uow.actor.user_id,
    )
    rows = queries.queue(uow.session, chosen=chosen, now=uow.now, after=_cursor())
    shown = rows[: queries.PAGE]
    return render_template(
        "staff/moderation/queue.html",
        rows=[(row, flags_in_words(row.case.flags), age_tone(row.case, now=uow.now)) for row in shown],
        stats=queries.stats(uow.session, now=uow.now),
        chosen=chosen,
        flag_choices=list(LABELS.items()),
        wait_choices=list(WAITS.items()),
        edit_labels={each.value: label for each, label in CLASS_LABELS.items()},
        countries=list(CURRENCY_OF_COUNTRY),
        values=request.args,
        next_args=_next_args(shown[-1].case) if len(rows) > queries.PAGE else None,
    )


@bp.post("/next")
@allow(REVIEWERS)
def next_case() -> Response:
    """Take the case of most risk, then age, and open it."""
    return _to_next()


@bp.get("/<uuid:case_id>")
@allow(READERS)
def review(case_id: UUID) -> str:
    """Show one case with all its evidence."""
    return _review_page(case_id, values={"checks": {}, "reasons": [], "note": ""}, errors={})


@bp.post("/<uuid:case_id>/claim")
@allow(REVIEWERS)
def claim(case_id: UUID) -> Response:
    """Take this case for twenty minutes."""
    uow = current_uow()
    services.claim(uow, case=queries.case_by_id(uow.session, case_id))
    return redirect(url_for(".review", case_id=case_id), code=303)


@bp.post("/<uuid:case_id>/release")
@allow(REVIEWERS)
def release(case_id: UUID) -> Response:
    """Give this case back to the queue."""
    uow = current_uow()
    services.release(uow, case=queries.case_by_id(uow.session, case_id))
    return redirect(url_for(".queue"), code=303)


@bp.post("/<uuid:case_id>/decision")
@allow(REVIEWERS)
@once
def decide(case_id: UUID) -> Response | tuple[str, int]:
    """Decide about the version that was shown, then open the next case."""
    uow = current_uow()
    case = queries.case_by_id(uow.session, case_id)
    sent = _decision_sent(case)
    try:
        services.decide(uow, case=case, **sent)
    except VersionChanged:
        return _changed_page(case, sent["subject_sha256"]), 409
    except InvalidInput as error:
        return _refused_page(case_id, sent, field_errors(error)), 422
    except GateNotPassed as error:
        return _refused_page(case_id, sent, {"": translate_error(error)}), 422
    flash(translate(DONE[case.state], title=case.title), "good")
    return _to_next()


@bp.post("/<uuid:case_id>/escalation")
@allow(REVIEWERS)
@once
def escalate(case_id: UUID) -> Response | tuple[str, int]:
    """Leave this case to others, then open the next one."""
    uow = current_uow()
    case = queries.case_by_id(uow.session, case_id)
    words = request.form.get("escalation", "").replace("\r\n", "\n")
    try:
        services.escalate(uow, case=case, words=words)
    except InvalidInput as error:
        values = {"checks": {}, "reasons": [], "note": "", "escalation": words}
        return _review_page(case_id, values=values, errors=field_errors(error)), 422
    flash(translate(N_("Left to others: %(title)s."), title=case.title), "good")
    return _to_next()


def _to_next() -> Response:
    uow = current_uow()
    case = services.claim_next(uow)
    if case is None:
        flash(translate(N_("Nothing waits for you now.")), "info")
        return redirect(url_for(".queue"), code=303)
    return redirect(url_for(".review", case_id=case.id), code=303)


def _decision_sent(case: ModerationCase) -> dict[str, Any]:
    form = request.form
    content = queries.content_of_case(current_uow().session, case)
    items = checklist_for(case.kind, content.get("kind")).items
    return {
        "verdict": form.get("verdict", ""),
        "subject_sha256": form.get("subject_sha256", ""),
        "reasons": form.getlist("reasons"),
        "checklist": {item.code: form.get(field_of(item), "") for item in items},
        "note": form.get("note", "").replace("\r\n", "\n"),
    }


def _refused_page(case_id: UUID, sent: dict[str, Any], errors: dict[str, str]) -> str:
    checks = {f"check_{code}": answer for code, answer in sent["checklist"].items()}
    return _review_page(
        case_id, values={"checks": checks, "reasons": sent["reasons"], "note": sent["note"]}, errors=errors
    )


def _review_page(case_id: UUID, *, values: dict[str, Any], errors: dict[str, str]) -> str:
    uow = current_uow()
    case = queries.case_by_id(uow.session, case_id)
    context = review_of(uow.session, case, actor=uow.actor, now=uow.now)
    return render_template("staff/moderation/review.html", values=values, errors=errors, **context)


def _changed_page(case: ModerationCase, subject_sha256: str) -> str:
    session = current_uow().session
    newest = queries.newest_case(session, case)
    seen = queries.case_named(session, case, subject_sha256) or case
    return render_template(
        "staff/moderation/changed.html", case=newest, seen=seen, rows=difference_between(session, seen, newest)
    )


def _known(text: str | None, allowed: set[str]) -> str | None:
    return text if text in allowed else None


def _next_args(case: ModerationCase) -> dict[str, str]:
    kept = {name: request.args[name] for name in ("flag", "kind", "country", "waits") if request.args.get(name)}
    return {**kept, "after": f"{case.opened_at.isoformat()}~{case.id}"}


def _cursor() -> tuple[datetime, UUID] | None:
    at, _, key = request.args.get("after", "").partition("~")
    try:
        moment = datetime.fromisoformat(at)
        return (moment, UUID(key)) if moment.tzinfo else None
    except ValueError:
        return None  # a cut or made-up cursor shows the first page
