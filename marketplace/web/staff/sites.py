"""Mine sites as Pact staff keep them: entered on behalf, verified by another person, inspected, located."""

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.compliance import queries
from marketplace.compliance import services as compliance
from marketplace.compliance.models import Cooperative, MineSite
from marketplace.compliance.sites import read_site
from marketplace.core.actor import StaffRole
from marketplace.core.errors import InvalidInput
from marketplace.core.text import N_
from marketplace.http.access import allow, staff
from marketplace.http.context import current_uow
from marketplace.http.idempotency import once
from marketplace.http.languages import translate
from marketplace.incidents.cahra import area_of
from marketplace.incidents.services.areas import edition_in_force
from marketplace.lots.services.site_pauses import bring_in_line
from marketplace.web.cooperative import application_forms as forms

bp = Blueprint("staff_sites", __name__, url_prefix="/staff/cooperatives")
KEEPERS = staff(StaffRole.MODERATOR)
Page = Response | str | tuple[str, int]


@bp.get("/<reference>/sites/new")
@allow(KEEPERS)
def new(reference: str) -> Page:
    """Show an empty form for a mine site."""
    cooperative = _found(reference)
    values = {"region": cooperative.region, "district": cooperative.district, "activity": "active"}
    return _form(cooperative, None, values=values, chosen=(), errors={})


@bp.post("/<reference>/sites")
@allow(KEEPERS)
@once
def add(reference: str) -> Page:
    """Add a mine site on behalf of the cooperative; another person verifies it."""
    uow = current_uow()
    cooperative = _found(reference, lock=True)
    chosen = forms.ticked_minerals(request.form)
    try:
        answers = read_site(request.form, minerals=chosen, today=uow.now.date())
    except InvalidInput as error:
        return _form(cooperative, None, values=request.form, chosen=chosen, errors=forms.messages_of(error)), 422
    compliance.add_site(uow, cooperative=cooperative, site=answers)
    flash(translate(N_("Saved. Another person must verify it.")), "good")
    return _to(cooperative)


@bp.get("/<reference>/sites/<site_reference>")
@allow(KEEPERS)
def edit(reference: str, site_reference: str) -> Page:
    """Show a mine site to change it on behalf."""
    cooperative = _found(reference)
    row = _site(cooperative, site_reference)
    return _form(cooperative, row, values=forms.site_values(row), chosen=row.minerals, errors={})


@bp.post("/<reference>/sites/<site_reference>")
@allow(KEEPERS)
@once
def amend(reference: str, site_reference: str) -> Page:
    """Change a mine site on behalf; it must be verified again."""
    uow = current_uow()
    cooperative = _found(reference, lock=True)
    row = _site(cooperative, site_reference, lock=True)
    chosen = forms.ticked_minerals(request.form)
    try:
        answers = read_site(request.form, minerals=chosen, today=uow.now.date())
    except InvalidInput as error:
        return _form(cooperative, row, values=request.form, chosen=chosen, errors=forms.messages_of(error)), 422
    compliance.amend_site(uow, cooperative=cooperative, row=row, site=answers)
    flash(translate(N_("Saved. Another person must verify it.")), "good")
    return _to(cooperative)


@bp.post("/<reference>/sites/<site_reference>/verification")
@allow(KEEPERS)
@once
def verify(reference: str, site_reference: str) -> Page:
    """Confirm a site's papers and place."""
    cooperative = _found(reference, lock=True)
    row = _site(cooperative, site_reference, lock=True)
    compliance.verify_site(current_uow(), site=row, note=request.form.get("note", ""))
    flash(translate(N_("The site is verified.")), "good")
    return _to(cooperative)


@bp.post("/<reference>/sites/<site_reference>/inspection")
@allow(KEEPERS)
@once
def inspect(reference: str, site_reference: str) -> Page:
    """Record what an inspection found."""
    cooperative = _found(reference, lock=True)
    row = _site(cooperative, site_reference, lock=True)
    try:
        compliance.inspect_site(
            current_uow(),
            site=row,
            status=request.form.get("status", ""),
            activity=request.form.get("activity", ""),
            seen_on=_day(request.form.get("seen_on", "")),
            note=request.form.get("note", ""),
        )
    except InvalidInput as error:
        return _inspection(cooperative, row, values=request.form, errors=forms.messages_of(error)), 422
    bring_in_line(current_uow(), cooperative=cooperative)  # lots of a red site are hidden
    flash(translate(N_("The inspection is recorded.")), "good")
    return _to(cooperative)


@bp.get("/<reference>/sites/<site_reference>/inspection")
@allow(KEEPERS)
def inspection(reference: str, site_reference: str) -> Page:
    """Show the form of an inspection."""
    cooperative = _found(reference)
    row = _site(cooperative, site_reference)
    return _inspection(cooperative, row, values={"status": str(row.status), "activity": row.activity}, errors={})


@bp.post("/<reference>/sites/<site_reference>/place")
@allow(KEEPERS)
def locate(reference: str, site_reference: str) -> Page:
    """Open the sealed place of a site; every look is recorded."""
    cooperative = _found(reference)
    row = _site(cooperative, site_reference)
    place = compliance.coordinates_of(current_uow(), site=row)
    return render_template("staff/cooperatives/place.html", cooperative=cooperative, site=row, place=place)


def _found(reference: str, *, lock: bool = False) -> Cooperative:
    return queries.cooperative_for_staff(current_uow().session, reference, lock=lock)


def _site(cooperative: Cooperative, reference: str, *, lock: bool = False) -> MineSite:
    return queries.site_of(current_uow().session, cooperative.id, reference, lock=lock)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput({"seen_on": N_("Enter the day of the inspection.")}) from None


def _to(cooperative: Cooperative) -> Response:
    return redirect(url_for("staff_cooperatives.show", reference=cooperative.reference), code=303)


def _form(cooperative: Cooperative, row: MineSite | None, **context: Any) -> str:
    reference = cooperative.reference
    return render_template(
        "cooperative/profile_site.html",
        cooperative=cooperative,
        site=row,
        action=url_for(".amend", reference=reference, site_reference=row.reference)
        if row
        else url_for(".add", reference=reference),
        back=url_for("staff_cooperatives.show", reference=reference),
        **forms.site_choices(),
        **context,
    )


def _inspection(cooperative: Cooperative, row: MineSite, **context: Any) -> str:
    uow = current_uow()
    edition, today = edition_in_force(uow.session), uow.now.date()
    return render_template(
        "staff/cooperatives/inspection.html",
        cooperative=cooperative,
        site=row,
        area=area_of(edition.areas, country=row.country, region=row.region, district=row.district, on=today),
        list_of=edition.published_on,
        **forms.site_choices(),
        **context,
    )
