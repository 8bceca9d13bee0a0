"""The names of limits, closures and compliance holds in addresses."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from marketplace.accounts.models import Buyer, User
from marketplace.compliance.services import buyer_marks, clearances, regions
from marketplace.compliance.staff_forms import Clearance, Closure
from marketplace.core.money import Money
from marketplace.orders.models import Order
from marketplace.payments.models import Payment
from marketplace.payments.provider_models import Chargeback
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
        "/staff/finance/chargebacks": {
            "chargeback_id": (
                _a_chargeback(uow, row.id, proposer=mary.actor.user_id),
                _a_chargeback(uow, row.id, proposer=None),
            )
        },
        "/staff/closures": {"closure_id": (str(closure.id),)},
        "/staff/limits": {
            "buyer_id": (str(row.id), *map(str, uow.session.scalars(select(Buyer.id).where(Buyer.id != row.id)))),
            "clearance_id": (str(clearance.id),),
            "mark_id": (str(number.id),),
        },
    }


def _a_chargeback(uow: UnitOfWork, buyer_id: UUID, *, proposer: UUID | None) -> str:
    """Let a bank ask about a payment, and one person propose to give it up; nothing is frozen by a question."""
    payment = uow.session.scalars(
        select(Payment).join(Order, Order.id == Payment.order_id).where(Order.buyer_id == buyer_id).limit(1)
    ).one()
    name = "dp_fought" if proposer is None else "dp_given_up"
    row = Chargeback(
        payment_id=payment.id, order_id=payment.order_id, provider_ref=name, state="inquiry", reason="general",
        amount_minor=payment.amount_minor, currency=payment.currency, opened_at=uow.now,
        loss_proposed_by=proposer, loss_reason="The parcel was lost." if proposer is not None else None,
    )  # fmt: skip
    uow.session.add(row)
    uow.record("chargeback.test", row)
    uow.session.flush()
    return str(row.id)
