"""Appeals against refused applications: the list, and the page where somebody with new eyes answers one."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.accounts.queries import names_of
from marketplace.core.actor import StaffRole
from marketplace.core.errors import InvalidInput
from marketplace.core.text import N_
from marketplace.http.access import allow, staff
from marketplace.http.context import current_uow
from marketplace.http.idempotency import once
from marketplace.http.languages import translate as _
from marketplace.onboarding.appeal_queries import PAGE, appeal_by_id, page_of_appeals, row_of
from marketplace.onboarding.services import appeals
from marketplace.web.account.places import field_errors
from marketplace.web.cursors import moment_cursor
from marketplace.web.staff.appeals import STATES

bp = Blueprint("staff_application_appeals", __name__, url_prefix="/staff/application-appeals")
READERS = staff(StaffRole.MODERATOR, StaffRole.AUDITOR)
MODERATORS = staff(StaffRole.MODERATOR)
Page = Response | str | tuple[str, int]


@bp.get("")
@allow(READERS)
def index() -> str:
    """List the appeals, oldest first; those that wait, unless asked otherwise."""
    given = request.args.get("state", "open")
    state = given if given in STATES else ""
    rows = page_of_appeals(current_uow().session, state=state, after=moment_cursor(request.args.get("after", "")))
    shown = rows[:PAGE]
    last = shown[-1].appeal if len(rows) > PAGE else None
    cursor = f"{last.made_at.isoformat()}_{last.id}" if last else ""
    return render_template(
        "staff/applications/appeals.html",
        rows=shown,
        state=state,
        states=STATES,
        following=url_for(".index", state=state or "all", after=cursor) if last else None,
    )


@bp.get("/<uuid:appeal_id>")
@allow(READERS)
def show(appeal_id: UUID) -> str:
    """Show an appeal with the refusal it is about."""
    return _page(appeal_id, values={}, errors={})


@bp.post("/<uuid:appeal_id>")
@allow(MODERATORS)
@once
def answer(appeal_id: UUID) -> Page:
    """Answer it: leave the refusal, or have the application checked again."""
    uow = current_uow()
    outcome, words = request.form.get("outcome", ""), request.form.get("answer", "").replace("\r\n", "\n")
    try:
        appeals.answer_appeal(uow, appeal=appeal_by_id(uow.session, appeal_id), outcome=outcome, answer=words)
    except InvalidInput as error:
        return _page(appeal_id, values=request.form, errors=field_errors(error)), 422
    flash(_(N_("The cooperative gets your answer by letter.")), "good")
    return redirect(url_for(".index"), code=303)


def _page(appeal_id: UUID, *, values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    uow = current_uow()
    row = row_of(uow.session, appeal_id)
    people = [str(each) for each in (row.application.answered_by, row.appeal.decided_by) if each]
    return render_template(
        "staff/applications/appeal.html",
        appeal=row.appeal,
        application=row.application,
        cooperative=row.cooperative,
        states=STATES,
        names=names_of(uow.session, people),
        may_answer=row.appeal.state == "open" and appeals.may_answer(uow.actor, *row),
        values=values,
        errors=errors,
    )
