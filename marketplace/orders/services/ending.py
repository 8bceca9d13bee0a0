"""Ends before the goods are accepted: unpaid, cancelled, declined."""

from marketplace.core.errors import TransitionRefused
from marketplace.orders.answers import Reason
from marketplace.orders.models import Order
from marketplace.orders.services.advance import advance, lock
from marketplace.orders.transitions import CANCELLATIONS, Action, allowed_actions
from marketplace.unit_of_work import UnitOfWork


def end_unpaid(uow: UnitOfWork, *, order: Order) -> Order:
    """End an order whose payment page the provider closed: cancelled when the buyer had asked for it, else expired."""
    lock(uow.session, order)
    action = Action.ABANDON if order.stopping == "cancelled" else Action.EXPIRE
    return advance(uow, order=order, action=action)


def cancel(uow: UnitOfWork, *, order: Order) -> Order:
    """Cancel in the way that is open to the buyer now; raise TransitionRefused when none is."""
    lock(uow.session, order)
    allowed = allowed_actions(order, uow.actor, now=uow.now)
    action = next((action for action in CANCELLATIONS if action in allowed), None)
    if action is None:
        raise TransitionRefused(order.state, Action.CANCEL, legal=[each.value for each in allowed])
    return advance(uow, order=order, action=action)


def decline(uow: UnitOfWork, *, order: Order, reason: Reason) -> Order:
    """Give the order up with a reason: the buyer gets the money back, the lot waits until somebody looked at it."""
    return advance(uow, order=order, action=Action.DECLINE, reason=reason.kind, note=reason.text)
