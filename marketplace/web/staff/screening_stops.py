"""What a confirmed match stops: the cooperative with its lots, or the buyer with her orders."""

from typing import Final

from marketplace.compliance.models import Cooperative
from marketplace.compliance.queries import cooperative_by_id
from marketplace.compliance.services import unscreen
from marketplace.compliance.transitions import Action, legal
from marketplace.onboarding.services.standing import suspend
from marketplace.orders.services.screening_effects import stop_buyer
from marketplace.screening.models import ScreeningHit
from marketplace.unit_of_work import UnitOfWork

# The officers read this: true, and telling nothing of the match.
NEUTRAL: Final = "A check of the cooperative is not finished. Pact will write to you."


def stop(uow: UnitOfWork, hit: ScreeningHit) -> None:
    """Suspend the cooperative, or hold the buyer's orders and take no new one. Payouts wait for the hit itself."""
    if hit.cooperative_id is None:
        stop_buyer(uow, hit)
        return
    uow.session.flush()
    cooperative: Cooperative = cooperative_by_id(uow.session, hit.cooperative_id)
    if Action.SUSPEND in legal(cooperative.state):
        suspend(uow, cooperative=cooperative, reason=NEUTRAL)
    if cooperative.screened_on is not None:
        unscreen(uow, cooperative=cooperative)
