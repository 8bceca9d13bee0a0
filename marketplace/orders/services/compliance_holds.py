"""A doubt of compliance stops an order: one person sets the hold, another lifts it.

The parties read that a check takes time, and nothing of the doubt: neither the letters nor the freeze of the order hold
the reason (tipping off is an offence in most of the countries we trade with). Payouts stop in the transaction that
would send them, here and by a trigger.
"""

from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.compliance.staff_forms import Hold
from marketplace.core.actor import StaffRole
from marketplace.core.errors import Conflict, Forbidden, NotFound
from marketplace.core.text import N_
from marketplace.orders.compliance_checks import HeldByIncident, incident_holding, lock_cooperative, open_hold
from marketplace.orders.models import Order, OrderFreeze
from marketplace.orders.overlay_models import ComplianceHold
from marketplace.orders.services.advance import lock
from marketplace.orders.services.freezes import freeze, lift
from marketplace.orders.services.telling import tell_both, tell_staff
from marketplace.orders.transitions import Party, parties_of
from marketplace.unit_of_work import UnitOfWork

KIND: Final = "compliance"
# What stands in the freeze, which other pages may show: true, and telling nothing.
NEUTRAL: Final = "A check takes some time."


class SetByYou(Forbidden):
    """Who set a hold does not lift it."""

    code = "same_person"
    message = N_("You set this hold. Somebody else must lift it.")


def set_hold(uow: UnitOfWork, *, order: Order, hold: Hold) -> ComplianceHold:
    """Stop the order's money and its clock, and payouts with it; raises AlreadyFrozen.

    The order is locked, then the cooperative, as for a payout: one that is being sent ends before, every later one
    sees the hold.
    """
    person = _moderator(uow, order)
    freeze(uow, order=order, kind=KIND, reason=NEUTRAL)
    lock_cooperative(uow.session, order.cooperative_id)
    row = ComplianceHold(
        order_id=order.id,
        cooperative_id=order.cooperative_id,
        ground=hold.ground,
        reason=hold.reason,
        stops_cooperative=hold.stops_cooperative,
        set_by=person,
        set_at=uow.now,
    )
    uow.session.add(row)
    # named by itself: the order's own entries, which more people read, say only that it is frozen
    uow.record("compliance_hold.set", row, ground=row.ground, reason=row.reason, wide=row.stops_cooperative)
    tell_both(uow, order=order, template="order_checked")
    tell_staff(uow, order=order, roles=(StaffRole.FINANCE,), template="compliance_hold_set")
    return row


def lift_hold(uow: UnitOfWork, *, order: Order, reason: str) -> Order:
    """Let the order go on, as the second person; the time under the hold does not count.

    Raises SetByYou, or HeldByIncident while a severe incident stops the order: its end lifts the hold.
    """
    person = _moderator(uow, order)
    lock(uow.session, order)
    row = open_hold(uow.session, order.id)
    if row is None:
        raise Conflict
    lock_cooperative(uow.session, order.cooperative_id)
    incident = incident_holding(uow.session, order, row)
    if incident is not None:
        raise HeldByIncident(reference=incident)
    if row.set_by == person:
        raise SetByYou
    row.lifted_by, row.lifted_at, row.lifted_reason = person, uow.now, reason
    uow.record("compliance_hold.lift", row, reason=reason)
    lift(uow, freeze=_freeze_of(uow.session, order.id), reason=NEUTRAL)
    tell_both(uow, order=order, template="order_checked_done")
    return order


def _moderator(uow: UnitOfWork, order: Order) -> UUID:
    person = uow.actor.user_id
    if person is None or Party.MODERATOR not in parties_of(order, uow.actor):
        raise Forbidden
    return person


def _freeze_of(session: Session, order_id: UUID) -> OrderFreeze:
    found = session.scalar(
        select(OrderFreeze).where(
            OrderFreeze.order_id == order_id, OrderFreeze.kind == KIND, OrderFreeze.lifted_at.is_(None)
        )
    )
    if found is None:
        raise NotFound
    return found
