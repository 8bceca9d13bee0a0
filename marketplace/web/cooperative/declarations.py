"""A cooperative has the declaration of a site signed again, before or after the old one ends."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.compliance.models import Cooperative, MineSite
from marketplace.compliance.queries import cooperative_of_member, site_of
from marketplace.core.errors import Forbidden, InvalidInput
from marketplace.core.text import N_
from marketplace.http.access import WRITER, allow
from marketplace.http.context import current_uow
from marketplace.http.idempotency import once
from marketplace.http.languages import translate as _
from marketplace.onboarding.answers import read_site_declaration
from marketplace.onboarding.renewals import declaration_ends
from marketplace.onboarding.services.declarations import sign_again
from marketplace.web.account.places import field_errors

bp = Blueprint("declarations", __name__, url_prefix="/sell/cooperatives/<reference>/sites/<site_reference>/declaration")
Page = Response | str | tuple[str, int]


@bp.get("")
@allow(WRITER)
def show(reference: str, site_reference: str) -> Page:
    """Show until when the declaration lasts, and a form for the new one."""
    return _page(*_place(reference, site_reference), values={}, errors={})


@bp.post("")
@allow(WRITER)
@once
def sign(reference: str, site_reference: str) -> Page:
    """Note that the declaration was signed again."""
    uow = current_uow()
    cooperative, site = _place(reference, site_reference)
    try:
        signed = read_site_declaration(request.form, today=uow.now.date())
        sign_again(uow, cooperative=cooperative, site=site, signed=signed)
    except InvalidInput as error:
        return _page(cooperative, site, values=request.form, errors=field_errors(error)), 422
    flash(_(N_("Saved. Keep the paper: Pact looks at it on its visit.")), "good")
    return redirect(url_for("cooperative_profile.show", reference=reference), code=303)


def _place(reference: str, site_reference: str) -> tuple[Cooperative, MineSite]:
    uow = current_uow()
    cooperative = cooperative_of_member(uow.session, reference, uow.actor)
    if not uow.actor.may_write_for(cooperative.id):
        raise Forbidden
    return cooperative, site_of(uow.session, cooperative.id, site_reference)


def _page(cooperative: Cooperative, site: MineSite, *, values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    signed_on = site.child_labour_attested_on
    return render_template(
        "cooperative/declaration.html",
        cooperative=cooperative,
        site=site,
        ends_on=declaration_ends(signed_on) if signed_on is not None else None,
        today=current_uow().now.date(),
        values=values,
        errors=errors,
    )
