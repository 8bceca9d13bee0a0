"""Cooperatives as Pact staff keep them: entered on behalf, screened, suspended, lifted."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.compliance import queries
from marketplace.compliance import services as compliance
from marketplace.compliance.canonical import content_of
from marketplace.compliance.gate import unmet_of_application
from marketplace.compliance.models import COOPERATIVE_STATES, Cooperative
from marketplace.compliance.transitions import legal
from marketplace.core.actor import MemberRole, StaffRole
from marketplace.core.errors import Conflict, InvalidInput
from marketplace.core.text import N_
from marketplace.http.access import allow, staff
from marketplace.http.context import current_uow, settings
from marketplace.http.idempotency import once
from marketplace.http.languages import translate
from marketplace.moderation import queries as moderation_queries
from marketplace.moderation import services as moderation
from marketplace.onboarding import queries as onboarding
from marketplace.onboarding.services import standing
from marketplace.screening.standing import in_force, running_hit
from marketplace.unit_of_work import UnitOfWork
from marketplace.web.cooperative import application_forms as forms
from marketplace.web.staff.words import changes

bp = Blueprint("staff_cooperatives", __name__, url_prefix="/staff/cooperatives")
READERS = staff(StaffRole.MODERATOR, StaffRole.AUDITOR)
KEEPERS = staff(StaffRole.MODERATOR)
Page = Response | str | tuple[str, int]


@bp.get("")
@allow(READERS)
def listing() -> Page:
    """List cooperatives by name."""
    state = request.args.get("state", "")
    found = queries.page_of_cooperatives(
        current_uow().session, state=state if state in COOPERATIVE_STATES else None, after=_cursor()
    )
    shown = found[: queries.PAGE]
    more = len(found) > queries.PAGE
    return render_template(
        "staff/cooperatives/list.html",
        cooperatives=shown,
        states=COOPERATIVE_STATES,
        state=state,
        next_args={"state": state, "after": f"{shown[-1].id}~{shown[-1].legal_name}"} if more else None,
    )


@bp.get("/<reference>")
@allow(READERS)
def show(reference: str) -> Page:
    """Show a cooperative with its sites, officers and standing."""
    return _page(_found(reference), values={}, errors={})


@bp.post("/<reference>/screening")
@allow(KEEPERS)
@once
def screen(reference: str) -> Page:
    """Record in words a screening without a hit: only where the market works without imported lists."""
    uow = current_uow()
    cooperative = _found(reference, lock=True)
    if (hit := running_hit(uow.session, cooperative_id=cooperative.id)) is not None:
        raise Conflict(
            N_("A name of this cooperative looks like a listed one: %(reference)s. Decide it first."), reference=hit
        )
    if not _by_hand(uow):
        raise Conflict(N_("The names are compared with the imported lists: open “Names, owners and hits”."))
    try:
        compliance.screen(
            uow, cooperative=cooperative, lists=request.form.get("lists", ""), note=request.form.get("note", "")
        )
    except InvalidInput as error:
        return _page(cooperative, values=request.form, errors=forms.messages_of(error)), 422
    flash(translate(N_("The screening is recorded. It holds for 30 days.")), "good")
    return _to(cooperative)


@bp.post("/<reference>/officers")
@allow(KEEPERS)
@once
def add_officer(reference: str) -> Page:
    """Make a registered person an officer."""
    cooperative = _found(reference, lock=True)
    typed = request.form.get("role", "")
    try:
        compliance.add_officer(
            current_uow(),
            cooperative=cooperative,
            email=request.form.get("officer_email", ""),
            role=MemberRole(typed) if typed in set(MemberRole) else MemberRole.VIEWER,
        )
    except InvalidInput as error:
        return _page(cooperative, values=request.form, errors=forms.messages_of(error)), 422
    flash(translate(N_("The officer is added.")), "good")
    return _to(cooperative)


@bp.post("/<reference>/suspension")
@allow(KEEPERS)
@once
def suspend(reference: str) -> Page:
    """Suspend a cooperative: its lots are hidden, holds of buyers end, payouts wait."""

    def change(uow: UnitOfWork, *, cooperative: Cooperative, reason: str) -> int:
        return standing.suspend(uow, cooperative=cooperative, reason=reason).lots

    return _change_standing(reference, change, N_("Suspended. Hidden lots: %(count)s."))


@bp.post("/<reference>/lifting")
@allow(KEEPERS)
@once
def lift(reference: str) -> Page:
    """Lift a suspension and show the lots again."""
    return _change_standing(reference, moderation.lift_suspension, N_("Lifted. Lots shown again: %(count)s."))


def _change_standing(reference: str, change: Any, words: str) -> Page:
    cooperative = _found(reference, lock=True)
    try:
        count = change(current_uow(), cooperative=cooperative, reason=request.form.get("reason", ""))
    except InvalidInput as error:
        return _page(cooperative, values=request.form, errors=forms.messages_of(error)), 422
    flash(translate(words, count=count), "good")
    return _to(cooperative)


def _found(reference: str, *, lock: bool = False) -> Cooperative:
    return queries.cooperative_for_staff(current_uow().session, reference, lock=lock)


def _to(cooperative: Cooperative) -> Response:
    return redirect(url_for(".show", reference=cooperative.reference), code=303)


def _by_hand(uow: UnitOfWork) -> bool:
    """Say whether a person's word counts as a screening: while no list is in force, where a setting allows it."""
    return settings().screening_without_lists and not in_force(uow.session)


def _page(cooperative: Cooperative, **context: Any) -> str:
    uow = current_uow()
    sites = queries.sites_of(uow.session, cooperative.id)
    return render_template(
        "staff/cooperatives/show.html",
        cooperative=cooperative,
        sites=sites,
        officers=queries.officers_of(uow.session, cooperative.id),
        answers=changes("cooperative", {"sites": []}, content_of(cooperative, [])),
        answers_of_sites={
            site.reference: changes("cooperative", {"sites": []}, {"sites": content_of(cooperative, [site])["sites"]})
            for site in sites
        },
        unmet=unmet_of_application(
            today=uow.now.date(),
            screened_on=cooperative.screened_on,
            sites=[queries.facts_of_site(site) for site in sites],
        ),
        legal=legal(cooperative.state),
        application=onboarding.open_application_of(uow.session, cooperative.id),
        renewal_due=onboarding.renewal_due(uow.session, cooperative) if cooperative.state == "approved" else None,
        today=uow.now.date(),
        open_case=moderation_queries.open_case_of_cooperative(uow.session, cooperative.id),
        own_id=uow.actor.user_id,
        by_hand=_by_hand(uow),
        **forms.site_choices(),
        **context,
    )


def _cursor() -> tuple[str, UUID] | None:
    key, _, name = request.args.get("after", "").partition("~")
    try:
        return (name, UUID(key)) if name else None
    except ValueError:
        return None  # a cut or made-up cursor shows the first page
