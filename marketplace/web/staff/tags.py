"""Tags as stock: ranges issued to cooperatives, and what became of each number."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.compliance.queries import cooperative_for_staff
from marketplace.core.actor import StaffRole
from marketplace.core.errors import InvalidInput
from marketplace.custody import tag_queries as queries
from marketplace.custody.services import tags
from marketplace.custody.tag_answers import read_range
from marketplace.http.access import allow, staff
from marketplace.http.context import current_uow
from marketplace.http.idempotency import once
from marketplace.http.languages import translate as _
from marketplace.web.account.places import field_errors
from marketplace.web.tag_forms import cursor_after, outcome_choices, range_cursor, take_out_from_form

bp = Blueprint("staff_tags", __name__, url_prefix="/staff/tags")
READERS = staff(StaffRole.MODERATOR, StaffRole.VERIFIER, StaffRole.AUDITOR)
KEEPERS = staff(StaffRole.MODERATOR, StaffRole.VERIFIER)
Page = Response | str | tuple[str, int]


@bp.get("")
@allow(READERS)
def index() -> str:
    """List the ranges, newest first, and offer to issue another."""
    return _list(values={"issuer": "Pact"}, errors={})


@bp.post("")
@allow(KEEPERS)
@once
def issue() -> Page:
    """Issue a range to a cooperative."""
    uow = current_uow()
    known = [reference for reference, _name in queries.approved_cooperatives(uow.session)]
    try:
        wanted = read_range(request.form, cooperatives=known)
        cooperative = cooperative_for_staff(uow.session, wanted.cooperative)
        tags.issue(uow, cooperative=cooperative, new=wanted.range)
    except InvalidInput as error:
        return _list(values=request.form, errors=field_errors(error)), 422
    flash(_("The tags are issued."), "good")
    return redirect(url_for("staff_tags.index"), code=303)


@bp.get("/<uuid:range_id>")
@allow(READERS)
def show(range_id: UUID) -> str:
    """Show what became of the tags of a range."""
    return _one(range_id, values={}, errors={})


@bp.post("/<uuid:range_id>/gone")
@allow(KEEPERS)
@once
def take_out(range_id: UUID) -> Page:
    """Record that a tag of the range is void or lost, with the reason."""
    row = queries.range_by_id(current_uow().session, range_id)
    errors = take_out_from_form(row.cooperative)
    if errors:
        return _one(range_id, values=request.form, errors=errors), 422
    flash(_("Recorded. Nobody can use this tag any more."), "good")
    return redirect(url_for("staff_tags.show", range_id=range_id), code=303)


def _list(*, values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    session = current_uow().session
    found = queries.page_of_ranges(session, after=range_cursor(request.args.get("after", "")))
    rows = found[: queries.PAGE]
    more = len(found) > queries.PAGE
    return render_template(
        "staff/tags/list.html",
        rows=rows,
        next_url=url_for("staff_tags.index", after=cursor_after(rows[-1].range)) if more else None,
        cooperatives=queries.approved_cooperatives(session),
        may_issue=current_uow().actor.has_role(StaffRole.MODERATOR, StaffRole.VERIFIER),
        values=values,
        errors=errors,
    )


def _one(range_id: UUID, *, values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    session = current_uow().session
    row = queries.range_by_id(session, range_id)
    found = queries.tags_of_range(session, range_id, after=request.args.get("after", "").replace("\x00", "")[:40])
    shown = found[: queries.TAGS_PAGE]
    more = len(found) > queries.TAGS_PAGE
    return render_template(
        "staff/tags/range.html",
        row=row,
        tags=shown,
        next_url=url_for("staff_tags.show", range_id=range_id, after=shown[-1].tag.number) if more else None,
        outcomes=outcome_choices(),
        may_change=current_uow().actor.has_role(StaffRole.MODERATOR, StaffRole.VERIFIER),
        values=values,
        errors=errors,
    )
