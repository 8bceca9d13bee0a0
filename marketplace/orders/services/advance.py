"""Apply one row of the table to an order: check, move, money, lot, step, entry, letters, in one transaction."""

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from marketplace.audit.leaf import plain
from marketplace.core.actor import CLOCK, SYSTEM
from marketplace.core.errors import TransitionRefused
from marketplace.orders import deadlines
from marketplace.orders.hold_limits import decision_days
from marketplace.orders.models import Order, OrderStep
from marketplace.orders.pauses import net_deadline, read_periods
from marketplace.orders.services.custody_news import tell_moved
from marketplace.orders.services.following import follow, remember_the_interrupted
from marketplace.orders.services.goods import move_lot
from marketplace.orders.services.letters import tell_parties
from marketplace.orders.services.money import move_money
from marketplace.orders.services.planning import plan
from marketplace.orders.services.releasing import check_second_person
from marketplace.orders.transitions import FINAL, Action, MoneyMove, Row, State, allowed_actions, row_for
from marketplace.unit_of_work import UnitOfWork

_STAMPS: Final = {State.FUNDED: "funded_at", State.DELIVERED: "delivered_at", State.ACCEPTED: "accepted_at"}
_STOPPING: Final = {Action.STOP_PAYMENT: "cancelled", Action.LAPSE: "expired"}


def advance(uow: UnitOfWork, *, order: Order, action: Action, **facts: object) -> Order:
    """Take the order one step; raise TransitionRefused, or NotTheSamePerson where a second is needed.

    `facts` are kept with the step and shown to both parties: no secrets, no addresses. `capture` needs `fee` (Money)
    and `external_ref` (the provider's balance transaction); `event_at` is optional. Moves that come with papers of
    their own (shipping, receipt, problems) have functions in this package: call those.
    """
    lock(uow.session, order)
    row = row_for(order, action, uow.actor, now=uow.now)
    if row is None:
        legal = allowed_actions(order, uow.actor, now=uow.now)
        raise TransitionRefused(order.state, action, legal=[each.value for each in legal])
    if action is Action.APPROVE_RELEASE:
        check_second_person(uow, order=order)
    deadline_was = _net_deadline(order, now=uow.now)
    _move(order, row, now=uow.now, decide_within=decision_days(uow.settings.maximum_hold_days))
    _write_step(uow, order, row, facts)
    follow(uow, order=order, row=row, facts=facts, deadline_was=deadline_was)
    move_money(uow, order=order, row=row, facts=facts)
    move_lot(uow, order=order, move=row.lot, reason=action.value)
    tell_moved(uow, order=order, row=row)
    tell_parties(uow, order=order, action=action, facts=facts)
    go_further(uow, order)
    return order


def lock(session: Session, order: Order) -> None:
    """Lock the order's row and read it again: who waited here sees what the other did."""
    session.refresh(order, with_for_update=True)


def _net_deadline(order: Order, *, now: datetime) -> datetime | None:
    """Return the deadline without the force majeure that is still to come: after a dispute that is given anew."""
    if order.deadline_at is None:
        return None
    return net_deadline(order.deadline_at, at=now, pauses=read_periods(order.stopped_times))


def _move(order: Order, row: Row, *, now: datetime, decide_within: int) -> None:
    if row.money is MoneyMove.STOP:
        order.stopping = _STOPPING[row.action]
        order.deadline_at = order.next_due_at = None
    if row.stays:
        return
    order.state, order.state_since, order.stopped_times = row.target.value, now, []
    remember_the_interrupted(order, row)
    if row.target in _STAMPS:
        setattr(order, _STAMPS[row.target], now)
    if row.target is State.FUNDED and order.backstop_at is None:
        order.backstop_at = deadlines.backstop_of(now, days=decide_within)
    if row.target in FINAL:
        order.closed_at, order.frozen_since = now, None
    order.reminded_stage, order.reminded_at = 0, None
    order.deadline_at = deadlines.deadline_of(row.target, since=now, order=order)
    plan(order)


def _write_step(uow: UnitOfWork, order: Order, row: Row, facts: dict[str, object]) -> None:
    told = plain(facts)
    uow.session.add(
        OrderStep(
            order_id=order.id,
            action=row.action.value,
            from_state=row.source.value,
            to_state=row.target.value,
            party=row.who.value,
            at=uow.now,
            facts=told,
        )
    )
    uow.record(f"order.{row.action.value}", order, before=row.source, after=row.target, party=row.who, facts=told)


def go_further(uow: UnitOfWork, order: Order) -> None:
    """Take the steps that nobody needs to press."""
    if order.frozen_since is not None:
        return
    if order.state == State.ACCEPTED and not order.needs_second_person:
        advance(uow.acting_as(SYSTEM), order=order, action=Action.RELEASE)
    elif order.state == State.DECIDED and not order.is_appealable:
        advance(uow.acting_as(CLOCK), order=order, action=Action.CARRY_OUT)
