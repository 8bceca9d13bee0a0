"""The officers of a cooperative, as the cooperative keeps them."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from marketplace.accounts.services import roles
from marketplace.compliance import queries
from marketplace.compliance.models import Cooperative
from marketplace.core.errors import InvalidInput
from marketplace.http.access import MEMBER, WRITER, allow
from marketplace.http.context import current_uow
from marketplace.http.idempotency import once
from marketplace.http.languages import translate as _
from marketplace.web.account.places import Page, field_errors
from marketplace.web.officers import invite_from_form, officers_page, role_from_form

bp = Blueprint("cooperative_people", __name__, url_prefix="/sell/cooperatives/<reference>/people")


@bp.get("")
@allow(MEMBER)
def show(reference: str) -> Page:
    """Show who acts for the cooperative."""
    return _page(_found(reference), values={}, errors={})


@bp.post("/invitations")
@allow(WRITER)
@once
def invite(reference: str) -> Page:
    """Invite a person to act for the cooperative."""
    cooperative = _found(reference)
    try:
        invite_from_form(cooperative)
    except InvalidInput as error:
        return _page(cooperative, values=request.form, errors=field_errors(error)), 422
    flash(_("The invitation is on its way. Its link works for 14 days."), "good")
    return _to(reference)


@bp.post("/<uuid:user_id>/role")
@allow(WRITER)
def change(reference: str, user_id: UUID) -> Response:
    """Change what an officer may do."""
    cooperative = _found(reference)
    roles.change_officer(current_uow(), cooperative_id=cooperative.id, user_id=user_id, role=role_from_form())
    flash(_("The role is changed."), "good")
    return _to(reference)


@bp.post("/<uuid:user_id>/removal")
@allow(WRITER)
def remove(reference: str, user_id: UUID) -> Response:
    """End an officer's work for the cooperative."""
    roles.remove_officer(current_uow(), cooperative_id=_found(reference).id, user_id=user_id)
    flash(_("The person no longer acts for the cooperative."), "good")
    return _to(reference)


def _found(reference: str) -> Cooperative:
    uow = current_uow()
    return queries.cooperative_of_member(uow.session, reference, uow.actor)


def _page(cooperative: Cooperative, *, values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    place = url_for(".show", reference=cooperative.reference)
    may_change = current_uow().actor.may_write_for(cooperative.id)
    return officers_page(cooperative, place=place, values=values, errors=errors, may_change=may_change)


def _to(reference: str) -> Response:
    return redirect(url_for(".show", reference=reference), code=303)
