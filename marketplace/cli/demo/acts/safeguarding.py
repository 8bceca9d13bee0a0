"""Two incidents, one put right and one being put right, and a report from outside that waits for its answer."""

from datetime import date
from typing import Final

from sqlalchemy import select

from marketplace.cli.demo.stage import Stage
from marketplace.compliance.models import Cooperative, MineSite
from marketplace.incidents.answers import Report, Step, Told
from marketplace.incidents.models import Incident
from marketplace.incidents.queries import steps_of
from marketplace.incidents.services import incidents, reports
from marketplace.incidents.transitions import Action
from marketplace.orders.services.incident_effects import stop_or_go
from marketplace.unit_of_work import UnitOfWork

FIRST_SITE: Final = "Ipanko"
SECOND_SITE: Final = "Kigwasi"
_FIRST: Final = "F1"
_SECOND: Final = "D1"


def open_first(stage: Stage, *, moderator: str) -> None:
    """Open an incident about a royalty, substantiate it and plan how it is put right."""
    words = "The royalty of June was not paid. The chair says that the office was closed."
    with stage.acting(moderator) as uow:
        row = _open(uow, FIRST_SITE, code=_FIRST, severity="low", words=words)
        _move(uow, row, Action.SUBSTANTIATE, "The register of the office has no payment for June.")
        _plan(uow, row, Step("Pay the royalty of June", "The treasurer", date(2026, 8, 20)))
        _move(uow, row, Action.PLAN, "The cooperative agreed to pay within a month.")


def finish_first(stage: Stage, *, moderator: str) -> None:
    """Note that the royalty was paid, and ask for the end."""
    with stage.acting(moderator) as uow:
        row = _incident(uow, _FIRST)
        for step in steps_of(uow.session, row.id):
            incidents.finish_step(uow, incident=row, step_id=step.id, evidence="Receipt of the office, seen as a copy")
        _move(uow, row, Action.CLOSE, "The receipt covers the whole month of June.")


def agree_first(stage: Stage, *, moderator: str) -> None:
    """Agree that it is put right, as the second person."""
    with stage.acting(moderator) as uow:
        _move(uow, _incident(uow, _FIRST), Action.AGREE, "The office confirmed the receipt by telephone.")


def open_second(stage: Stage, *, moderator: str) -> None:
    """Open an incident about stones from elsewhere; its plan is under way."""
    words = "Stones of another place were brought to the market day and entered as our own."
    with stage.acting(moderator) as uow:
        row = _open(uow, SECOND_SITE, code=_SECOND, severity="medium", words=words)
        _move(uow, row, Action.SUBSTANTIATE, "Two sellers told us so on our visit.")
        _plan(uow, row, Step("Write down the pit of every stone", "The secretary", date(2026, 9, 25)))
        _plan(uow, row, Step("Train the weighers", "Pact", date(2026, 10, 30)))
        _move(uow, row, Action.PLAN, "The cooperative agreed to both steps.")


def report_from_outside(stage: Stage) -> None:
    """Let a stranger report something."""
    told = Report("Nyarugusu, pit 4", "The walls of the pit are cracked after the rain. Men still go down.", "")
    with stage.working() as uow:
        reports.receive(uow, report=told, language="sw")


def _open(uow: UnitOfWork, site: str, *, code: str, severity: str, words: str) -> Incident:
    found = uow.session.scalars(select(MineSite).where(MineSite.name == site)).one()
    cooperative = uow.session.get_one(Cooperative, found.cooperative_id)
    told = Told(code, severity, "field_visit", cooperative.reference, found.reference, None, words)
    return incidents.open_incident(uow, told=told, stop_or_go=stop_or_go)


def _plan(uow: UnitOfWork, row: Incident, step: Step) -> None:
    incidents.add_step(uow, incident=row, step=step)
    uow.session.flush()


def _move(uow: UnitOfWork, row: Incident, action: Action, words: str) -> None:
    incidents.move(uow, incident=row, action=action, words=words, stop_or_go=stop_or_go)


def _incident(uow: UnitOfWork, code: str) -> Incident:
    return uow.session.scalars(select(Incident).where(Incident.code == code)).one()
