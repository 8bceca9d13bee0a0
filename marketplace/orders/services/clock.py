"""The clock's work: every order that is due, each in a unit of work of its own."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from marketplace.core.actor import CLOCK
from marketplace.core.errors import DomainError
from marketplace.core.text import N_
from marketplace.orders import deadlines
from marketplace.orders.deadlines import Due
from marketplace.orders.decisions import outcome_by_rule
from marketplace.orders.models import Order
from marketplace.orders.pauses import read_periods
from marketplace.orders.services.advance import advance
from marketplace.orders.services.letters import tell_notice
from marketplace.orders.services.planning import plan
from marketplace.orders.transitions import FORCED, Action, State
from marketplace.unit_of_work import UnitOfWork, running

BATCH = 200
_logger = logging.getLogger(__name__)


def run_due(make_uow: Callable[[], UnitOfWork]) -> int:
    """Attend to the orders that are due now, oldest first, at most a batch; return how many were attended to.

    An order somebody else holds is left for the next run; one that fails is logged and does not stop the others.
    """
    attended = 0
    for order_id in _due_orders(make_uow):
        try:
            with running(make_uow) as uow:
                attended += attend(uow, order_id=order_id)
        except (DomainError, SQLAlchemyError):
            _logger.exception("the clock could not attend to order %s", order_id)
    return attended


def attend(uow: UnitOfWork, *, order_id: UUID) -> bool:
    """Send the order's next notice or take its deadline's action; return whether there was anything to do."""
    order = uow.session.scalar(
        select(Order)
        .where(Order.id == order_id, Order.next_due_at <= uow.now)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    if order is None:
        return False
    due, clock = _due(order, uow.now), uow.acting_as(CLOCK)
    if due is None:
        plan(order)
        clock.record("order.plan", order, next_due=order.next_due_at)
    elif due.action is not None:
        advance(clock, order=order, action=due.action, **_facts(order, due.action))
    else:
        _remind(clock, order, due)
    return True


def _due(order: Order, now: datetime) -> Due | None:
    state = State(order.state)
    if order.backstop_at is not None and state in FORCED and order.backstop_at <= now:
        return Due(stage=order.reminded_stage, action=Action.REACH_BACKSTOP)
    return deadlines.due(
        state,
        since=order.state_since,
        deadline_at=order.deadline_at,
        stage=order.reminded_stage,
        reminded_at=order.reminded_at,
        now=now,
        pauses=read_periods(order.stopped_times),
    )


def _facts(order: Order, action: Action) -> dict[str, str]:
    """Return what the clock says with an action: it is written with the order, as a person's words would be."""
    if action is Action.DECIDE_BY_RULE:
        assert order.disputed_from is not None
        return {"outcome": outcome_by_rule(order.disputed_from).value, "note": BY_RULE}
    return dict(SAID.get(action, {}))


BY_RULE: Final = N_("Nobody decided in time. By the rule, who has the goods keeps them, and the money follows.")
SAID: Final = {
    Action.REPORT_LATE: {"problem": "not_arrived", "note": N_("The courier did not bring the parcel within 20 days.")},
    Action.REPORT_RETURN_LATE: {
        "problem": "return_not_arrived",
        "note": N_("The returned parcel did not arrive within 20 days."),
    },
    Action.LAPSE_ADJUSTMENT: {
        "problem": "adjustment",
        "note": N_("The cooperative did not answer about the lower price within 72 hours."),
    },
    Action.REACH_BACKSTOP: {
        "problem": "time_over",
        "note": N_("The longest time for holding a payment is nearly over. The order must be decided now."),
    },
}


def _remind(uow: UnitOfWork, order: Order, due: Due) -> None:
    assert due.notice is not None
    order.reminded_stage, order.reminded_at = due.stage, uow.now
    if order.state == State.DELIVERED and order.deadline_at is not None and _is_last(due):
        order.deadline_at = deadlines.fair_deadline(order.deadline_at, uow.now)
    plan(order)
    tell_notice(uow, order=order, template=due.notice.template)
    uow.record("order.remind", order, notice=due.notice.template, next_due=order.next_due_at)


def _is_last(due: Due) -> bool:
    return due.stage == len(deadlines.SCHEDULES[State.DELIVERED].notices)


def _due_orders(make_uow: Callable[[], UnitOfWork]) -> list[UUID]:
    with running(make_uow, read_only=True) as uow:
        wanted = select(Order.id).where(Order.next_due_at <= uow.now).order_by(Order.next_due_at).limit(BATCH)
        return list(uow.session.scalars(wanted))
