"""Erase on request what the audit log tells about a person."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.accounts import queries
from marketplace.compliance.staff_forms import reason_of
from marketplace.core.actor import StaffRole
from marketplace.core.errors import InvalidInput
from marketplace.http.access import allow, staff
from marketplace.http.context import current_uow
from marketplace.http.idempotency import once
from marketplace.http.languages import translate as _
from marketplace.transparency.erasing import erase_person
from marketplace.web.account.places import Page, field_errors

bp = Blueprint("staff_erasure", __name__, url_prefix="/staff/people")
ADMINISTRATORS = staff(StaffRole.ADMINISTRATOR)
FRESH_ADMINISTRATORS = staff(StaffRole.ADMINISTRATOR, fresh=True)


@bp.get("/<uuid:user_id>/erasure")
@allow(ADMINISTRATORS)
def form(user_id: UUID) -> Page:
    """Say what is erased and what stays, and ask for the reason."""
    return _page(user_id, values={}, errors={})


@bp.post("/<uuid:user_id>/erasure")
@allow(FRESH_ADMINISTRATORS)
@once
def erase(user_id: UUID) -> Page | Response:
    """Erase the person's disclosures; this is an entry of the log itself."""
    uow = current_uow()
    try:
        reason = reason_of(request.form)
    except InvalidInput as error:
        return _page(user_id, values=request.form, errors=field_errors(error)), 422
    erase_person(uow, user=queries.user_by_id(uow.session, user_id, lock=True), reason=reason)
    flash(_("The log has forgotten this person."), "good")
    return redirect(url_for("staff_people.person", user_id=user_id), code=303)


def _page(user_id: UUID, *, values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    user = queries.user_by_id(current_uow().session, user_id)
    return render_template("staff/people/erasure.html", user=user, values=values, errors=errors)
