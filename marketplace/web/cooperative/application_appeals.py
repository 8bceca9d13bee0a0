"""A cooperative says why the refusal of its application is wrong, and reads the answer."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.core.errors import InvalidInput
from marketplace.core.text import N_
from marketplace.http.access import SIGNED_IN, allow
from marketplace.http.context import current_uow
from marketplace.http.idempotency import once
from marketplace.http.languages import translate as _
from marketplace.onboarding.appeal_queries import appeal_of
from marketplace.onboarding.models import CooperativeApplication
from marketplace.onboarding.queries import may_write
from marketplace.onboarding.services import appeals
from marketplace.web.account.places import field_errors
from marketplace.web.cooperative.application import found

bp = Blueprint("application_appeals", __name__, url_prefix="/sell/applications")
Page = Response | str | tuple[str, int]


@bp.get("/<reference>/appeal")
@allow(SIGNED_IN)
def show(reference: str) -> str:
    """Show the refusal with the form to appeal, or the appeal and its answer."""
    return _page(found(reference), values={}, errors={})


@bp.post("/<reference>/appeal")
@allow(SIGNED_IN)
@once
def appeal(reference: str) -> Page:
    """Appeal against the refusal."""
    row = found(reference)
    try:
        appeals.appeal(current_uow(), application=row, words=request.form.get("words", "").replace("\r\n", "\n"))
    except InvalidInput as error:
        return _page(row, values=request.form, errors=field_errors(error)), 422
    flash(_(N_("Your appeal is with Pact. Another person answers you by letter.")), "good")
    return redirect(url_for(".show", reference=reference), code=303)


def _page(row: CooperativeApplication, *, values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    uow = current_uow()
    return render_template(
        "cooperative/applications/appeal.html",
        application=row,
        appeal=appeal_of(uow.session, row.id),
        may_appeal=appeals.may_appeal(uow, row) and may_write(row, uow.actor),
        values=values,
        errors=errors,
    )
