"""Buyers near their limits as compliance sees them: figures, who belongs together, higher limits by two people."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.accounts.models import Buyer
from marketplace.accounts.queries import names_of
from marketplace.compliance.services import buyer_marks, clearances
from marketplace.compliance.staff_forms import read_clearance, reason_of
from marketplace.core.actor import StaffRole
from marketplace.core.errors import InvalidInput, NotFound, Unavailable
from marketplace.core.text import N_
from marketplace.http.access import allow, staff
from marketplace.http.context import current_uow
from marketplace.http.idempotency import once
from marketplace.http.languages import translate as _
from marketplace.orders import limit_queries as queries
from marketplace.orders.limit_figures import Figures
from marketplace.web.account.places import field_errors

bp = Blueprint("staff_limits", __name__, url_prefix="/staff/limits")
READERS = staff(StaffRole.MODERATOR, StaffRole.AUDITOR)
MODERATORS = staff(StaffRole.MODERATOR)
FRESH_MODERATORS = staff(StaffRole.MODERATOR, fresh=True)
Page = Response | str | tuple[str, int]


@bp.get("")
@allow(READERS)
def index() -> str:
    """List who asked for more, who waits for a second person, and who is near or above the limit."""
    uow = current_uow()
    limits = uow.settings.limits_file
    start = _place(request.args.get("from", ""))
    try:
        rows = queries.buyers_to_watch(uow.session, limits=limits, now=uow.now)
    except Unavailable:
        rows = None
    shown = rows[start : start + queries.PAGE] if rows is not None else None
    return render_template(
        "staff/limits/list.html",
        rows=shown,
        next_from=start + queries.PAGE if rows is not None and len(rows) > start + queries.PAGE else None,
        levels=[limits.of_level(level, on=uow.now.date()) for level in (2, 3)],
    )


@bp.get("/<uuid:buyer_id>")
@allow(READERS)
def buyer(buyer_id: UUID) -> str:
    """Show a buyer's figures, relations and clearances."""
    return _page(buyer_id, values={}, errors={})


@bp.post("/<uuid:buyer_id>/clearances")
@allow(MODERATORS)
@once
def propose(buyer_id: UUID) -> Page:
    """Propose a higher limit to a second person."""
    uow = current_uow()
    try:
        clearance = read_clearance(request.form, now=uow.now)
    except InvalidInput as error:
        return _page(buyer_id, values=request.form, errors=field_errors(error)), 422
    clearances.propose(uow, buyer_id=buyer_id, clearance=clearance)
    flash(_(N_("Proposed. Somebody else has to confirm it.")), "good")
    return _to(buyer_id)


@bp.post("/<uuid:buyer_id>/clearances/<uuid:clearance_id>/confirmation")
@allow(FRESH_MODERATORS)
@once
def confirm(buyer_id: UUID, clearance_id: UUID) -> Response:
    """Put a higher limit into force as the second person."""
    clearances.confirm(current_uow(), clearance_id=_of(buyer_id, clearance_id))
    flash(_(N_("The higher limit counts from now on. The buyer gets a letter.")), "good")
    return _to(buyer_id)


@bp.post("/<uuid:buyer_id>/clearances/<uuid:clearance_id>/end")
@allow(MODERATORS)
@once
def end(buyer_id: UUID, clearance_id: UUID) -> Page:
    """End a higher limit, or take the proposal back."""
    found = _of(buyer_id, clearance_id)
    try:
        reason = reason_of({"reason": request.form.get("end_reason", "")})
    except InvalidInput as error:
        return _page(buyer_id, values=request.form, errors={"end_reason": field_errors(error)["reason"]}), 422
    clearances.end(current_uow(), clearance_id=found, reason=reason)
    flash(_(N_("It has ended.")), "good")
    return _to(buyer_id)


@bp.post("/<uuid:buyer_id>/answer")
@allow(MODERATORS)
@once
def decline(buyer_id: UUID) -> Page:
    """Answer a buyer who asked that the limit stays."""
    try:
        reason = reason_of({"reason": request.form.get("answer", "")})
    except InvalidInput as error:
        return _page(buyer_id, values=request.form, errors={"answer": field_errors(error)["reason"]}), 422
    clearances.decline(current_uow(), buyer_id=buyer_id, reason=reason)
    flash(_(N_("The buyer gets a letter with your reason.")), "good")
    return _to(buyer_id)


@bp.post("/<uuid:buyer_id>/registrations")
@allow(MODERATORS)
@once
def note_registration(buyer_id: UUID) -> Page:
    """Note under which number the buyer's company is registered."""
    try:
        buyer_marks.note_registration(current_uow(), buyer_id=buyer_id, number=request.form.get("number", ""))
    except InvalidInput as error:
        return _page(buyer_id, values=request.form, errors=field_errors(error)), 422
    flash(_(N_("Noted. Buyers with the same number share one limit.")), "good")
    return _to(buyer_id)


@bp.post("/<uuid:buyer_id>/registrations/<uuid:mark_id>/removal")
@allow(MODERATORS)
@once
def remove_registration(buyer_id: UUID, mark_id: UUID) -> Response:
    """Take a wrong registration away."""
    buyer_marks.remove(current_uow(), mark_id=mark_id, buyer_id=buyer_id)
    flash(_(N_("The number is taken away.")), "good")
    return _to(buyer_id)


def _page(buyer_id: UUID, *, values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    uow = current_uow()
    found = uow.session.get(Buyer, buyer_id)
    if found is None:
        raise NotFound
    cleared = queries.clearances_of(uow.session, buyer_id)
    group = [member for member in queries.group_of_buyer(uow.session, buyer_id) if member != buyer_id]
    people = [str(key) for row in cleared for key in (row.proposed_by, row.confirmed_by, row.ended_by) if key]
    return render_template(
        "staff/limits/buyer.html",
        buyer=found,
        figures=_figures(buyer_id),
        related=queries.buyers_by_ids(uow.session, group),
        marks=queries.marks_of_buyer(uow.session, buyer_id),
        clearances=cleared,
        names=names_of(uow.session, people),
        rule=uow.settings.limits_file.of_level(found.level, on=uow.now.date()),
        values=values,
        errors=errors,
        me=uow.actor.user_id,
        may_change=uow.actor.has_role(StaffRole.MODERATOR),
        may_propose=not any(row.confirmed_at is None and row.ended_at is None for row in cleared),
    )


def _figures(buyer_id: UUID) -> Figures | None:
    uow = current_uow()
    try:
        return queries.figures_of_buyer(uow.session, buyer_id, limits=uow.settings.limits_file, now=uow.now)
    except Unavailable:
        return None


def _of(buyer_id: UUID, clearance_id: UUID) -> UUID:
    """Return the clearance's id when it is this buyer's."""
    if clearance_id not in [row.id for row in queries.clearances_of(current_uow().session, buyer_id)]:
        raise NotFound
    return clearance_id


def _place(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def _to(buyer_id: UUID) -> Response:
    return redirect(url_for("staff_limits.buyer", buyer_id=buyer_id), code=303)
