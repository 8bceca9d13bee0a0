"""Regions where nobody can act: declared by one person, confirmed by another, ended early by any."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.accounts.queries import names_of
from marketplace.compliance.services import regions
from marketplace.compliance.staff_forms import read_closure, reason_of
from marketplace.core.actor import StaffRole
from marketplace.core.errors import InvalidInput
from marketplace.core.text import N_
from marketplace.http.access import allow, staff
from marketplace.http.context import current_uow
from marketplace.http.idempotency import once
from marketplace.http.languages import translate as _
from marketplace.orders.closures import closures_for_staff, time_of
from marketplace.orders.countries import COUNTRIES
from marketplace.web.account.places import field_errors
from marketplace.web.filters import country

bp = Blueprint("staff_closures", __name__, url_prefix="/staff/closures")
READERS = staff(StaffRole.MODERATOR, StaffRole.FINANCE, StaffRole.AUDITOR)
MODERATORS = staff(StaffRole.MODERATOR)
FRESH_MODERATORS = staff(StaffRole.MODERATOR, fresh=True)
Page = Response | str | tuple[str, int]


@bp.get("")
@allow(READERS)
def index() -> str:
    """List the declarations, and ask for a new one."""
    return _page(values={}, errors={})


@bp.post("")
@allow(MODERATORS)
@once
def declare() -> Page:
    """Declare a region closed."""
    uow = current_uow()
    try:
        closure = read_closure(request.form, countries=COUNTRIES, now=uow.now)
    except InvalidInput as error:
        return _page(values=request.form, errors=field_errors(error)), 422
    regions.declare(uow, closure=closure)
    flash(_(N_("Declared. Somebody else has to confirm it before any deadline moves.")), "good")
    return _back()


@bp.post("/<uuid:closure_id>/confirmation")
@allow(FRESH_MODERATORS)
@once
def confirm(closure_id: UUID) -> Response:
    """Confirm a declaration as the second person."""
    regions.confirm(current_uow(), closure_id=closure_id)
    flash(_(N_("Confirmed. Deadlines move within a minute, and both parties of each order are told.")), "good")
    return _back()


@bp.post("/<uuid:closure_id>/end")
@allow(MODERATORS)
@once
def end(closure_id: UUID) -> Page:
    """End a closure now, or take a declaration back."""
    try:
        reason = reason_of({"reason": request.form.get("end_reason", "")})
    except InvalidInput as error:
        return _page(values=request.form, errors={f"end_reason-{closure_id}": field_errors(error)["reason"]}), 422
    regions.end(current_uow(), closure_id=closure_id, reason=reason)
    flash(_(N_("It has ended. Time that passed under it stays given.")), "good")
    return _back()


def _page(*, values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    uow = current_uow()
    rows = closures_for_staff(uow.session, now=uow.now)
    people = [str(key) for row in rows for key in (row.declared_by, row.confirmed_by, row.ended_by) if key]
    return render_template(
        "staff/closures/list.html",
        rows=rows,
        times={row.id: time_of(row) for row in rows},
        names=names_of(uow.session, people),
        countries=sorted(((code, country(code)) for code in COUNTRIES), key=lambda pair: pair[1]),
        values=values,
        errors=errors,
        me=uow.actor.user_id,
        may_change=uow.actor.has_role(StaffRole.MODERATOR),
    )


def _back() -> Response:
    return redirect(url_for("staff_closures.index"), code=303)
