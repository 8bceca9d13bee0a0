"""A cooperative says why a decision is wrong, and reads the answer."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.core.errors import InvalidInput, NotFound
from marketplace.core.text import N_
from marketplace.http.access import MEMBER, WRITER, allow
from marketplace.http.context import current_uow
from marketplace.http.idempotency import once
from marketplace.http.languages import translate as _
from marketplace.moderation import services
from marketplace.moderation.models import ModerationCase
from marketplace.moderation.queries import case_by_id, statement_of_case
from marketplace.moderation.queries.appeals import appeal_of_case
from marketplace.web.account.places import field_errors

bp = Blueprint("cooperative_appeals", __name__, url_prefix="/cooperative/appeals")
Page = Response | str | tuple[str, int]


@bp.get("/<uuid:case_id>")
@allow(MEMBER)
def show(case_id: UUID) -> Page:
    """Show the decision with the form to appeal, or the appeal and its answer."""
    return _page(_own(case_id), values={}, errors={})


@bp.post("/<uuid:case_id>")
@allow(WRITER)
@once
def appeal(case_id: UUID) -> Page:
    """Appeal against the decision."""
    case = _own(case_id)
    try:
        services.appeal(current_uow(), case=case, words=request.form.get("words", "").replace("\r\n", "\n"))
    except InvalidInput as error:
        return _page(case, values=request.form, errors=field_errors(error)), 422
    flash(_(N_("Your appeal is with Pact. Another person answers you by letter.")), "good")
    return redirect(url_for(".show", case_id=case_id), code=303)


def _page(case: ModerationCase, *, values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    uow = current_uow()
    statement = statement_of_case(uow.session, case)
    if statement is None:
        raise NotFound
    return render_template(
        "cooperative/appeal.html",
        case=case,
        statement=statement,
        appeal=appeal_of_case(uow.session, case.id),
        may_appeal=services.may_appeal(uow, case) and uow.actor.may_write_for(case.cooperative_id),
        back=f"/cooperative/lots/{case.reference}" if case.kind == "lot" else f"/sell/cooperatives/{case.reference}",
        values=values,
        errors=errors,
    )


def _own(case_id: UUID) -> ModerationCase:
    """Return a case of a cooperative the reader acts for; of another it is not there."""
    uow = current_uow()
    case = case_by_id(uow.session, case_id)
    if case.cooperative_id not in uow.actor.memberships:
        raise NotFound
    return case
