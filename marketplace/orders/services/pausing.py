"""Move deadlines by the time of force majeure: once, exactly, and back again only by what was not used yet."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import Select, cast, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from marketplace.accounts.models import Buyer
from marketplace.compliance.models import Cooperative
from marketplace.core.actor import CLOCK
from marketplace.core.errors import DomainError
from marketplace.orders.closures import closures_at, may_be_touched, places_of_order, time_of
from marketplace.orders.deadlines import AFTER_BACKSTOP
from marketplace.orders.models import Order, OrderFreeze
from marketplace.orders.overlay_models import DeadlinePause
from marketplace.orders.pauses import Period, capped, merged, shifted, without, written
from marketplace.orders.services.planning import plan
from marketplace.orders.services.telling import tell_both
from marketplace.orders.transitions import State
from marketplace.unit_of_work import UnitOfWork, running

BATCH: Final = 200
# The provider closes a payment page at its own time, wherever the buyer is.
NOT_OURS: Final = (State.PENDING_PAYMENT,)
_logger = logging.getLogger(__name__)


def shift_deadlines(make_uow: Callable[[], UnitOfWork]) -> int:
    """Bring the deadline of every running order to where force majeure puts it; return how many moved.

    One pass reads, each order that must move has a unit of work of its own.
    """
    moved = 0
    for order_id in _to_move(make_uow):
        try:
            with running(make_uow) as uow:
                moved += shift(uow, order_id=order_id)
        except (DomainError, SQLAlchemyError):
            _logger.exception("the deadline of order %s could not be moved", order_id)
    return moved


def shift(uow: UnitOfWork, *, order_id: UUID) -> bool:
    """Move one order's deadline and tell both parties; return whether it moved. A second call moves nothing.

    Notices that count from the beginning of the state come later even where the deadline cannot.
    """
    order = uow.session.scalar(
        _running().where(Order.id == order_id).with_for_update(of=Order).execution_options(populate_existing=True)
    )
    if order is None or order.deadline_at is None:
        return False
    clock = uow.acting_as(CLOCK)
    row = uow.session.get(DeadlinePause, order.id)
    base, stopped = _base(order, row), _stopped(uow.session, order)
    moved = _moved(order, base, stopped)
    if written(stopped.all) != order.stopped_times:
        order.stopped_times = written(stopped.all)
        plan(order)
        clock.record("order.plan", order, next_due=order.next_due_at)
    if moved == order.deadline_at:
        return False
    if row is None:
        row = DeadlinePause(order_id=order.id)
        uow.session.add(row)
    row.state_since, row.given, row.changed_at = order.state_since, moved - base, uow.now
    before, order.deadline_at = order.deadline_at, moved
    plan(order)
    clock.record("deadline_pause.shift", row, order, before=before, after=moved)
    tell_both(clock, order=order, template="order_deadline_moved")
    return True


def _to_move(make_uow: Callable[[], UnitOfWork]) -> list[UUID]:
    found: list[UUID] = []
    with running(make_uow, read_only=True) as uow:
        last: UUID | None = None
        while True:
            wanted = _running().order_by(Order.id).limit(BATCH)
            orders = uow.session.scalars(wanted.where(Order.id > last) if last is not None else wanted).all()
            found += [order.id for order in orders if _is_elsewhere(uow, order)]
            if len(orders) < BATCH:
                return found
            last = orders[-1].id


def _running() -> Select[Order]:
    """Return the orders whose deadline runs and whom a declaration, or an earlier shift, may concern."""
    shifted_before = select(DeadlinePause.order_id).where(
        DeadlinePause.order_id == Order.id,
        DeadlinePause.state_since == Order.state_since,
        DeadlinePause.given > timedelta(),
    )
    return (
        select(Order)
        .join(Cooperative, Cooperative.id == Order.cooperative_id)
        .join(Buyer, Buyer.id == Order.buyer_id)
        .where(
            Order.deadline_at.is_not(None),
            Order.frozen_since.is_(None),
            Order.state.not_in([state.value for state in NOT_OURS]),
            may_be_touched() | shifted_before.exists() | (Order.stopped_times != cast("[]", JSONB)),
        )
    )


def _is_elsewhere(uow: UnitOfWork, order: Order) -> bool:
    base = _base(order, uow.session.get(DeadlinePause, order.id))
    stopped = _stopped(uow.session, order)
    return _moved(order, base, stopped) != order.deadline_at or written(stopped.all) != order.stopped_times


def _base(order: Order, row: DeadlinePause | None) -> datetime:
    """Return the deadline without the time that force majeure gave to this stretch."""
    assert order.deadline_at is not None
    is_same_stretch = row is not None and row.state_since == order.state_since
    return order.deadline_at - row.given if row is not None and is_same_stretch else order.deadline_at


class _Stopped(NamedTuple):
    """When the order's present stretch stands still: by force majeure alone, and by freezes as well."""

    closed: list[Period]
    all: list[Period]


def _stopped(session: Session, order: Order) -> _Stopped:
    places = places_of_order(session, order)
    closed = [time_of(row) for row in closures_at(session, places, after=order.state_since)]
    frozen = _frozen_times(session, order)
    return _Stopped(without(closed, frozen), merged([*closed, *frozen]))


def _moved(order: Order, base: datetime, stopped: _Stopped) -> datetime:
    latest = order.backstop_at
    if latest is not None and order.state == State.DECIDED:
        latest += AFTER_BACKSTOP
    return capped(shifted(base, since=order.state_since, pauses=stopped.closed), original=base, latest=latest)


def _frozen_times(session: Session, order: Order) -> list[Period]:
    """Return when the deadline stood still anyway: what was left was given back afterwards, and is not given twice."""
    found = session.scalars(select(OrderFreeze).where(OrderFreeze.order_id == order.id))
    times = [Period(max(row.frozen_at, order.state_since), row.lifted_at) for row in found if row.lifted_at is not None]
    return [period for period in times if period.start < period.end]
