"""What lies over an order, for its three pages: force majeure, a check, and for staff the last day of the hold."""

from typing import Any

from marketplace.orders.compliance_checks import open_hold
from marketplace.orders.models import Order
from marketplace.orders.services.hold_alarms import hold_of
from marketplace.unit_of_work import UnitOfWork
from marketplace.web.closure_view import closures_of_order


def overlays_of(uow: UnitOfWork, order: Order) -> dict[str, Any]:
    """Return the overlays: `is_checked` tells that a check runs and nothing of its reason; `hold` is for staff."""
    return {
        "closures": closures_of_order(uow, order),
        "is_checked": open_hold(uow.session, order.id) is not None,
        "hold": hold_of(order, maximum_days=uow.settings.maximum_hold_days, now=uow.now),
    }
