"""Freezes: while one is open nothing is paid and no deadline runs. Pact's own need two people, a bank's its answer."""

from sqlalchemy import select

from marketplace.core.errors import Conflict, Forbidden
from marketplace.core.text import N_
from marketplace.orders import deadlines
from marketplace.orders.models import Order, OrderFreeze
from marketplace.orders.pauses import Period, merged, read_periods, written
from marketplace.orders.services.advance import go_further, lock
from marketplace.orders.services.planning import plan
from marketplace.orders.transitions import FINAL
from marketplace.unit_of_work import UnitOfWork


class AlreadyFrozen(Conflict):
    """The order is frozen for this reason already, or has ended."""

    code = "already_frozen"
    message = N_("This order is stopped for the same reason already, or has ended. Look at it again.")


class LiftedByTheBank(Conflict):
    """A chargeback's freeze ends with the bank's answer: until then the money is not there."""

    code = "lifted_by_the_bank"
    message = N_("The buyer's bank stopped this payment. The order goes on when the bank has answered.")


class NotLiftedAlone(Forbidden):
    """Who set a hold does not lift it."""

    code = "not_lifted_alone"
    message = N_("You set this hold. Somebody else must lift it.")


def freeze(uow: UnitOfWork, *, order: Order, kind: str, reason: str) -> OrderFreeze:
    """Stop the order's money and clock; `kind` is "chargeback" or "compliance". Raises AlreadyFrozen."""
    lock(uow.session, order)
    if order.state in FINAL or any(freeze.kind == kind for freeze in _open(uow, order)):
        raise AlreadyFrozen
    found = OrderFreeze(order_id=order.id, kind=kind, reason=reason, frozen_by=uow.actor.user_id, frozen_at=uow.now)
    uow.session.add(found)
    order.frozen_since = order.frozen_since or uow.now
    order.next_due_at = None
    uow.record("order_freeze.set", found, order, kind=kind)
    return found


def lift(uow: UnitOfWork, *, freeze: OrderFreeze, reason: str) -> Order:
    """Let somebody of Pact end a freeze; raises LiftedByTheBank, and NotLiftedAlone for the person who set it."""
    if freeze.kind == "chargeback":
        raise LiftedByTheBank
    return end(uow, freeze=freeze, reason=reason)


def end(uow: UnitOfWork, *, freeze: OrderFreeze, reason: str, goes_on: bool = True) -> Order:
    """End a freeze; with the last one the order goes on and every deadline moves by the time it was frozen.

    Without `goes_on` the order is about to end and takes no further step by itself.
    """
    order = uow.session.get_one(Order, freeze.order_id)
    lock(uow.session, order)
    uow.session.refresh(freeze, with_for_update=True)
    if freeze.lifted_at is not None:
        raise Conflict
    if freeze.frozen_by is not None and freeze.frozen_by == uow.actor.user_id:
        raise NotLiftedAlone
    freeze.lifted_by, freeze.lifted_at, freeze.lift_reason = uow.actor.user_id, uow.now, reason
    uow.record("order_freeze.lift", freeze, order, kind=freeze.kind)
    uow.session.flush()
    if goes_on and not _open(uow, order):
        _thaw(uow, order)
    return order


def _thaw(uow: UnitOfWork, order: Order) -> None:
    since = max(order.frozen_since or uow.now, order.state_since)
    order.frozen_since = None
    if order.deadline_at is not None:
        order.deadline_at = deadlines.resumed_deadline(order.deadline_at, held_since=since, now=uow.now)
    stopped = [*read_periods(order.stopped_times), Period(since, uow.now)]
    order.stopped_times = written(merged(stopped))
    plan(order)
    uow.record("order.thaw", order, deadline=order.deadline_at)
    go_further(uow, order)


def _open(uow: UnitOfWork, order: Order) -> list[OrderFreeze]:
    found = select(OrderFreeze).where(OrderFreeze.order_id == order.id, OrderFreeze.lifted_at.is_(None))
    return list(uow.session.scalars(found))
