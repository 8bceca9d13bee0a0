"""A cooperative's application: begun, followed step by step, handed in, taken back."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from marketplace.compliance.models import Cooperative
from marketplace.compliance.queries import cooperative_for_staff, cooperative_of_member
from marketplace.core.actor import StaffRole
from marketplace.core.text import N_
from marketplace.http.access import SIGNED_IN, allow
from marketplace.http.context import current_uow
from marketplace.http.idempotency import once
from marketplace.http.languages import translate as _
from marketplace.onboarding import queries
from marketplace.onboarding.completeness import Before, Missing, missing
from marketplace.onboarding.errors import NotComplete
from marketplace.onboarding.models import CooperativeApplication
from marketplace.onboarding.services import applications
from marketplace.onboarding.steps import PAGES, Step
from marketplace.onboarding.transitions import STATE_WORDS, Action, State, legal

bp = Blueprint("applications", __name__, url_prefix="/sell/applications")
Page = Response | str | tuple[str, int]


@bp.get("")
@allow(SIGNED_IN)
def index() -> str:
    """List the person's applications, and say what one needs."""
    uow = current_uow()
    return render_template(
        "cooperative/applications/list.html",
        rows=queries.applications_of(uow.session, uow.actor),
        states=STATE_WORDS,
        pages=PAGES,
    )


@bp.post("")
@allow(SIGNED_IN)
@once
def begin() -> Response:
    """Begin an application of a new cooperative; staff begin one on its behalf."""
    row = applications.begin(current_uow())
    return redirect(url_for("application_steps.show", reference=row.reference, step=Step.ORGANISATION.value), code=303)


@bp.post("/of/<cooperative_reference>")
@allow(SIGNED_IN)
@once
def begin_for(cooperative_reference: str) -> Response:
    """Begin the application of a cooperative that is here already: the renewal, when it is approved."""
    row = applications.begin_for(current_uow(), cooperative=_cooperative(cooperative_reference))
    return _to(row)


@bp.get("/<reference>")
@allow(SIGNED_IN)
def show(reference: str) -> str:
    """Show how far the application is, and what is still missing."""
    return overview(found(reference))


@bp.post("/<reference>/handing-in")
@allow(SIGNED_IN)
@once
def hand_in(reference: str) -> Page:
    """Give the application to Pact."""
    row = found(reference)
    try:
        applications.hand_in(current_uow(), application=row)
    except NotComplete as error:
        return overview(row, errors={"": _(error.message)}), 422
    flash(_(N_("Handed in. Two people at Pact check it, and you get a letter.")), "good")
    return _to(row)


@bp.post("/<reference>/taking-back")
@allow(SIGNED_IN)
@once
def take_back(reference: str) -> Response:
    """Take the application back to change it."""
    row = found(reference)
    applications.take_back(current_uow(), application=row)
    flash(_(N_("Taken back. Change it, then hand it in again.")), "info")
    return _to(row)


def found(reference: str) -> CooperativeApplication:
    """Return the application; to strangers it is not there."""
    uow = current_uow()
    return queries.application_of(uow.session, reference, uow.actor)


def overview(row: CooperativeApplication, **context: Any) -> str:
    """Return the page of an application with its steps and what each lacks."""
    uow = current_uow()
    lacking = missing(queries.facts_of(uow.session, row, now=uow.now))
    may_write = queries.may_write(row, uow.actor)
    open_moves = legal(row.state) if may_write else ()
    cooperative = uow.session.get(Cooperative, row.cooperative_id) if row.cooperative_id else None
    return render_template(
        "cooperative/applications/overview.html",
        application=row,
        cooperative=cooperative,
        state=State(row.state),
        states=STATE_WORDS,
        steps=[_step(row, step, lacking, may_open=Action.SAVE in open_moves) for step in Step],
        now_missing=[each for each in lacking if each.before is Before.HAND_IN],
        later_missing=[each for each in lacking if each.before is Before.APPROVAL],
        may_hand_in=Action.HAND_IN in open_moves,
        may_take_back=Action.TAKE_BACK in open_moves,
        in_words=_in_words,
        **{"errors": {}, **context},
    )


def _step(row: CooperativeApplication, step: Step, lacking: list[Missing], *, may_open: bool) -> dict[str, str | None]:
    """Return a line of the list of steps: where it leads, and how it stands."""
    waits = row.cooperative_id is None and step is not Step.ORGANISATION
    here = [each for each in lacking if each.step is step and each.before is Before.HAND_IN]
    is_begun = bool(row.answers.get(step.value))
    state, tone = (N_("Done"), "good")
    if waits:
        state, tone = N_("After the first step"), "info"
    elif here:
        state, tone = (N_("Something is missing"), "warn") if is_begun else (N_("To do"), "info")
    href = url_for("application_steps.show", reference=row.reference, step=step.value)
    return {"label": _(PAGES[step].label), "href": href if may_open and not waits else None,
            "state": _(state), "tone": tone}  # fmt: skip


def _in_words(each: Missing) -> str:
    return _(each.text, **each.params)


def _cooperative(reference: str) -> Cooperative:
    uow = current_uow()
    if uow.actor.has_role(StaffRole.MODERATOR):
        return cooperative_for_staff(uow.session, reference)
    return cooperative_of_member(uow.session, reference, uow.actor)


def _to(row: CooperativeApplication) -> Response:
    return redirect(url_for("applications.show", reference=row.reference), code=303)
