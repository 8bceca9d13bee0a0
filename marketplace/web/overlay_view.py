"""What lies over an order, for its three pages: force majeure, a check, and for staff the last day of the hold."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from marketplace.core.money import Money
from marketplace.orders.compliance_checks import open_hold
from marketplace.orders.models import Order
from marketplace.orders.services.hold_alarms import hold_of
from marketplace.payments.chargeback_queries import STATES, chargeback_of_order
from marketplace.unit_of_work import UnitOfWork
from marketplace.web.closure_view import closures_of_order


class ShownChargeback(NamedTuple):
    """What the parties and staff read of a bank that takes a payment back, and until when we answer it."""

    id: UUID
    amount: Money
    is_held: bool
    answer_by: datetime | None
    answered_at: datetime | None


def overlays_of(uow: UnitOfWork, order: Order) -> dict[str, Any]:
    """Return the overlays: `is_checked` tells that a check runs and nothing of its reason; `hold` is for staff.

    `chargeback` is one that the bank did not decide, with its amount, whether its money is held, and its id for staff.
    """
    return {
        "closures": closures_of_order(uow, order),
        "chargeback": _chargeback_of(uow, order),
        "is_checked": open_hold(uow.session, order.id) is not None,
        "hold": hold_of(order, maximum_days=uow.settings.maximum_hold_days, now=uow.now),
    }


def _chargeback_of(uow: UnitOfWork, order: Order) -> ShownChargeback | None:
    found = chargeback_of_order(uow.session, order.id)
    if found is None or found.state not in STATES["open"]:
        return None
    return ShownChargeback(
        id=found.id,
        amount=Money(found.amount_minor, found.currency),
        is_held=bool(found.frozen_minor),
        answer_by=found.evidence_due,
        answered_at=found.evidence_sent_at,
    )
