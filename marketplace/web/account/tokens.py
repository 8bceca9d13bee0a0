"""API tokens of a person."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from marketplace.accounts import queries
from marketplace.accounts.forms import read_token_form
from marketplace.accounts.services import tokens as service
from marketplace.core.errors import InvalidInput
from marketplace.http.access import SIGNED_IN, allow
from marketplace.http.context import current_uow
from marketplace.http.idempotency import once
from marketplace.http.languages import translate as _
from marketplace.web.account.places import Page, field_errors, show_once, shown_once, viewer_here

bp = Blueprint("account_tokens", __name__, url_prefix="/account/tokens")


@bp.get("")
@allow(SIGNED_IN)
def show() -> Page:
    """List the tokens; a new one's secret is shown once."""
    return _page(values={}, errors={}, scopes=["read"])


@bp.post("")
@allow(SIGNED_IN)
@once
def create() -> Page:
    """Make a token."""
    scopes = request.form.getlist("scopes")
    try:
        label, chosen = read_token_form(request.form, scopes=scopes)
    except InvalidInput as error:
        return _page(values=request.form, errors=field_errors(error), scopes=scopes), 422
    show_once("api_token", service.create(current_uow(), label=label, scopes=chosen).secret)
    return redirect("/account/tokens", code=303)


@bp.post("/<uuid:token_id>/revoke")
@allow(SIGNED_IN)
def revoke(token_id: UUID) -> Response:
    """End a token."""
    service.revoke(current_uow(), token_id=token_id)
    flash(_("The token no longer works."), "good")
    return redirect("/account/tokens", code=303)


def _page(*, values: object, errors: dict[str, str], scopes: list[str]) -> str:
    uow = current_uow()
    return render_template(
        "account/tokens.html",
        tokens=queries.tokens_of(uow.session, viewer_here().user_id, now=uow.now),
        secret=shown_once("api_token"),
        values=values,
        errors=errors,
        scopes=scopes,
    )
