"""Approvals drawn by chance: another reviewer says what she would have decided, and only then sees what was."""

from collections.abc import Mapping
from typing import Any
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
from marketplace.moderation.models import ModerationCase
from marketplace.moderation.queries import case_by_id
from marketplace.moderation.queries.blind import PAGE, blind_review_by_id, page_of_blind_reviews
from marketplace.moderation.services.claims import check_new_eyes
from marketplace.web.account.places import field_errors
from marketplace.web.cursors import moment_cursor
from marketplace.web.staff.review import review_of

bp = Blueprint("staff_blind_reviews", __name__, url_prefix="/staff/blind-reviews")
MODERATORS = staff(StaffRole.MODERATOR)
Page = Response | str | tuple[str, int]


@bp.get("")
@allow(MODERATORS)
def index() -> str:
    """List what waits for this reviewer, or what was looked at."""
    uow, is_done = current_uow(), request.args.get("done") == "yes"
    rows = page_of_blind_reviews(
        uow.session,
        is_done=is_done,
        reader=uow.actor.user_id,
        after=moment_cursor(request.args.get("after", "")),
    )
    last = rows[PAGE - 1].review if len(rows) > PAGE else None
    done = "yes" if is_done else None
    return render_template(
        "staff/moderation/blind_reviews.html",
        rows=rows[:PAGE],
        is_done=is_done,
        following=url_for(".index", done=done, after=f"{last.opened_at.isoformat()}_{last.id}") if last else None,
    )


@bp.get("/<uuid:review_id>")
@allow(MODERATORS)
def show(review_id: UUID) -> str:
    """Show the goods as they were sent; what was decided only after this reviewer said her word."""
    return _page(review_id, values={"reasons": [], "note": ""}, errors={})


@bp.post("/<uuid:review_id>")
@allow(MODERATORS)
@once
def decide(review_id: UUID) -> Page:
    """Note what this reviewer would have decided."""
    uow = current_uow()
    sent: dict[str, Any] = {
        "verdict": request.form.get("verdict", ""),
        "reasons": request.form.getlist("reasons"),
        "note": request.form.get("note", "").replace("\r\n", "\n"),
    }
    try:
        services.look_again(uow, review=blind_review_by_id(uow.session, review_id), **sent)
    except InvalidInput as error:
        return _page(review_id, values=sent, errors=field_errors(error)), 422
    flash(_(N_("Noted. Now you see what was decided.")), "good")
    return redirect(url_for(".show", review_id=review_id), code=303)


def _page(review_id: UUID, *, values: Mapping[str, Any], errors: Mapping[str, str]) -> str:
    uow = current_uow()
    review = blind_review_by_id(uow.session, review_id)
    case = case_by_id(uow.session, review.case_id)
    context = review_of(uow.session, case, actor=uow.actor, now=uow.now)
    if not review.verdict:
        context |= {"history": [], "may_review": _has_new_eyes(case)}
    return render_template("staff/moderation/blind_review.html", review=review, values=values, errors=errors, **context)


def _has_new_eyes(case: ModerationCase) -> bool:
    uow = current_uow()
    try:
        check_new_eyes(uow.session, uow.actor, case)
    except Forbidden:
        return False
    return True
