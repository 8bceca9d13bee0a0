"""Suspend a cooperative with everything it has on sale, in one transaction; lift it by another person."""

from sqlalchemy import select

from marketplace.compliance import services as compliance
from marketplace.compliance.letters import tell_officers
from marketplace.compliance.models import Cooperative
from marketplace.lots.models import LotListing
from marketplace.lots.services.site_pauses import bring_in_line
from marketplace.moderation.errors import CheckRuns
from marketplace.screening.standing import running_hit
from marketplace.unit_of_work import UnitOfWork

AVAILABLE, WITHHELD = "available", "withheld"


def suspend_cooperative(uow: UnitOfWork, *, cooperative: Cooperative, reason: str) -> int:
    """Suspend a cooperative and hide its lots from buyers; orders already paid go on. Return how many were hidden."""
    compliance.suspend(uow, cooperative=cooperative, reason=reason)
    hidden = _move_listings(uow, cooperative, before=AVAILABLE, after=WITHHELD)
    uow.record("cooperative.hide_lots", cooperative, lots=hidden)
    tell_officers(uow, cooperative.id, template="cooperative_suspended", params={"reason": reason})
    return len(hidden)


def lift_suspension(uow: UnitOfWork, *, cooperative: Cooperative, reason: str) -> int:
    """Lift a suspension and show the hidden lots again; refused while a hit runs. Return how many came back."""
    if running_hit(uow.session, cooperative_id=cooperative.id) is not None:
        raise CheckRuns
    compliance.lift(uow, cooperative=cooperative, reason=reason)
    shown = _move_listings(uow, cooperative, before=WITHHELD, after=AVAILABLE)
    uow.record("cooperative.show_lots", cooperative, lots=shown)
    bring_in_line(uow, cooperative=cooperative)  # a severe incident keeps those of its site hidden
    tell_officers(uow, cooperative.id, template="cooperative_restored")
    return len(shown)


def _move_listings(uow: UnitOfWork, cooperative: Cooperative, *, before: str, after: str) -> list[str]:
    """Change the availability of the cooperative's listings; a buyer's purchase waits for this lock."""
    rows = uow.session.scalars(
        select(LotListing)
        .where(LotListing.cooperative_id == cooperative.id, LotListing.availability == before)
        .order_by(LotListing.lot_id)
        .with_for_update()
    ).all()
    for row in rows:
        row.availability = after
    return sorted(row.reference for row in rows)
