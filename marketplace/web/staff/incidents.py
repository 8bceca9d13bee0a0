"""Incidents as Pact staff keep them: the list, one incident with its story, and every move of the table."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.accounts.queries import names_of
from marketplace.core.actor import StaffRole
from marketplace.core.errors import InvalidInput, NotFound
from marketplace.core.text import N_
from marketplace.http.access import allow, staff
from marketplace.http.context import current_uow, separately, settings
from marketplace.http.idempotency import once
from marketplace.http.languages import translate as _
from marketplace.incidents import queries
from marketplace.incidents.answers import read_incident, read_step, read_words
from marketplace.incidents.models import Incident
from marketplace.incidents.sealing import opened
from marketplace.incidents.services import incidents as services
from marketplace.incidents.transitions import ENDED, STATE_WORDS, TABLE, Action, State
from marketplace.incidents.words import RESPONSES, SEVERE, SEVERITIES, SOURCES, risks
from marketplace.orders.services.incident_effects import stop_or_go
from marketplace.web.account.places import field_errors
from marketplace.web.cursors import moment_cursor
from marketplace.web.incident_words import BUTTONS, MOVE_WORDS, severity_choices

bp = Blueprint("staff_incidents", __name__, url_prefix="/staff/incidents")
READERS = staff(StaffRole.MODERATOR, StaffRole.AUDITOR)
MODERATORS = staff(StaffRole.MODERATOR)
FRESH_MODERATORS = staff(StaffRole.MODERATOR, fresh=True)
Page = Response | str | tuple[str, int]
_RUNNING: Final = "running"


@bp.get("")
@allow(READERS)
def index() -> str:
    """List incidents by state, severity and risk."""
    uow = current_uow()
    given = queries.Filters(*(request.args.get(name, "") for name in queries.Filters._fields))
    filters = queries.Filters(
        given.state if given.state in {*map(str, State), _RUNNING} else "",
        given.severity if given.severity in {each.code for each in SEVERITIES} else "",
        given.code if given.code in risks() else "",
    )
    rows = queries.page_of_incidents(uow.session, filters, after=moment_cursor(request.args.get("after", "")))
    shown = rows[: queries.PAGE]
    last = shown[-1].incident if len(rows) > queries.PAGE else None
    following = (
        url_for(".index", **filters._asdict(), after=f"{last.opened_at.isoformat()}_{last.id}") if last else None
    )
    return render_template(
        "staff/incidents/list.html",
        rows=shown,
        filters=filters._asdict(),
        following=following,
        late=queries.overdue(uow.session, today=uow.now.date()),
        may_open=uow.actor.has_role(StaffRole.MODERATOR),
        **_words(),
    )


@bp.get("/new")
@allow(MODERATORS)
def new() -> str:
    """Show an empty form; a cooperative and site may stand in the address."""
    return _form(values={name: request.args.get(name, "")[:40] for name in ("cooperative", "site")}, errors={})


@bp.post("")
@allow(MODERATORS)
@once
def create() -> Page:
    """Open an incident."""
    uow = current_uow()
    try:
        told = read_incident(request.form, today=uow.now.date())
        row = services.open_incident(uow, told=told, stop_or_go=stop_or_go)
    except InvalidInput as error:
        return _form(values=request.form, errors=field_errors(error)), 422
    flash(_(N_("The incident is open. A severe one stops sales and payouts at once.")), "good")
    return _to(row)


@bp.get("/<reference>")
@allow(READERS)
def show(reference: str) -> str:
    """Show an incident with its plan and its story."""
    return incident_page(reference, values={}, errors={})


@bp.post("/<reference>/moves/<action>")
@allow(FRESH_MODERATORS)
@once
def move(reference: str, action: str) -> Page:
    """Move the incident, with a reason."""
    if action not in set(Action):
        raise NotFound
    incident = _locked(reference)
    try:
        words = read_words({"words": request.form.get(f"words-{action}", "")}, "words")
    except InvalidInput as error:
        problem = {f"words-{action}": field_errors(error)["words"]}
        return incident_page(reference, values=request.form, errors=problem), 422
    services.move(current_uow(), incident=incident, action=Action(action), words=words, stop_or_go=stop_or_go)
    flash(_(N_("The incident is a step further.")), "good")
    return _to(incident)


@bp.post("/<reference>/severity")
@allow(FRESH_MODERATORS)
@once
def regrade(reference: str) -> Page:
    """Change how severe it is, with a reason."""
    incident = _locked(reference)
    severity = request.form.get("severity", "")
    try:
        if severity not in {each.code for each in SEVERITIES} or severity == incident.severity:
            raise InvalidInput({"severity": N_("Choose another one than before.")})
        words = read_words(request.form, "why")
    except InvalidInput as error:
        return incident_page(reference, values=request.form, errors=field_errors(error)), 422
    services.regrade(current_uow(), incident=incident, severity=severity, words=words, stop_or_go=stop_or_go)
    return _to(incident)


@bp.post("/<reference>/steps")
@allow(MODERATORS)
@once
def plan(reference: str) -> Page:
    """Add a step to the plan."""
    uow, incident = current_uow(), _locked(reference)
    try:
        services.add_step(uow, incident=incident, step=read_step(request.form, today=uow.now.date()))
    except InvalidInput as error:
        return incident_page(reference, values=request.form, errors=field_errors(error)), 422
    return _to(incident)


@bp.post("/<reference>/steps/<uuid:step_id>")
@allow(MODERATORS)
@once
def finish(reference: str, step_id: UUID) -> Page:
    """Note that a step is done."""
    incident = _locked(reference)
    try:
        words = read_words({"words": request.form.get("evidence", "")}, "words", shortest=5)
    except InvalidInput as error:
        problem = {f"evidence-{step_id}": field_errors(error)["words"]}
        return incident_page(reference, values=request.form, errors=problem), 422
    services.finish_step(current_uow(), incident=incident, step_id=step_id, evidence=words)
    return _to(incident)


@bp.after_request
def note_reading(answer: Response) -> Response:
    """Note who read an incident, which may name people; only now, since the request itself is read-only."""
    incident_id = g.pop("read_incident", None)
    if incident_id is not None:
        with separately(current_uow().actor) as noting:
            noting.record("incident.read", noting.session.get_one(Incident, incident_id))
    return answer


def incident_page(reference: str, *, values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    """Return the page of an incident."""
    uow = current_uow()
    place = queries.place_of(uow.session, reference)
    incident, key = place.incident, settings().field_key
    g.read_incident = incident.id
    notes, steps = queries.notes_of(uow.session, incident.id), queries.steps_of(uow.session, incident.id)
    people = {incident.opened_by, *(note.by for note in notes), *(step.done_by for step in steps)} - {None}
    may = uow.actor.has_role(StaffRole.MODERATOR)
    return render_template(
        "staff/incidents/incident.html",
        place=place,
        incident=incident,
        told=opened(incident.told_sealed, key=key),
        notes=[(note, opened(note.words_sealed, key=key)) for note in notes],
        steps=steps,
        names=names_of(uow.session, [str(each) for each in people]),
        today=uow.now.date(),
        moves=_moves(incident) if may else [],
        may_plan=may and incident.state in {State.SUBSTANTIATED, State.REMEDIATING},
        may_finish=may and incident.state == State.REMEDIATING,
        may_regrade=may and incident.state in {State.OPEN, State.SUBSTANTIATED, State.REMEDIATING},
        stops=incident.severity == SEVERE and incident.state not in ENDED,
        values=values,
        errors=errors,
        **_words(),
    )


def _moves(incident: Incident) -> list[dict[str, Any]]:
    """Return the moves of the table that are open now, and whether this person may make each."""
    rows = [row for row in TABLE if row.before == incident.state and row.severe in {None, incident.severity == SEVERE}]
    me = current_uow().actor.user_id
    return [
        {"action": row.action.value, "label": _(BUTTONS[row.action]), "may": services.may_do(incident, row.who, me)}
        for row in rows
    ]


def _form(*, values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    return render_template(
        "staff/incidents/new.html", values=values, errors=errors, severity_choices=severity_choices(), **_words()
    )


def _words() -> dict[str, Any]:
    return {
        "risks": risks(),
        "responses": RESPONSES,
        "severities": {each.code: each for each in SEVERITIES},
        "sources": SOURCES,
        "states": {state.value: words for state, words in STATE_WORDS.items()},
        "move_words": MOVE_WORDS,
    }


def _locked(reference: str) -> Incident:
    return queries.incident_by_reference(current_uow().session, reference, lock=True)


def _to(incident: Incident) -> Response:
    return redirect(url_for("staff_incidents.show", reference=incident.reference), code=303)
