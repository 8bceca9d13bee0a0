"""Applications as Pact staff decide them: the list, one with all that was told, and the two people's answers."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.accounts.queries import names_of
from marketplace.compliance.models import Cooperative
from marketplace.compliance.queries import officers_of, sites_of
from marketplace.core.actor import StaffRole
from marketplace.core.errors import DomainError, InvalidInput, VersionChanged
from marketplace.core.text import N_
from marketplace.http.access import allow, staff
from marketplace.http.context import current_uow
from marketplace.http.idempotency import once
from marketplace.http.languages import translate as _
from marketplace.http.languages import translate_error
from marketplace.moderation.checklists import checklist_for, field_of
from marketplace.moderation.reasons import reasons_for
from marketplace.onboarding import queries, visit_queries
from marketplace.onboarding.completeness import missing
from marketplace.onboarding.errors import NotComplete
from marketplace.onboarding.models import CooperativeApplication
from marketplace.onboarding.renewals import WARN_OF_APPROVAL
from marketplace.onboarding.services import reviewing
from marketplace.onboarding.services.reviewing import Answer
from marketplace.onboarding.transitions import STATE_WORDS, WITH_PACT, State
from marketplace.web.account.places import field_errors
from marketplace.web.application_words import told_in_words
from marketplace.web.cooperative.application_owners import shares_of
from marketplace.web.cursors import moment_cursor
from marketplace.web.staff.words import changes

bp = Blueprint("staff_applications", __name__, url_prefix="/staff/applications")
READERS = staff(StaffRole.MODERATOR, StaffRole.AUDITOR)
FRESH_MODERATORS = staff(StaffRole.MODERATOR, fresh=True)
Page = Response | str | tuple[str, int]
WAITING = "waiting"


@bp.get("")
@allow(READERS)
def index() -> str:
    """List applications, those that wait first."""
    uow = current_uow()
    given = request.args.get("state", WAITING)
    state = given if given in {WAITING, *map(str, State)} else ""
    rows = queries.page_of_applications(uow.session, state=state, after=moment_cursor(request.args.get("after", "")))
    shown = rows[: queries.PAGE]
    last = shown[-1].application if len(rows) > queries.PAGE else None
    cursor = f"{last.saved_at.isoformat()}_{last.id}" if last else ""
    return render_template(
        "staff/applications/list.html",
        rows=shown,
        state=state or "all",
        states=STATE_WORDS,
        following=url_for(".index", state=state or "all", after=cursor) if last else None,
        may_begin=uow.actor.has_role(StaffRole.MODERATOR),
    )


@bp.get("/renewals")
@allow(READERS)
def renewals() -> str:
    """List the approvals that end within 60 days, and those that have ended."""
    uow = current_uow()
    today = uow.now.date()
    until = today + timedelta(days=max(WARN_OF_APPROVAL))
    return render_template(
        "staff/applications/renewals.html", rows=queries.renewals_due(uow.session, until=until), today=today,
        states=STATE_WORDS,
    )  # fmt: skip


@bp.get("/<reference>")
@allow(READERS)
def show(reference: str) -> str:
    """Show an application with everything a reviewer looks at."""
    return _page(reference)


@bp.post("/<reference>/approval")
@allow(FRESH_MODERATORS)
@once
def approve(reference: str) -> Page:
    """Approve as the first or as the second person."""
    uow = current_uow()
    row = queries.application_for_staff(uow.session, reference).application
    checklist = {item.code: request.form.get(field_of(item), "") for item in checklist_for("cooperative").items}
    try:
        moved = reviewing.approve(
            uow,
            application=row,
            sha256=request.form.get("sha256", ""),
            checklist=checklist,
            note=request.form.get("note", ""),
        )
    except (InvalidInput, NotComplete, VersionChanged) as error:
        return _refused(reference, error)
    is_in = moved.after is State.APPROVED
    flash(
        _(N_("Approved. The cooperative can sell.") if is_in else N_("Approved. A second person decides now.")), "good"
    )
    return redirect(url_for(".show", reference=reference), code=303)


@bp.post("/<reference>/return")
@allow(FRESH_MODERATORS)
@once
def send_back(reference: str) -> Page:
    """Return the application with reasons."""
    uow = current_uow()
    try:
        row = queries.application_for_staff(uow.session, reference).application
        reviewing.send_back(uow, application=row, answer=_answer())
    except (InvalidInput, VersionChanged) as error:
        return _refused(reference, error)
    flash(_(N_("Returned. Its people read the reasons in their language.")), "good")
    return redirect(url_for(".index"), code=303)


@bp.post("/<reference>/refusal")
@allow(FRESH_MODERATORS)
@once
def refuse(reference: str) -> Page:
    """Refuse the application with reasons."""
    uow = current_uow()
    try:
        row = queries.application_for_staff(uow.session, reference).application
        reviewing.refuse(uow, application=row, answer=_answer())
    except (InvalidInput, VersionChanged) as error:
        return _refused(reference, error)
    flash(_(N_("Refused. Its people read the reasons in their language.")), "good")
    return redirect(url_for(".index"), code=303)


def _answer() -> Answer:
    form = request.form
    return Answer(form.get("sha256", ""), form.getlist("reasons"), form.get("note", ""))


def _refused(reference: str, error: DomainError) -> tuple[str, int]:
    errors = field_errors(error) if isinstance(error, InvalidInput) else {"": translate_error(error)}
    return _page(reference, errors=errors), 409 if isinstance(error, VersionChanged) else 422


def _page(reference: str, *, errors: dict[str, str] | None = None) -> str:
    uow = current_uow()
    row, cooperative = queries.application_for_staff(uow.session, reference)
    people = {row.begun_by, row.saved_by, row.handed_in_by, row.first_by, row.second_by, row.answered_by} - {None}
    lacking = missing(queries.facts_of(uow.session, row, now=uow.now))
    return render_template(
        "staff/applications/application.html",
        application=row,
        cooperative=cooperative,
        state=State(row.state),
        states=STATE_WORDS,
        told=told_in_words(row.answers),
        lacking=[(_(each.text, **each.params), each.mender.value) for each in lacking],
        names=names_of(uow.session, [str(each) for each in people]),
        is_second=row.first_by is not None,
        may_decide=_may_decide(row, cooperative),
        waits=row.state in WITH_PACT,
        checklist=[{"field": field_of(item), "item": item} for item in checklist_for("cooperative").items],
        reasons=reasons_for("cooperative"),
        values=request.form if errors else {},
        chosen=request.form.getlist("reasons") if errors else [],
        errors=errors or {},
        **(
            _of_cooperative(cooperative, row)
            if cooperative is not None
            else {"sites": [], "officers": [], "visits": [], "owners": []}
        ),
    )


def _may_decide(row: CooperativeApplication, cooperative: Cooperative | None) -> bool:
    """Tell whether this person may take the next decision now."""
    if cooperative is None or row.state not in WITH_PACT:
        return False
    return reviewing.may_decide(current_uow().actor, row, cooperative)


def _of_cooperative(cooperative: Cooperative, row: CooperativeApplication) -> dict[str, Any]:
    session = current_uow().session
    earlier = queries.last_approved(session, cooperative.id)
    before = earlier.content if earlier is not None and earlier.id != row.id else None
    seen = row.content or {}
    return {
        "sites": sites_of(session, cooperative.id),
        "officers": officers_of(session, cooperative.id),
        "owners": shares_of(cooperative),
        "visits": visit_queries.visits_of(session, cooperative.id),
        "differences": changes("cooperative", before["cooperative"], seen["cooperative"]) if before and seen else [],
    }
