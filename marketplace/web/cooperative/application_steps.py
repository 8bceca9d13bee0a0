"""The steps of an application, a page each; every one can be finished later without losing a letter."""

from collections.abc import Mapping
from typing import Any, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.accounts.queries import names_of
from marketplace.compliance import vocabulary as words
from marketplace.compliance.application import payout_currencies
from marketplace.compliance.models import Cooperative
from marketplace.compliance.queries import officers_of, sites_of
from marketplace.core.errors import Forbidden, InvalidInput, NotFound
from marketplace.core.text import N_
from marketplace.http.access import SIGNED_IN, allow
from marketplace.http.context import current_uow
from marketplace.http.idempotency import once
from marketplace.http.languages import translate as _
from marketplace.onboarding import queries
from marketplace.onboarding.completeness import missing
from marketplace.onboarding.errors import DraftChanged
from marketplace.onboarding.models import CooperativeApplication
from marketplace.onboarding.services import applications
from marketplace.onboarding.steps import BASES, FORMS, PAGES, PERMITS, POLICIES, Step, after
from marketplace.onboarding.transitions import Action, row_for
from marketplace.payments.destinations import live_destination
from marketplace.web.account.places import field_errors
from marketplace.web.cooperative.application import found
from marketplace.web.cooperative.application_owners import shares_of
from marketplace.web.filters import country
from marketplace.web.step_paper_view import step_papers

bp = Blueprint("application_steps", __name__, url_prefix="/sell/applications/<reference>/steps")
Page = Response | str | tuple[str, int]
_ROLES: Final = {
    "secretary": N_("Secretary: lists lots, answers, ships"),
    "signatory": N_("Signatory: also signs for money"),
    "viewer": N_("Viewer: sees everything, changes nothing"),
}


@bp.get("/<step>")
@allow(SIGNED_IN)
def show(reference: str, step: str) -> Page:
    """Show a step as it was left."""
    row, which = _open(reference, step)
    return _page(row, which, values=row.answers.get(which.value, {}), errors={})


@bp.post("/<step>")
@allow(SIGNED_IN)
@once
def save(reference: str, step: str) -> Page:
    """Keep a step. It must be right, unless it is finished later."""
    row, which = _open(reference, step)
    if which not in FORMS:
        raise NotFound
    later = bool(request.form.get("later"))
    version = request.form.get("version", "")
    try:
        applications.save_step(
            current_uow(),
            application=row,
            step=which,
            typed=request.form,
            version=int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0,
            later=later,
        )
    except InvalidInput as error:
        return _page(row, which, values=request.form, errors=field_errors(error)), 422
    except DraftChanged as error:
        return _page(row, which, values=request.form, errors={"": _(error.message)}), 409
    if later:
        flash(_(N_("Saved as you typed it. Go on whenever you like.")), "good")
    following = None if later else after(which)
    return redirect(_address(row, following), code=303)


def _open(reference: str, step: str) -> tuple[CooperativeApplication, Step]:
    """Return an application that may be filled in now, and the step of this name."""
    if step not in set(Step):
        raise NotFound
    row = found(reference)
    if not queries.may_write(row, current_uow().actor):
        raise Forbidden
    row_for(row.state, Action.SAVE)
    if row.cooperative_id is None and step != Step.ORGANISATION:
        raise NotFound  # the first step makes the record to which all others belong
    return row, Step(step)


def _address(row: CooperativeApplication, step: Step | None) -> str:
    if step is None:
        return url_for("applications.show", reference=row.reference)
    return url_for(".show", reference=row.reference, step=step.value)


def _page(row: CooperativeApplication, step: Step, *, values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    uow = current_uow()
    lacking = [each for each in missing(queries.facts_of(uow.session, row, now=uow.now)) if each.step is step]
    cooperative = uow.session.get(Cooperative, row.cooperative_id) if row.cooperative_id else None
    return render_template(
        f"cooperative/applications/{step.value}.html",
        application=row,
        cooperative=cooperative,
        step=step,
        page=PAGES[step],
        number=list(Step).index(step) + 1,
        total=len(Step),
        saved_by=names_of(uow.session, [str(row.saved_by)]).get(str(row.saved_by), ""),
        following=_address(row, after(step)),
        lacking=[_(each.text, **each.params) for each in lacking],
        is_member=row.cooperative_id in uow.actor.memberships,
        papers=step_papers(step, cooperative) if cooperative is not None else [],
        values=values,
        errors=errors,
        **_facts(row, step, cooperative),
    )


def _facts(row: CooperativeApplication, step: Step, cooperative: Cooperative | None) -> dict[str, Any]:
    """Return what a step's page shows beside its own fields: choices, people, sites or the account."""
    match step:
        case Step.ORGANISATION:
            countries = [(code, country(code)) for code in words.CURRENCY_OF_COUNTRY]
            return {"countries": countries, "legal_forms": _choices(words.LEGAL_FORMS)}
        case Step.MEMBERS:
            return {"bases": _choices(BASES)}
        case Step.RIGHTS:
            return {"permits": PERMITS}
        case _:
            return _facts_of_record(row, step, cooperative) if cooperative is not None else {}


def _facts_of_record(row: CooperativeApplication, step: Step, cooperative: Cooperative) -> dict[str, Any]:
    session = current_uow().session
    if step is Step.PEOPLE:
        return {
            "officers": officers_of(session, cooperative.id),
            "roles": _ROLES,
            "owners": shares_of(cooperative),
        }
    if step is Step.PAYOUT:
        told = row.answers.get(Step.ORGANISATION.value, {}).get("country", cooperative.country)
        return {
            "currencies": [(code, code) for code in payout_currencies(told)],
            "destination": live_destination(session, cooperative.id),
        }
    sites = sites_of(session, cooperative.id)
    return {"sites": sites, "policies": POLICIES, "digs_gold": any("gold" in site.minerals for site in sites)}


def _choices(entries: tuple[words.Entry, ...]) -> list[tuple[str, str]]:
    return [(entry.code, _(entry.words)) for entry in entries]
