"""Signing in and out."""

from flask import Blueprint, flash, redirect, render_template, request, session
from werkzeug.wrappers import Response

from marketplace.accounts.services import sign_in as service
from marketplace.accounts.services import throttle
from marketplace.core.errors import InvalidInput
from marketplace.http.access import HALF_SIGNED_IN, PUBLIC, allow
from marketplace.http.context import current_uow, current_viewer, request_context, separately
from marketplace.http.languages import translate as _
from marketplace.http.login import drop_cookie
from marketplace.web.account.places import Page, field_errors, home_of, own_path, signed_in_response, viewer_here

bp = Blueprint("account_sign_in", __name__, url_prefix="/account")


@bp.get("/sign-in")
@allow(PUBLIC)
def show() -> Page:
    """Show the sign-in form."""
    return render_template("account/sign_in.html", values={}, errors={}, next=own_path(request.args.get("next")))


@bp.post("/sign-in")
@allow(PUBLIC)
def enter() -> Page:
    """Check the password and open a session; tries are counted even when they fail."""
    email, after, viewer = request.form.get("email", ""), own_path(request.form.get("next")), current_viewer()
    tries = ((throttle.ACCOUNT, email), (throttle.ADDRESS, request_context().address))
    with separately() as counting:
        throttle.begin(counting, *tries)
    try:
        done = service.sign_in(
            current_uow(),
            email=email,
            password=request.form.get("password", ""),
            replaced=viewer.session_digest if viewer else None,
        )
    except InvalidInput as error:
        return render_template("account/sign_in.html", values=request.form, errors=field_errors(error), next=after), 422
    throttle.succeed(current_uow(), *tries)
    return signed_in_response(done.token, actor=done.actor, to=after or home_of(done.actor))


@bp.post("/sign-out")
@allow(HALF_SIGNED_IN)
def leave() -> Response:
    """End this session."""
    service.sign_out(current_uow(), session_digest=viewer_here().session_digest)
    return _signed_out()


@bp.post("/sign-out-everywhere")
@allow(HALF_SIGNED_IN)
def leave_everywhere() -> Response:
    """End every session of this person."""
    service.sign_out_everywhere(current_uow())
    return _signed_out()


def _signed_out() -> Response:
    session.clear()
    flash(_("You are signed out."), "good")
    response = redirect("/account/sign-in", code=303)
    drop_cookie(response)
    return response
