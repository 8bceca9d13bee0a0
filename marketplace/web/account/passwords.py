"""Changing the password, and choosing a new one by a mailed link."""

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from marketplace.accounts.forms import read_email, read_new_password
from marketplace.accounts.queries import live_link
from marketplace.accounts.services import change_password as service
from marketplace.accounts.services import throttle
from marketplace.accounts.services.links import LinkDead
from marketplace.core.errors import InvalidInput
from marketplace.http.access import PUBLIC, SIGNED_IN, allow
from marketplace.http.context import current_uow, request_context, separately
from marketplace.http.languages import translate as _
from marketplace.web.account.places import Page, field_errors, viewer_here

bp = Blueprint("account_passwords", __name__, url_prefix="/account")


@bp.get("/password")
@allow(SIGNED_IN)
def change_page() -> Page:
    """Show the form to change the password."""
    return render_template("account/password.html", errors={})


@bp.post("/password")
@allow(SIGNED_IN)
def change() -> Page:
    """Change the password; other browsers are signed out."""
    viewer = viewer_here()
    with separately() as counting:
        throttle.begin(counting, (throttle.ACCOUNT, viewer.email))
    try:
        new = read_new_password(request.form, personal=(viewer.email, viewer.name))
        service.change(
            current_uow(), current=request.form.get("current", ""), new=new, session_digest=viewer.session_digest
        )
    except InvalidInput as error:
        return render_template("account/password.html", errors=field_errors(error)), 422
    throttle.succeed(current_uow(), (throttle.ACCOUNT, viewer.email))
    flash(_("Your password is changed. Other browsers were signed out."), "good")
    return redirect("/account", code=303)


@bp.get("/reset")
@allow(PUBLIC)
def ask_page() -> Page:
    """Ask for the address of the account."""
    return render_template("account/reset_ask.html", values={}, errors={})


@bp.post("/reset")
@allow(PUBLIC)
def ask() -> Page:
    """Send a link if the address is known; the answer is the same if not."""
    try:
        email = read_email(request.form)
    except InvalidInput as error:
        return render_template("account/reset_ask.html", values=request.form, errors=field_errors(error)), 422
    with separately() as counting:
        throttle.begin(counting, (throttle.LETTERS_FROM, request_context().address))
    service.request_reset(current_uow(), email=email)
    return redirect("/account/reset/sent", code=303)


@bp.get("/reset/sent")
@allow(PUBLIC)
def sent() -> Page:
    """Say what to expect."""
    return render_template("account/reset_sent.html")


@bp.get("/reset/<token>")
@allow(PUBLIC)
def choose_page(token: str) -> Page:
    """Show the form for a new password."""
    uow = current_uow()
    link = live_link(uow.session, token, purpose="reset_password", now=uow.now)
    if link is None:
        return _dead()
    return render_template("account/reset.html", token=token, email=link.email, errors={})


@bp.post("/reset/<token>")
@allow(PUBLIC)
def choose(token: str) -> Page | Response:
    """Set the new password."""
    uow = current_uow()
    link = live_link(uow.session, token, purpose="reset_password", now=uow.now)
    if link is None:
        return _dead()
    try:
        new = read_new_password(request.form, personal=(link.email, service.owner_of(uow, link).name))
        service.reset(uow, token=token, new=new)
    except InvalidInput as error:
        page = render_template("account/reset.html", token=token, email=link.email, errors=field_errors(error))
        return page, 422
    except LinkDead:
        return _dead()
    flash(_("Your new password is set. Sign in with it."), "good")
    return redirect("/account/sign-in", code=303)


def _dead() -> Page:
    return render_template("account/link_dead.html", again="/account/reset", kind="reset"), 410
