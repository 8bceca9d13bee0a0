"""Letters to staff about incidents: a report came, one was opened or became severe, a step of a plan is overdue.

No letter holds words, names or places: who reported something stays protected even when a mailbox is read.
"""

from datetime import timedelta
from typing import Final

from sqlalchemy import or_, select

from marketplace.accounts.services.letters import tell_duty
from marketplace.compliance.models import MineSite
from marketplace.core.actor import StaffRole
from marketplace.incidents.models import Incident, IncidentReport, IncidentStep
from marketplace.incidents.queries import RUNNING
from marketplace.incidents.words import SEVERE
from marketplace.unit_of_work import UnitOfWork

AGAIN_AFTER: Final = timedelta(days=7)
MOST: Final = 200


def tell_report(uow: UnitOfWork, report: IncidentReport) -> None:
    """Write to moderators that a report came; officers of the cooperative it is about do not learn it here."""
    site = uow.session.get(MineSite, report.site_id) if report.site_id else None
    tell_duty(
        uow,
        roles=(StaffRole.MODERATOR,),
        template="incident_report_received",
        params={
            "reference": report.reference,
            "answer_by": report.answer_by,
            "path": f"/staff/incident-reports/{report.reference}",
        },
        cooperative_id=site.cooperative_id if site else None,
    )


def tell_incident(uow: UnitOfWork, incident: Incident) -> None:
    """Write that an incident was opened or is severe now: a severe one holds payouts, so finance reads it too."""
    is_severe = incident.severity == SEVERE
    roles = (StaffRole.MODERATOR, StaffRole.FINANCE) if is_severe else (StaffRole.MODERATOR,)
    _tell(uow, incident, roles=roles, template="incident_severe" if is_severe else "incident_opened")


def remind(uow: UnitOfWork) -> int:
    """Write about each step whose day is over, and again each week until it is done; return of how many."""
    wanted = (
        select(IncidentStep, Incident)
        .join(Incident, Incident.id == IncidentStep.incident_id)
        .where(IncidentStep.done_at.is_(None), IncidentStep.due_on < uow.now.date(), RUNNING)
        .where(or_(IncidentStep.reminded_at.is_(None), IncidentStep.reminded_at <= uow.now - AGAIN_AFTER))
        .order_by(IncidentStep.due_on, IncidentStep.id)
        .limit(MOST)
        .with_for_update(of=IncidentStep, skip_locked=True)
    )
    rows = uow.session.execute(wanted).all()
    for step, incident in rows:
        step.reminded_at = uow.now
        uow.record("incident_step.remind", step, incident, due=step.due_on)
        _tell(uow, incident, roles=(StaffRole.MODERATOR,), template="incident_step_overdue", due_on=step.due_on)
    return len(rows)


def _tell(uow: UnitOfWork, incident: Incident, *, roles: tuple[StaffRole, ...], template: str, **more: object) -> None:
    params = {"reference": incident.reference, "path": f"/staff/incidents/{incident.reference}", **more}
    tell_duty(uow, roles=roles, template=template, params=params, cooperative_id=incident.cooperative_id)
