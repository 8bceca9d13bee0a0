"""Where a person is signed in."""

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from marketplace.accounts import queries
from marketplace.accounts.services import sessions as service
from marketplace.http.access import SIGNED_IN, allow
from marketplace.http.context import current_uow
from marketplace.http.languages import translate as _
from marketplace.web.account.places import Page, viewer_here

bp = Blueprint("account_sessions", __name__, url_prefix="/account/sessions")


@bp.get("")
@allow(SIGNED_IN)
def show() -> Page:
    """List the browsers that are signed in."""
    uow, viewer = current_uow(), viewer_here()
    found = queries.live_sessions(uow.session, viewer.user_id, now=uow.now)
    return render_template(
        "account/sessions.html", sessions=found, here=viewer.session_digest, digits=service.SHOWN_DIGITS
    )


@bp.post("/end")
@allow(SIGNED_IN)
def end() -> Response:
    """Sign one browser out."""
    service.end_shown(current_uow(), user_id=viewer_here().user_id, shown=request.form.get("session", ""))
    flash(_("That browser is signed out."), "good")
    return redirect("/account/sessions", code=303)
