"""Independent checks for staff: the list, who does it until when, the note of the checker."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.accounts.queries import names_of
from marketplace.checks import queries, services
from marketplace.checks.answers import LATEST_DAYS, read_errand, read_note, read_reason
from marketplace.checks.models import LotCheck
from marketplace.checks.transitions import STATE_WORDS, Action, State, Who, legal
from marketplace.checks.words import FINDINGS, SEEN
from marketplace.core.actor import StaffRole
from marketplace.core.errors import InvalidInput
from marketplace.http.access import allow, staff
from marketplace.http.context import current_uow
from marketplace.http.idempotency import once
from marketplace.http.languages import translate as _
from marketplace.lots.models import LotListing, LotVersion
from marketplace.web.account.places import field_errors
from marketplace.web.cursors import moment_cursor

bp = Blueprint("staff_lot_checks", __name__, url_prefix="/staff/lot-checks")
READERS = staff(StaffRole.MODERATOR, StaffRole.VERIFIER, StaffRole.AUDITOR)
MODERATORS = staff(StaffRole.MODERATOR)
CHECKERS = staff(StaffRole.VERIFIER)
Page = Response | str | tuple[str, int]


@bp.get("")
@allow(READERS)
def index() -> str:
    """List checks; those that are open unless another state is asked for."""
    uow, state = current_uow(), request.args.get("state", "")
    state = state if state in set(State) else ""
    rows = queries.page_of_checks(uow.session, state=state, after=moment_cursor(request.args.get("after", "")))
    shown = rows[: queries.PAGE]
    last = shown[-1].check if len(rows) > queries.PAGE else None
    following = url_for(".index", state=state, after=f"{last.asked_at.isoformat()}_{last.id}") if last else None
    return render_template(
        "staff/lots/checks.html",
        rows=shown,
        state=state,
        states=STATE_WORDS,
        today=uow.now.date(),
        following=following,
    )


@bp.get("/<reference>")
@allow(READERS)
def show(reference: str) -> str:
    """Show one check with what this person may do."""
    return _page(reference, values={}, errors={})


@bp.post("/<reference>/checker")
@allow(MODERATORS)
@once
def assign(reference: str) -> Page:
    """Give it to an independent verifier."""
    uow, check = current_uow(), _check(reference)
    checkers = {str(user.id): user.id for user in queries.checkers_for(uow.session, check)}
    try:
        errand = read_errand(request.form, today=uow.now.date(), checkers=checkers)
    except InvalidInput as error:
        return _page(reference, values=request.form, errors=field_errors(error)), 422
    services.assign(uow, check=check, errand=errand)
    flash(_("The checker was told."), "good")
    return _back(reference)


@bp.post("/<reference>/return")
@allow(CHECKERS)
@once
def hand_back(reference: str) -> Page:
    """Give it back."""
    services.hand_back(current_uow(), check=_check(reference))
    flash(_("You gave it back. A moderator gives it to somebody else."), "info")
    return _back(reference)


@bp.post("/<reference>/note")
@allow(CHECKERS)
@once
def finish(reference: str) -> Page:
    """Write the note."""
    try:
        note = read_note(request.form)
    except InvalidInput as error:
        return _page(reference, values=request.form, errors=field_errors(error)), 422
    services.finish(current_uow(), check=_check(reference), note=note)
    flash(_("The note stands on the lot’s page now."), "good")
    return _back(reference)


@bp.post("/<reference>/refusal")
@allow(MODERATORS)
@once
def decline(reference: str) -> Page:
    """Say that there will be no check, and why."""
    try:
        reason = read_reason(request.form)
    except InvalidInput as error:
        return _page(reference, values=request.form, errors=field_errors(error)), 422
    services.decline(current_uow(), check=_check(reference), reason=reason)
    flash(_("The buyer was told why."), "info")
    return _back(reference)


def _page(reference: str, *, values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    session = current_uow().session
    found = queries.check_by_reference(session, reference)
    check, listing = found.check, session.get(LotListing, found.lot.id)
    return render_template(
        "staff/lots/check.html",
        check=check,
        lot=found.lot,
        title=found.title,
        version=session.get_one(LotVersion, check.version_id),
        is_listed=listing is not None,
        is_newest=listing is not None and listing.version_id == check.version_id,
        names=names_of(session, [str(check.asked_by), str(check.assigned_to)]),
        state=STATE_WORDS[State(check.state)],
        actions=legal(check.state, *_who(check)),
        Action=Action,
        values=values,
        errors=errors,
        **_choices(check),
    )


def _who(check: LotCheck) -> list[Who]:
    """Return in which parts this person may act."""
    actor = current_uow().actor
    found = [Who.MODERATOR] if actor.has_role(StaffRole.MODERATOR) else []
    is_checker = actor.has_role(StaffRole.VERIFIER) and actor.user_id == check.assigned_to
    return [*found, Who.CHECKER] if is_checker else found


def _choices(check: LotCheck) -> dict[str, Any]:
    checkers = queries.checkers_for(current_uow().session, check)
    return {
        "checkers": [(str(user.id), user.name) for user in checkers],
        "findings": [(code, _(words)) for code, words in FINDINGS.items()],
        "things_seen": [(code, _(words)) for code, words in SEEN.items()],
        "finding_words": FINDINGS,
        "seen_words": SEEN,
        "latest_days": LATEST_DAYS,
    }


def _check(reference: str) -> LotCheck:
    return queries.check_by_reference(current_uow().session, reference).check


def _back(reference: str) -> Response:
    return redirect(url_for(".show", reference=reference), code=303)
