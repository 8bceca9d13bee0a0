"""A person's account: what is known about her and where she changes it."""

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from marketplace.accounts import forms, queries
from marketplace.accounts.services import levels, throttle
from marketplace.accounts.services import profile as service
from marketplace.accounts.services.links import LinkDead
from marketplace.core.errors import InvalidInput
from marketplace.http.access import BUYER, SIGNED_IN, allow
from marketplace.http.context import current_uow, separately
from marketplace.http.languages import translate as _
from marketplace.web.account.places import (
    Page,
    country_choices,
    field_errors,
    language_choices,
    set_language_cookie,
    viewer_here,
)

bp = Blueprint("account_profile", __name__, url_prefix="/account")


@bp.get("")
@allow(SIGNED_IN)
def show() -> Page:
    """Show the account."""
    uow, viewer = current_uow(), viewer_here()
    return render_template(
        "account/account.html",
        person=queries.user_by_id(uow.session, viewer.user_id),
        buyer=queries.find_buyer(uow.session, viewer.user_id),
        sessions=len(queries.live_sessions(uow.session, viewer.user_id, now=uow.now)),
        tokens=len(queries.tokens_of(uow.session, viewer.user_id, now=uow.now)),
        codes_left=queries.unused_recovery_codes(uow.session, viewer.user_id),
    )


@bp.get("/profile")
@allow(SIGNED_IN)
def change_page() -> Page:
    """Show the form for name, language and telephone."""
    user = queries.user_by_id(current_uow().session, viewer_here().user_id)
    values = {"name": user.name, "language": user.language, "phone": user.phone or ""}
    return render_template("account/profile.html", values=values, errors={}, language_choices=language_choices())


@bp.post("/profile")
@allow(SIGNED_IN)
def change() -> Page:
    """Change name, language and telephone."""
    try:
        answers = forms.read_profile(request.form)
    except InvalidInput as error:
        return render_template(
            "account/profile.html",
            values=request.form,
            errors=field_errors(error),
            language_choices=language_choices(),
        ), 422
    service.change_profile(current_uow(), profile=answers)
    response = _done(_("Your account is changed."))
    set_language_cookie(response, answers.language)
    return response


@bp.get("/company")
@allow(BUYER)
def company_page() -> Page:
    """Show the form for the buying company."""
    buyer = queries.find_buyer(current_uow().session, viewer_here().user_id)
    values = {"company": buyer.company, "country": buyer.country} if buyer else {}
    return render_template("account/company.html", values=values, errors={}, countries=country_choices())


@bp.post("/company")
@allow(BUYER)
def change_company() -> Page:
    """Change the buying company."""
    try:
        company, country = forms.read_company(request.form)
    except InvalidInput as error:
        return render_template(
            "account/company.html", values=request.form, errors=field_errors(error), countries=country_choices()
        ), 422
    service.change_company(current_uow(), company=company, country=country)
    return _done(_("Your company is changed."))


@bp.post("/company/check")
@allow(BUYER)
def ask_for_check() -> Page:
    """Ask Pact to check the buying company."""
    levels.ask_for_check(current_uow())
    return _done(_("Pact was asked to check your company. You get a letter with the answer."))


@bp.get("/email")
@allow(SIGNED_IN)
def email_page() -> Page:
    """Show the form for another address."""
    return render_template("account/email.html", values={}, errors={})


@bp.post("/email")
@allow(SIGNED_IN)
def change_email() -> Page:
    """Send a link to the new address."""
    viewer = viewer_here()
    with separately() as counting:
        throttle.begin(counting, (throttle.ACCOUNT, viewer.email))
    try:
        email = forms.read_email(request.form)
        service.request_new_email(current_uow(), email=email, password=request.form.get("password", ""))
    except InvalidInput as error:
        return render_template("account/email.html", values=request.form, errors=field_errors(error)), 422
    throttle.succeed(current_uow(), (throttle.ACCOUNT, viewer.email))
    return _done(_("Open the link that we sent to the new address."))


@bp.get("/email/<token>")
@allow(SIGNED_IN)
def confirm_email_page(token: str) -> Page:
    """Show the button that takes the new address into use."""
    uow = current_uow()
    link = queries.live_link(uow.session, token, purpose="change_email", now=uow.now)
    if link is None or link.user_id != uow.actor.user_id:
        return _dead()
    return render_template("account/email_confirm.html", link=link, token=token)


@bp.post("/email/<token>")
@allow(SIGNED_IN)
def confirm_email(token: str) -> Page:
    """Take the new address into use."""
    try:
        service.confirm_new_email(current_uow(), token=token)
    except LinkDead:
        return _dead()
    return _done(_("Your e-mail address is changed."))


def _done(message: str) -> Response:
    flash(message, "good")
    return redirect("/account", code=303)


def _dead() -> Page:
    return render_template("account/link_dead.html", again="/account/email", kind="email"), 410
