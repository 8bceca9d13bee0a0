"""The second factor: set up, asked for, renewed, taken off."""

import segno
from flask import Blueprint, flash, redirect, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from marketplace.accounts import one_time_codes
from marketplace.accounts.queries import unused_recovery_codes
from marketplace.accounts.services import second_factor as service
from marketplace.accounts.services import throttle
from marketplace.core.errors import InvalidInput
from marketplace.http.access import allow, check
from marketplace.http.context import current_uow, separately
from marketplace.http.languages import translate as _
from marketplace.http.login import set_cookie
from marketplace.web.account.places import (
    CONFIRMED,
    FRESH,
    Page,
    field_errors,
    home_of,
    own_path,
    show_once,
    shown_once,
    viewer_here,
)

bp = Blueprint("account_second_factor", __name__, url_prefix="/account/second-factor")
ISSUER = "Facet"


@bp.get("/new")
@allow(CONFIRMED)
def new() -> Page:
    """Show a new secret as a picture and as text."""
    _require_the_old_one()
    secret, sealed = service.offer(current_uow())
    return _offer_page(secret, sealed, errors={})


@bp.post("/new")
@allow(CONFIRMED)
def enrol() -> Page:
    """Take the secret into use after a code from the app proved it; show the recovery codes once."""
    _require_the_old_one()
    uow, sealed, secret = current_uow(), request.form.get("offer", ""), None
    try:
        secret = service.opened_offer(uow, sealed)
        codes = service.enrol(uow, secret=secret, code=request.form.get("code", ""))
    except InvalidInput as error:
        if secret is None:
            secret, sealed = service.offer(uow)
        return _offer_page(secret, sealed, errors=field_errors(error)), 422
    token = service.passed_now(uow, session_digest=viewer_here().session_digest)
    show_once("recovery_codes", codes)
    return _with_session(token, "/account/second-factor/recovery-codes")


@bp.get("")
@allow(CONFIRMED)
def ask() -> Page:
    """Ask for a code; a person without a second factor sets one up first."""
    if not viewer_here().has_second_factor:
        return redirect("/account/second-factor/new", code=303)
    return render_template("account/second_factor.html", values={}, errors={}, next=own_path(request.args.get("next")))


@bp.post("")
@allow(CONFIRMED)
def answer() -> Page:
    """Check the code and open a session that passed."""
    viewer, after = viewer_here(), own_path(request.form.get("next"))
    tries = (throttle.CODE, str(viewer.user_id))
    with separately() as counting:
        throttle.begin(counting, tries)
    try:
        token = service.pass_with(
            current_uow(), code=request.form.get("code", "")[:100], session_digest=viewer.session_digest
        )
    except InvalidInput as error:
        page = render_template("account/second_factor.html", values={}, errors=field_errors(error), next=after)
        return page, 422
    throttle.succeed(current_uow(), tries)
    return _with_session(token, after or home_of(viewer.actor()))


@bp.get("/recovery-codes")
@allow(CONFIRMED)
def codes() -> Page:
    """Show new recovery codes once; later only how many are left."""
    left = unused_recovery_codes(current_uow().session, viewer_here().user_id)
    home = home_of(viewer_here().actor())
    return render_template("account/recovery_codes.html", codes=shown_once("recovery_codes"), left=left, home=home)


@bp.post("/recovery-codes")
@allow(FRESH)
def renew() -> Response:
    """Make new recovery codes; the old ones stop working."""
    show_once("recovery_codes", service.renew_recovery_codes(current_uow()))
    return redirect("/account/second-factor/recovery-codes", code=303)


@bp.post("/remove")
@allow(FRESH)
def remove() -> Response:
    """Take the second factor off; staff may not."""
    service.remove(current_uow())
    flash(_("Signing in asks only for your password now."), "warn")
    return redirect("/account", code=303)


def _require_the_old_one() -> None:
    """Refuse to replace a second factor by the password alone."""
    viewer = viewer_here()
    if viewer.has_second_factor:
        check(FRESH, viewer, now=current_uow().now)


def _offer_page(secret: str, sealed: str, *, errors: dict[str, str]) -> str:
    viewer = viewer_here()
    link = one_time_codes.address(secret, person=viewer.email, issuer=ISSUER)
    picture = segno.make(link, error="m").svg_inline(scale=5, border=4, light="#fff", svgclass="qr", lineclass=None)
    groups = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    after = own_path(request.values.get("next"))
    return render_template(
        "account/second_factor_new.html",
        picture=Markup(picture),  # noqa: S704 - drawn by us from our own address; it holds no text of people
        secret=groups,
        link=link,
        offer=sealed,
        errors=errors,
        next=after,
        is_required=viewer.is_staff,
    )


def _with_session(token: str, to: str) -> Response:
    response = redirect(to, code=303)
    set_cookie(response, token)
    return response
