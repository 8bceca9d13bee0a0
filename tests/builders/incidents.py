"""Incidents and reports, made through the services."""

from datetime import timedelta

from marketplace.compliance.models import Cooperative, MineSite
from marketplace.core.actor import StaffRole
from marketplace.incidents.answers import Report, Step, Told
from marketplace.incidents.models import Incident
from marketplace.incidents.services import incidents, reports
from marketplace.incidents.services.reports import Received
from marketplace.incidents.transitions import Action
from marketplace.orders.services.incident_effects import stop_or_go
from marketplace.unit_of_work import UnitOfWork
from tests.people import actor, person

WORDS = "Children carried ore out of the pit on Monday."
PLACE = "The pit behind the school"


def moderator(uow: UnitOfWork, name: str) -> UnitOfWork:
    """Return a unit of work in the name of a new moderator."""
    return uow.acting_as(actor(uow.session, person(uow, name, StaffRole.MODERATOR)))


def opened(uow: UnitOfWork, site: MineSite, *, severity: str = "severe", code: str = "A3") -> Incident:
    """Let the person of the unit of work open an incident at a site."""
    cooperative = uow.session.get_one(Cooperative, site.cooperative_id)
    told = Told(code, severity, "field_visit", cooperative.reference, site.reference, None, WORDS)
    return incidents.open_incident(uow, told=told, stop_or_go=stop_or_go)


def moved(uow: UnitOfWork, incident: Incident, action: Action, words: str = "Seen with our own eyes.") -> None:
    """Move an incident, with a reason."""
    incidents.move(uow, incident=incident, action=action, words=words, stop_or_go=stop_or_go)


def remedied(uow: UnitOfWork, incident: Incident, first: UnitOfWork, second: UnitOfWork) -> None:
    """Take an open incident through its plan until the first person wants it closed; `second` may agree."""
    moved(second, incident, Action.SUBSTANTIATE)
    step = incidents.add_step(
        first, incident=incident, step=Step("Fence the pit", "The cooperative", uow.now.date() + timedelta(days=9))
    )
    uow.session.flush()
    moved(first, incident, Action.PLAN)
    incidents.finish_step(first, incident=incident, step_id=step.id, evidence="Photo of the fence")
    moved(first, incident, Action.CLOSE)


def report(uow: UnitOfWork, *, words: str = WORDS, contact: str = "", place: str = PLACE) -> Received:
    """Let a stranger report something."""
    return reports.receive(uow, report=Report(place, words, contact), language="en")
