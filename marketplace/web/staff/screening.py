"""Hits of sanctions screening: the queue, one hit side by side, and its decisions."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.accounts.queries import names_of
from marketplace.core.actor import StaffRole
from marketplace.core.errors import InvalidInput, NotFound
from marketplace.core.text import N_
from marketplace.http.access import allow, staff
from marketplace.http.context import current_uow, settings
from marketplace.http.idempotency import once
from marketplace.http.languages import translate as _
from marketplace.screening import queries
from marketplace.screening.entries import LIST_NAMES
from marketplace.screening.matching import STRONG
from marketplace.screening.models import ScreeningHit
from marketplace.screening.services import decisions
from marketplace.screening.standing import list_ages
from marketplace.screening.subjects import KIND_WORDS
from marketplace.screening.transitions import STATE_WORDS, Action, State, legal
from marketplace.unit_of_work import UnitOfWork
from marketplace.web.account.places import field_errors
from marketplace.web.cursors import moment_cursor
from marketplace.web.staff.screening_stops import stop

bp = Blueprint("staff_screening", __name__, url_prefix="/staff/screening")
READERS = staff(StaffRole.MODERATOR, StaffRole.AUDITOR)
FRESH_MODERATORS = staff(StaffRole.MODERATOR, fresh=True)
Page = Response | str | tuple[str, int]
WAITING: Final = "waiting"
BUTTONS: Final = {
    Action.DISMISS: N_("It is somebody else"),
    Action.PROPOSE: N_("It is the listed party"),
    Action.CONFIRM: N_("Confirm the match"),
    Action.AGREE: N_("I agree: it is somebody else"),
    Action.DOUBT: N_("I am not sure: look again"),
    Action.REOPEN: N_("Open it again"),
}
HINTS: Final = {
    Action.DISMISS: N_("Name what differs: birth, country, papers. The pair is not shown again unless a side changes."),
    Action.PROPOSE: N_("Another person must confirm. Payouts wait meanwhile."),
    Action.CONFIRM: N_("A cooperative is suspended, a buyer’s orders are held. They do not read why."),
    Action.AGREE: N_("The pair is not shown again unless a side changes. What waited goes on."),
    Action.DOUBT: N_("It goes back to the queue."),
    Action.REOPEN: N_("Name the new evidence. Another person decides. What is stopped stays stopped."),
}
DISMISSED_FIRST: Final = N_("Name what differs: birth, country, papers. Another person must agree.")
AGREEMENT: Final = {
    "agrees": (N_("Agrees"), "bad"),
    "differs": (N_("Differs"), "good"),
    "unknown": (N_("Not known"), "info"),
}
NAME_WORDS: Final = {
    "primary": N_("Main name"),
    "alias": N_("Alias"),
    "weak": N_("Weak alias"),
    "native": N_("Own script"),
}
LISTED_WORDS: Final = {"person": N_("Person"), "entity": N_("Organisation"), "vessel": N_("Vessel")}


@bp.get("")
@allow(READERS)
def index() -> str:
    """List the hits that wait for a person, or those of a state."""
    uow, given = current_uow(), request.args.get("state", WAITING)
    state = given if given in {*map(str, State), WAITING} else ""
    rows = queries.page_of_hits(uow.session, state=state, after=moment_cursor(request.args.get("after", "")))
    shown = rows[: queries.PAGE]
    last = shown[-1] if len(rows) > queries.PAGE else None
    return render_template(
        "staff/screening/queue.html",
        rows=[(row, queries.about_of(uow.session, row)) for row in shown],
        state=state,
        following=url_for(".index", state=state, after=f"{last.opened_at.isoformat()}_{last.id}") if last else None,
        ages=list_ages(uow.session, settings=settings(), today=uow.now.date()),
        **_words(),
    )


@bp.get("/hits/<reference>")
@allow(READERS)
def show(reference: str) -> str:
    """Show a hit with both sides and what may be done."""
    return _page(reference, values={}, errors={})


@bp.post("/hits/<reference>/<action>")
@allow(FRESH_MODERATORS)
@once
def decide(reference: str, action: str) -> Page:
    """Take a decision, with a reason."""
    if action not in set(Action):
        raise NotFound
    uow = current_uow()
    hit = queries.hit_by_reference(uow.session, reference, lock=True)
    field = f"reason-{action}"
    try:
        _DO[Action(action)](uow, hit, request.form.get(field, ""))
    except InvalidInput as error:
        return _page(reference, values=request.form, errors={field: field_errors(error)["reason"]}), 422
    flash(_(N_("Your decision is kept.")), "good")
    return redirect(url_for(".show", reference=hit.reference), code=303)


_DO: Final[Mapping[Action, Callable[[UnitOfWork, ScreeningHit, str], None]]] = {
    Action.DISMISS: lambda uow, hit, reason: decisions.dismiss(uow, hit=hit, reason=reason),
    Action.PROPOSE: lambda uow, hit, reason: decisions.propose(uow, hit=hit, reason=reason),
    Action.AGREE: lambda uow, hit, reason: decisions.agree(uow, hit=hit, reason=reason),
    Action.CONFIRM: lambda uow, hit, reason: decisions.confirm(uow, hit=hit, reason=reason, stop=stop),
    Action.DOUBT: lambda uow, hit, reason: decisions.doubt(uow, hit=hit, reason=reason),
    Action.REOPEN: lambda uow, hit, reason: decisions.reopen(uow, hit=hit, reason=reason),
}


def _page(reference: str, *, values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    uow = current_uow()
    hit = queries.hit_by_reference(uow.session, reference)
    people = [str(each) for each in (hit.proposed_by, hit.dismissed_by, hit.decided_by) if each]
    may = uow.actor.has_role(StaffRole.MODERATOR)
    return render_template(
        "staff/screening/hit.html",
        hit=hit,
        about=queries.about_of(uow.session, hit),
        names=names_of(uow.session, people),
        moves=[
            {
                "action": action.value,
                "label": _(BUTTONS[action]),
                "hint": _(_hint(hit, action)),
                "may": decisions.may_do(hit, action, uow.actor.user_id),
            }
            for action in (legal(hit.state) if may else ())
        ],
        agreement=AGREEMENT,
        name_words=NAME_WORDS,
        listed_words=LISTED_WORDS,
        values=values,
        errors=errors,
        **_words(),
    )


def _hint(hit: ScreeningHit, action: Action) -> str:
    return DISMISSED_FIRST if action is Action.DISMISS and decisions.needs_two(hit) else HINTS[action]


def _words() -> dict[str, Any]:
    return {
        "lists": {kind.value: words for kind, words in LIST_NAMES.items()},
        "kinds": {kind.value: words for kind, words in KIND_WORDS.items()},
        "states": {state.value: words for state, words in STATE_WORDS.items()},
        "strong": STRONG,
    }
