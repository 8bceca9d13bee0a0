"""When the clock looks at an order next."""

from marketplace.orders import deadlines
from marketplace.orders.models import Order
from marketplace.orders.pauses import read_periods
from marketplace.orders.transitions import FORCED, State


def plan(order: Order) -> None:
    """Set when the clock looks at the order next: a notice, the deadline, or the last day for held money."""
    state = State(order.state)
    is_waiting = order.frozen_since is None and (state is not State.ACCEPTED or order.needs_second_person)
    found = deadlines.next_due(
        state,
        since=order.state_since,
        deadline_at=order.deadline_at,
        stage=order.reminded_stage,
        reminded_at=order.reminded_at,
        pauses=read_periods(order.stopped_times),
    )
    if order.backstop_at is not None and state in FORCED:
        found = min(found, order.backstop_at) if found is not None else order.backstop_at
    order.next_due_at = found if is_waiting else None
