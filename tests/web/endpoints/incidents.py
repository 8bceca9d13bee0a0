"""The names of incidents and reports in addresses."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import select

from marketplace.compliance.models import Cooperative, MineSite
from marketplace.incidents.answers import Step
from marketplace.incidents.services import incidents
from marketplace.incidents.transitions import Action
from marketplace.unit_of_work import UnitOfWork
from tests.builders.incidents import moderator, moved, opened, report
from tests.web.endpoints.screening import names_of_screening

MARK: Final = "Kanarienvogel"  # that of the world, which no stranger reads


def names_of_incidents(uow: UnitOfWork, cooperative: Cooperative) -> dict[str, Mapping[str, tuple[str, ...]]]:
    """Open an incident with a step, take in a report; return what stands in their addresses."""
    site = uow.session.scalars(select(MineSite).where(MineSite.cooperative_id == cooperative.id).limit(1)).one()
    mary = moderator(uow, "Mary of incidents")
    row = opened(mary, site, severity="low", code="F1")
    moved(mary, row, Action.SUBSTANTIATE, f"{MARK} was seen there.")
    step = incidents.add_step(mary, incident=row, step=Step(f"Ask {MARK}", "The chair", uow.now.date()))
    received = report(uow, words=f"{MARK} was hurt in the pit on Monday.")
    uow.session.flush()
    return {
        **names_of_screening(uow, cooperative),
        "/staff/incidents": {
            "reference": (row.reference,),
            "action": tuple(action.value for action in Action),
            "step_id": (str(step.id),),
        },
        "/staff/incident-reports": {"reference": (received.report.reference,)},
        "/cooperative/incidents": {"reference": (row.reference,)},
    }
