"""A cooperative's own pages: its application, its mine sites, and what Pact said."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.compliance import queries
from marketplace.compliance import services as compliance
from marketplace.compliance.application import read_open_answers
from marketplace.compliance.canonical import content_of
from marketplace.compliance.models import Cooperative, MineSite
from marketplace.compliance.sites import read_site
from marketplace.compliance.transitions import legal
from marketplace.core.errors import InvalidInput
from marketplace.core.text import N_
from marketplace.http.access import MEMBER, SIGNED_IN, WRITER, allow
from marketplace.http.context import current_uow
from marketplace.http.idempotency import once
from marketplace.http.languages import translate
from marketplace.moderation import queries as moderation_queries
from marketplace.onboarding import checklists, visit_queries
from marketplace.onboarding import queries as onboarding
from marketplace.onboarding.renewals import declaration_ends
from marketplace.onboarding.services import applications
from marketplace.web.cooperative import application_forms as forms
from marketplace.web.staff.words import changes

bp = Blueprint("cooperative_profile", __name__, url_prefix="/sell/cooperatives")
Page = Response | str | tuple[str, int]


@bp.get("")
@allow(SIGNED_IN)
def mine() -> Page:
    """List the person's cooperatives, or invite her to apply."""
    uow = current_uow()
    found = queries.cooperatives_of_member(uow.session, uow.actor)
    own = onboarding.applications_of(uow.session, uow.actor)
    begun = [row.application for row in own if row.cooperative is None]
    return render_template("cooperative/profile_list.html", cooperatives=found, begun=begun)


@bp.get("/<reference>")
@allow(MEMBER)
def show(reference: str) -> Page:
    """Show how the cooperative stands and what it told."""
    uow = current_uow()
    cooperative = _own(reference)
    sites = queries.sites_of(uow.session, cooperative.id)
    return render_template(
        "cooperative/profile.html",
        cooperative=cooperative,
        sites=sites,
        officers=queries.officers_of(uow.session, cooperative.id),
        answers=changes("cooperative", {"sites": []}, content_of(cooperative, [])),
        legal=legal(cooperative.state),
        may_write=uow.actor.may_write_for(cooperative.id),
        application=onboarding.open_application_of(uow.session, cooperative.id),
        renewal_due=onboarding.renewal_due(uow.session, cooperative) if cooperative.state == "approved" else None,
        visits=[_visit(seen) for seen in visit_queries.visits_of(uow.session, cooperative.id)],
        declarations=[
            (site, declaration_ends(signed_on)) for site in sites if (signed_on := site.child_labour_attested_on)
        ],
        today=uow.now.date(),
        statement=moderation_queries.statement_of_cooperative(uow.session, cooperative.id),
    )


@bp.get("/<reference>/facts")
@allow(WRITER)
def facts(reference: str) -> Page:
    """Show what an approved cooperative may change by itself."""
    cooperative = _own(reference)
    return _facts_form(cooperative, values=forms.application_values(cooperative), errors={})


@bp.post("/<reference>/facts")
@allow(WRITER)
@once
def amend_facts(reference: str) -> Page:
    """Change size, telephone and story of an approved cooperative."""
    uow = current_uow()
    cooperative = _own(reference, lock=True)
    try:
        answers = read_open_answers(request.form)
    except InvalidInput as error:
        return _facts_form(cooperative, values=request.form, errors=forms.messages_of(error)), 422
    compliance.amend_open_answers(uow, cooperative=cooperative, answers=answers)
    flash(translate(N_("Saved.")), "good")
    return _to(cooperative)


@bp.post("/<reference>/withdrawal")
@allow(WRITER)
@once
def withdraw(reference: str) -> Page:
    """Take an undecided application back."""
    cooperative = _own(reference, lock=True)
    applications.withdraw(current_uow(), cooperative=cooperative)
    flash(translate(N_("Taken back. You can change it and send it again.")), "info")
    return _to(cooperative)


@bp.get("/<reference>/sites/new")
@allow(WRITER)
def new_site(reference: str) -> Page:
    """Show an empty form for a mine site."""
    cooperative = _own(reference)
    values = {"region": cooperative.region, "district": cooperative.district, "activity": "active"}
    return _site_form(cooperative, None, values=values, chosen=(), errors={})


@bp.post("/<reference>/sites")
@allow(WRITER)
@once
def add_site(reference: str) -> Page:
    """Add a mine site."""
    uow = current_uow()
    cooperative = _own(reference, lock=True)
    chosen = forms.ticked_minerals(request.form)
    try:
        answers = read_site(request.form, minerals=chosen, today=uow.now.date())
    except InvalidInput as error:
        errors = forms.messages_of(error)
        return _site_form(cooperative, None, values=request.form, chosen=chosen, errors=errors), 422
    compliance.add_site(uow, cooperative=cooperative, site=answers)
    flash(translate(N_("Saved. Pact verifies the site before you sell from it.")), "good")
    return _to(cooperative)


@bp.get("/<reference>/sites/<site_reference>")
@allow(WRITER)
def site(reference: str, site_reference: str) -> Page:
    """Show a mine site to change it."""
    cooperative = _own(reference)
    row = queries.site_of(current_uow().session, cooperative.id, site_reference)
    return _site_form(cooperative, row, values=forms.site_values(row), chosen=row.minerals, errors={})


@bp.post("/<reference>/sites/<site_reference>")
@allow(WRITER)
@once
def amend_site(reference: str, site_reference: str) -> Page:
    """Change a mine site; it must be verified again."""
    uow = current_uow()
    cooperative = _own(reference, lock=True)
    row = queries.site_of(uow.session, cooperative.id, site_reference, lock=True)
    chosen = forms.ticked_minerals(request.form)
    # The form does not ask for what is settled; what stands is read with the rest.
    settled = forms.site_values(row, names=compliance.SETTLED) if compliance.is_settled(uow, cooperative) else {}
    try:
        answers = read_site({**request.form, **settled}, minerals=chosen, today=uow.now.date())
    except InvalidInput as error:
        errors = forms.messages_of(error)
        return _site_form(cooperative, row, values=request.form, chosen=chosen, errors=errors), 422
    compliance.amend_site(uow, cooperative=cooperative, row=row, site=answers)
    flash(translate(N_("Saved. Pact verifies the site again.")), "good")
    return _to(cooperative)


def _visit(seen: visit_queries.Seen) -> dict[str, Any]:
    """Return what a cooperative reads of a visit: the day, and what is to be put right; not the findings."""
    wrong = checklists.not_well(seen.visit.checklist)
    items = checklists.checklist_for(is_site=seen.site is not None).items
    return {
        "visited_on": seen.visit.visited_on,
        "next_visit_on": seen.visit.next_visit_on,
        "place": seen.site.name if seen.site is not None else "",
        "to_mend": [item.text for item in items if item.code in wrong],
    }


def _own(reference: str, *, lock: bool = False) -> Cooperative:
    uow = current_uow()
    return queries.cooperative_of_member(uow.session, reference, uow.actor, lock=lock)


def _to(cooperative: Cooperative) -> Response:
    return redirect(url_for(".show", reference=cooperative.reference), code=303)


def _facts_form(cooperative: Cooperative, **context: Any) -> str:
    return render_template("cooperative/profile_facts.html", cooperative=cooperative, **context)


def _site_form(cooperative: Cooperative, row: MineSite | None, **context: Any) -> str:
    reference = cooperative.reference
    return render_template(
        "cooperative/profile_site.html",
        cooperative=cooperative,
        site=row,
        action=url_for(".amend_site", reference=reference, site_reference=row.reference)
        if row
        else url_for(".add_site", reference=reference),
        back=url_for(".show", reference=reference),
        is_settled=row is not None and compliance.is_settled(current_uow(), cooperative),
        **forms.site_choices(),
        **context,
    )
