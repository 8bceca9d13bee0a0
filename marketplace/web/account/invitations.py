"""Accepting an invitation."""

from flask import Blueprint, flash, redirect, render_template, request

from marketplace.accounts.forms import read_acceptance
from marketplace.accounts.models import Invitation
from marketplace.accounts.queries import find_user, live_invitation
from marketplace.accounts.services import invitations as service
from marketplace.accounts.services.links import LinkDead
from marketplace.accounts.services.sign_in import sign_in_as
from marketplace.core.errors import InvalidInput
from marketplace.http.access import PUBLIC, allow
from marketplace.http.context import current_uow, current_viewer
from marketplace.http.languages import translate as _
from marketplace.web.account.places import (
    CONFIRMED,
    Page,
    field_errors,
    home_of,
    language_choices,
    signed_in_response,
)

bp = Blueprint("account_invitations", __name__, url_prefix="/account/invitation")


@bp.get("/<token>")
@allow(PUBLIC)
def show(token: str) -> Page:
    """Show what the invitation offers and ask for a password, or for the account the person has."""
    uow = current_uow()
    invitation = live_invitation(uow.session, token, now=uow.now)
    if invitation is None:
        return _dead()
    values = {"name": invitation.name, "language": invitation.language}
    return _page(invitation, token, values=values, errors={})


@bp.post("/<token>")
@allow(PUBLIC)
def accept(token: str) -> Page:
    """Open the invited person's account and sign her in."""
    uow = current_uow()
    invitation = live_invitation(uow.session, token, now=uow.now)
    if invitation is None:
        return _dead()
    try:
        acceptance = read_acceptance(request.form, email=invitation.email)
        user = service.accept(uow, token=token, acceptance=acceptance)
    except InvalidInput as error:
        return _page(invitation, token, values=request.form, errors=field_errors(error)), 422
    except LinkDead:
        return _dead()
    done = sign_in_as(uow, user=user)
    return signed_in_response(done.token, actor=done.actor, to=home_of(done.actor))


@bp.post("/<token>/accept")
@allow(CONFIRMED)
def accept_signed_in(token: str) -> Page:
    """Accept with the account of the signed-in person."""
    try:
        service.accept_as(current_uow(), token=token)
    except LinkDead:
        return _dead()
    flash(_("You accepted the invitation."), "good")
    return redirect("/account", code=303)


def _page(invitation: Invitation, token: str, *, values: object, errors: dict[str, str]) -> str:
    known, viewer = find_user(current_uow().session, invitation.email), current_viewer()
    return render_template(
        "account/invitation.html",
        invitation=invitation,
        token=token,
        has_account=known is not None and known.email_confirmed_at is not None,
        is_own=viewer is not None and viewer.email == invitation.email,
        values=values,
        errors=errors,
        language_choices=language_choices(),
    )


def _dead() -> Page:
    return render_template("account/link_dead.html", again=None, kind="invitation"), 410
