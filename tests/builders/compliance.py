"""Higher limits and closed regions, made through the services by two people."""

from datetime import datetime, timedelta
from uuid import UUID

from marketplace.compliance.models import ForceMajeure, LimitClearance
from marketplace.compliance.services import clearances, regions
from marketplace.compliance.staff_forms import Clearance, Closure
from marketplace.core.actor import StaffRole
from marketplace.core.money import Money
from marketplace.unit_of_work import UnitOfWork
from tests.builders.lots import STONE, Steps
from tests.people import actor, person


def compliance(uow: UnitOfWork, name: str) -> UnitOfWork:
    """Return a unit of work in the name of a new moderator."""
    return uow.acting_as(actor(uow.session, person(uow, name, StaffRole.MODERATOR)))


def stone_for(wanted: str) -> Steps:
    """Return the stone of the builders at another price: what the cooperative wants to receive, in US dollars."""
    return {**STONE, "price": {**STONE["price"], "wanted": wanted}}


def cleared(uow: UnitOfWork, buyer_id: UUID, *, up_to: str, days: int = 30, name: str = "c") -> LimitClearance:
    """Let two moderators clear a higher limit in US dollars."""
    clearance = Clearance(
        up_to=Money(int(up_to) * 100, "USD"),
        expires_at=uow.now + timedelta(days=days),
        reason="The papers of the company were read.",
    )
    row = clearances.propose(compliance(uow, f"first {name}"), buyer_id=buyer_id, clearance=clearance)
    return clearances.confirm(compliance(uow, f"second {name}"), clearance_id=row.id)


def closed(
    uow: UnitOfWork, *, starts_at: datetime, ends_at: datetime, country: str = "TZ", region: str = "", name: str = "r"
) -> ForceMajeure:
    """Let two moderators close a region."""
    closure = Closure(country, region, starts_at, ends_at, "The river took the only road.")
    row = regions.declare(compliance(uow, f"first {name}"), closure=closure)
    return regions.confirm(compliance(uow, f"second {name}"), closure_id=row.id)
