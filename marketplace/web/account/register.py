"""Opening a buyer's account and confirming its address."""

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from marketplace.accounts.forms import read_registration
from marketplace.accounts.queries import live_link
from marketplace.accounts.services import registration as service
from marketplace.accounts.services import throttle
from marketplace.accounts.services.links import LinkDead
from marketplace.core.errors import InvalidInput
from marketplace.http.access import HALF_SIGNED_IN, PUBLIC, allow
from marketplace.http.context import current_uow, request_context, separately, settings
from marketplace.http.device import set_device_cookie
from marketplace.http.languages import language
from marketplace.http.languages import translate as _
from marketplace.web.account.places import Page, country_choices, field_errors, sign_in_address, viewer_here

bp = Blueprint("account_register", __name__, url_prefix="/account")


@bp.get("/register")
@allow(PUBLIC)
def show() -> Page:
    """Show the registration form."""
    return render_template("account/register.html", values={}, errors={}, countries=country_choices())


@bp.post("/register")
@allow(PUBLIC)
def register() -> Page:
    """Open an account; the answer is the same for a known address."""
    try:
        answers = read_registration(request.form, language=language())
    except InvalidInput as error:
        page = render_template(
            "account/register.html", values=request.form, errors=field_errors(error), countries=country_choices()
        )
        return page, 422
    with separately() as counting:
        throttle.begin(counting, (throttle.LETTERS_FROM, request_context().address))
    service.register(current_uow(), registration=answers)
    response = redirect("/account/check-mail", code=303)
    set_device_cookie(response, settings())
    return response


@bp.get("/check-mail")
@allow(PUBLIC)
def check_mail() -> Page:
    """Ask to open the letter."""
    return render_template("account/check_mail.html")


@bp.get("/confirm")
@allow(HALF_SIGNED_IN)
def waiting() -> Page:
    """Say that the address is not confirmed yet, and offer another letter."""
    return render_template("account/confirm_waiting.html", person=viewer_here())


@bp.post("/confirm")
@allow(HALF_SIGNED_IN)
def resend() -> Response:
    """Send the confirmation again."""
    service.resend_confirmation(current_uow())
    flash(_("We sent a new link. Look into your mail."), "good")
    return redirect("/account/confirm", code=303)


@bp.get("/confirm/<token>")
@allow(PUBLIC)
def confirm_page(token: str) -> Page:
    """Show the button; opening the link alone changes nothing, because mail scanners open links too."""
    uow = current_uow()
    link = live_link(uow.session, token, purpose="confirm_email", now=uow.now)
    if link is None:
        return render_template("account/link_dead.html", again="/account/confirm", kind="confirm"), 410
    return render_template("account/confirm.html", link=link, token=token)


@bp.post("/confirm/<token>")
@allow(PUBLIC)
def confirm(token: str) -> Page:
    """Confirm the address."""
    try:
        service.confirm_by_link(current_uow(), token=token)
    except LinkDead:
        return render_template("account/link_dead.html", again="/account/confirm", kind="confirm"), 410
    flash(_("Your e-mail address is confirmed."), "good")
    return redirect(sign_in_address("/account"), code=303)
