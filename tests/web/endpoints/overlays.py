"""The names of limits, closures and compliance holds in addresses."""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import select

from marketplace.accounts.models import Buyer, User
from marketplace.compliance.services import buyer_marks, clearances, regions
from marketplace.compliance.staff_forms import Clearance, Closure
from marketplace.core.money import Money
from marketplace.unit_of_work import UnitOfWork
from tests.builders.compliance import compliance


def names_of_overlays(uow: UnitOfWork, bob: User, *, mark: str) -> dict[str, Mapping[str, tuple[str, ...]]]:
    """Propose a higher limit and a closure, note a registration; return what stands in their addresses."""
    row = uow.session.scalars(select(Buyer).where(Buyer.user_id == bob.id)).one()
    mary = compliance(uow, "Mary of compliance")
    until = uow.now + timedelta(days=30)
    terms = Clearance(Money(9_000_000, "USD"), until, f"The register was read, {mark}.")
    clearance = clearances.propose(mary, buyer_id=row.id, clearance=terms)
    number = buyer_marks.note_registration(mary, buyer_id=row.id, number="HRB 44771")
    closure = regions.declare(mary, closure=Closure("SL", "Kenema", uow.now, until, f"A flood, says {mark}."))
    uow.session.flush()
    return {
        "/staff/closures": {"closure_id": (str(closure.id),)},
        "/staff/limits": {
            "buyer_id": (str(row.id),),
            "clearance_id": (str(clearance.id),),
            "mark_id": (str(number.id),),
        },
    }
