"""Open incidents, move them by the table, plan and do the steps that put them right.

What a severe one stops lies in domains above this one: `stop_or_go` is given by the caller, and called in the same
transaction whenever it may have changed whether trade stops.
"""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from sqlalchemy import select

from marketplace.compliance.models import Cooperative, MineSite
from marketplace.compliance.queries import cooperative_for_staff, site_of
from marketplace.compliance.services.oversight import SamePerson
from marketplace.core.actor import StaffRole
from marketplace.core.errors import Conflict, Forbidden, InvalidInput, NotFound
from marketplace.core.ids import new_reference
from marketplace.core.text import N_
from marketplace.incidents.answers import MOST_STEPS, Step, Told
from marketplace.incidents.models import Incident, IncidentNote, IncidentReport, IncidentStep
from marketplace.incidents.queries import steps_of
from marketplace.incidents.sealing import sealed
from marketplace.incidents.services.letters import tell_incident
from marketplace.incidents.transitions import ENDED, Action, Row, State, Who, row_for
from marketplace.incidents.words import SEVERE
from marketplace.unit_of_work import UnitOfWork

StopOrGo = Callable[[UnitOfWork, Incident], None]
_PROPOSES: Final = frozenset({State.DOUBTED, State.CLOSING})
_PLANNABLE: Final = frozenset({State.SUBSTANTIATED, State.REMEDIATING})


class PlanEmpty(Conflict):
    """Remediation begins with a plan."""

    code = "plan_empty"
    message = N_("Add at least one step to the plan first.")


class StepsOpen(Conflict):
    """An incident is closed only when every step is done."""

    code = "steps_open"
    message = N_("A step of the plan is still open. Note how it was done, then close the incident.")


def open_incident(uow: UnitOfWork, *, told: Told, stop_or_go: StopOrGo) -> Incident:
    """Open an incident; a severe one stops trade in this transaction. Raises InvalidInput for an unknown place."""
    person = _moderator(uow)
    cooperative, site = _place(uow, told)
    _refuse_officer(uow, cooperative.id)
    row = Incident(
        reference=new_reference("IN"),
        code=told.code,
        severity=told.severity,
        source=told.source,
        cooperative_id=cooperative.id,
        site_id=site.id if site else None,
        state=State.OPEN.value,
        told_sealed=sealed(told.words, key=uow.settings.field_key),
        happened_on=told.happened_on,
        opened_by=person,
        opened_at=uow.now,
        stopped_by=person if told.severity == SEVERE else None,
    )
    uow.session.add(row)
    uow.session.flush()
    uow.record("incident.open", row, cooperative, code=told.code, severity=told.severity, source=told.source)
    stop_or_go(uow, row)
    tell_incident(uow, row)
    return row


def move(uow: UnitOfWork, *, incident: Incident, action: Action, words: str, stop_or_go: StopOrGo) -> None:
    """Move an incident by the table, with the reason; raises TransitionRefused, SamePerson, PlanEmpty, StepsOpen."""
    person = _moderator(uow)
    _refuse_officer(uow, incident.cooperative_id)
    uow.session.refresh(incident, with_for_update=True)
    row = row_for(incident.state, action, is_severe=incident.severity == SEVERE)
    _check_who(incident, row.who, person)
    _check_steps(uow, incident, action)
    incident.state = row.after.value
    _note_people(uow, incident, row, person)
    _tell(uow, incident, action.value, words)
    if row.after in ENDED:
        _close_reports(uow, incident)
    uow.record("incident.move", incident, move=action.value, state=row.after.value)
    stop_or_go(uow, incident)
    if row.action is Action.REOPEN:
        tell_incident(uow, incident)


def regrade(uow: UnitOfWork, *, incident: Incident, severity: str, words: str, stop_or_go: StopOrGo) -> None:
    """Raise or lower how grave an incident is; from severe down only another person than who made it severe."""
    person = _moderator(uow)
    _refuse_officer(uow, incident.cooperative_id)
    uow.session.refresh(incident, with_for_update=True)
    if incident.state in ENDED or incident.state in _PROPOSES or severity == incident.severity:
        raise Conflict
    if incident.severity == SEVERE and incident.stopped_by == person:
        raise SamePerson
    incident.severity = severity
    incident.stopped_by = person if severity == SEVERE else None
    _tell(uow, incident, "regrade", words)
    uow.record("incident.regrade", incident, severity=severity)
    stop_or_go(uow, incident)
    if severity == SEVERE:
        tell_incident(uow, incident)


def add_step(uow: UnitOfWork, *, incident: Incident, step: Step) -> IncidentStep:
    """Add a step to the plan of a substantiated incident."""
    person = _moderator(uow)
    uow.session.refresh(incident, with_for_update=True)
    if incident.state not in _PLANNABLE:
        raise Conflict(N_("Substantiate the incident first: then plan its steps."))
    if step.due_on < uow.now.date():
        raise InvalidInput({"due_on": N_("This day is over. Choose today or a later day.")})
    if len(steps_of(uow.session, incident.id)) >= MOST_STEPS:
        raise Conflict(N_("A plan has at most 30 steps."))
    row = IncidentStep(
        incident_id=incident.id,
        what=step.what,
        who=step.who,
        due_on=step.due_on,
        planned_by=person,
        planned_at=uow.now,
    )
    uow.session.add(row)
    uow.record("incident_step.plan", row, incident, due=step.due_on)
    return row


def finish_step(uow: UnitOfWork, *, incident: Incident, step_id: UUID, evidence: str) -> IncidentStep:
    """Note that a step is done, and how that is known."""
    person = _moderator(uow)
    uow.session.refresh(incident, with_for_update=True)
    row = uow.session.get(IncidentStep, step_id, with_for_update=True)
    if row is None or row.incident_id != incident.id:
        raise NotFound
    if row.done_at is not None or incident.state != State.REMEDIATING:
        raise Conflict
    row.done_by, row.done_at, row.evidence = person, uow.now, evidence
    uow.record("incident_step.finish", row, incident)
    return row


def may_do(incident: Incident, who: Who, person: UUID | None) -> bool:
    """Say whether a person is the one a row of the table asks for."""
    if who is Who.NOT_OPENER:
        return person != incident.opened_by
    if who is Who.SECOND:
        return person not in {incident.proposed_by, incident.stopped_by}
    return True


def _check_who(incident: Incident, who: Who, person: UUID) -> None:
    if not may_do(incident, who, person):
        raise SamePerson


def _check_steps(uow: UnitOfWork, incident: Incident, action: Action) -> None:
    if action not in {Action.PLAN, Action.CLOSE, Action.AGREE}:
        return
    steps = steps_of(uow.session, incident.id)
    if not steps:
        raise PlanEmpty
    if action is not Action.PLAN and any(step.done_at is None for step in steps):
        raise StepsOpen


def _note_people(uow: UnitOfWork, incident: Incident, row: Row, person: UUID) -> None:
    if row.action is Action.SUBSTANTIATE:
        incident.substantiated_by, incident.substantiated_at = person, uow.now
    if row.after in _PROPOSES:
        incident.proposed_by = person
    elif row.after in ENDED:
        incident.ended_at = uow.now
        incident.agreed_by = person if incident.proposed_by else None
    else:
        incident.proposed_by = incident.agreed_by = incident.ended_at = None
    if row.action is Action.REOPEN and incident.severity == SEVERE:
        incident.stopped_by = person


def _tell(uow: UnitOfWork, incident: Incident, action: str, words: str) -> None:
    note = IncidentNote(
        incident_id=incident.id,
        action=action,
        at=uow.now,
        by=_moderator(uow),
        words_sealed=sealed(words, key=uow.settings.field_key),
    )
    uow.session.add(note)


def _close_reports(uow: UnitOfWork, incident: Incident) -> None:
    joined = select(IncidentReport).where(IncidentReport.incident_id == incident.id, IncidentReport.state == "joined")
    for report in uow.session.scalars(joined.with_for_update()):
        report.state, report.closed_at = "closed", uow.now
        uow.record("incident_report.close", report)


def _place(uow: UnitOfWork, told: Told) -> tuple[Cooperative, MineSite | None]:
    try:
        cooperative = cooperative_for_staff(uow.session, told.cooperative)
    except NotFound:
        raise InvalidInput({"cooperative": N_("There is no cooperative with this reference.")}) from None
    if not told.site:
        return cooperative, None
    try:
        return cooperative, site_of(uow.session, cooperative.id, told.site)
    except NotFound:
        raise InvalidInput({"site": N_("This cooperative has no site with this reference.")}) from None


def _moderator(uow: UnitOfWork) -> UUID:
    if uow.actor.user_id is None or not uow.actor.has_role(StaffRole.MODERATOR):
        raise Forbidden
    return uow.actor.user_id


def _refuse_officer(uow: UnitOfWork, cooperative_id: UUID) -> None:
    if cooperative_id in uow.actor.memberships:
        raise Forbidden(N_("You are an officer of this cooperative: somebody else must do it."))
