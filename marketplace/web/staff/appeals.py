"""Appeals of cooperatives: the list, and the page where another reviewer answers one."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.core.actor import StaffRole
from marketplace.core.errors import Forbidden, InvalidInput
from marketplace.core.text import N_
from marketplace.http.access import allow, staff
from marketplace.http.context import current_uow
from marketplace.http.idempotency import once
from marketplace.http.languages import translate as _
from marketplace.moderation import services
from marketplace.moderation.models import Appeal, ModerationCase
from marketplace.moderation.queries import case_by_id, history_of
from marketplace.moderation.queries.appeals import PAGE, appeal_by_id, page_of_appeals
from marketplace.moderation.services.claims import check_new_eyes
from marketplace.web.account.places import field_errors
from marketplace.web.cursors import moment_cursor

bp = Blueprint("staff_appeals", __name__, url_prefix="/staff/appeals")
READERS = staff(StaffRole.MODERATOR, StaffRole.AUDITOR)
MODERATORS = staff(StaffRole.MODERATOR)
STATES = {
    "open": N_("Waits for an answer"),
    "upheld": N_("The decision stays"),
    "overturned": N_("Checked again"),
}
Page = Response | str | tuple[str, int]


@bp.get("")
@allow(READERS)
def index() -> str:
    """List the appeals, oldest first; those that wait, unless asked otherwise."""
    state = request.args.get("state", "open")
    state = state if state in STATES else ""
    rows = page_of_appeals(current_uow().session, state=state, after=moment_cursor(request.args.get("after", "")))
    shown = rows[:PAGE]
    last = shown[-1].appeal if len(rows) > PAGE else None
    return render_template(
        "staff/moderation/appeals.html",
        rows=shown,
        state=state,
        states=STATES,
        following=url_for(".index", state=state, after=f"{last.made_at.isoformat()}_{last.id}") if last else None,
    )


@bp.get("/<uuid:appeal_id>")
@allow(READERS)
def show(appeal_id: UUID) -> str:
    """Show an appeal with the decisions it is about."""
    return _page(appeal_id, values={}, errors={})


@bp.post("/<uuid:appeal_id>")
@allow(MODERATORS)
@once
def answer(appeal_id: UUID) -> Page:
    """Answer it: leave the decision, or have the version checked again."""
    uow = current_uow()
    row = appeal_by_id(uow.session, appeal_id)
    outcome, words = request.form.get("outcome", ""), request.form.get("answer", "").replace("\r\n", "\n")
    try:
        services.answer_appeal(uow, appeal=row, outcome=outcome, answer=words)
    except InvalidInput as error:
        return _page(appeal_id, values=request.form, errors=field_errors(error)), 422
    flash(_(N_("The cooperative gets your answer by letter.")), "good")
    return redirect(url_for(".index"), code=303)


def _page(appeal_id: UUID, *, values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    uow = current_uow()
    row = appeal_by_id(uow.session, appeal_id)
    case = case_by_id(uow.session, row.case_id)
    return render_template(
        "staff/moderation/appeal.html",
        appeal=row,
        case=case,
        history=history_of(uow.session, case, reader=uow.actor),
        states=STATES,
        may_answer=_may_answer(row, case),
        values=values,
        errors=errors,
    )


def _may_answer(row: Appeal, case: ModerationCase) -> bool:
    uow = current_uow()
    if row.state != "open":
        return False
    try:
        check_new_eyes(uow.session, uow.actor, case)
    except Forbidden:
        return False
    return True
