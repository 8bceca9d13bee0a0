"""When the clock acts on an order: notices first, then the deadline's action. Pure; times are given.

Source: the order table of the design. A notice that is overdue together with a later one is left out: one letter, not
two at once. Silence counts as acceptance only a full day after the last notice really went out.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from marketplace.orders.transitions import Action, State


class From(StrEnum):
    """What a notice counts from."""

    START = "start"
    DEADLINE = "deadline"


@dataclass(frozen=True, slots=True)
class Notice:
    """A letter at a distance from the state's start, or before its deadline."""

    template: str
    distance: timedelta
    anchor: From = From.START

    def due_at(self, *, since: datetime, deadline_at: datetime | None) -> datetime | None:
        """Return when the notice goes out."""
        if self.anchor is From.START:
            return since + self.distance
        return deadline_at - self.distance if deadline_at is not None else None


@dataclass(frozen=True, slots=True)
class Schedule:
    """What the clock does in a state: `length` None means notices only, or the order's inspection days."""

    action: Action | None = None
    length: timedelta | None = None
    notices: tuple[Notice, ...] = ()


HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
LAST_NOTICE: Final = DAY
LEAST_AFTER_PROBLEM: Final = 3 * DAY

SCHEDULES: Final[dict[State, Schedule]] = {
    State.PENDING_PAYMENT: Schedule(Action.LAPSE, timedelta(minutes=30)),
    State.FUNDED: Schedule(
        Action.REFUND_UNCONFIRMED,
        7 * DAY,
        (
            Notice("order_confirm_reminder", 24 * HOUR),
            Notice("order_confirm_reminder", 48 * HOUR),
            Notice("order_may_cancel", 72 * HOUR),
        ),
    ),
    State.CONFIRMED: Schedule(
        Action.REFUND_UNSHIPPED,
        10 * DAY,
        (Notice("order_ship_reminder", 5 * DAY), Notice("order_ship_overdue", 7 * DAY)),
    ),
    State.SHIPPED: Schedule(Action.REPORT_LATE, 20 * DAY),
    State.DELIVERED: Schedule(
        Action.ACCEPT_BY_SILENCE,
        None,
        (
            Notice("order_inspect_reminder", 72 * HOUR, From.DEADLINE),
            Notice("order_inspect_reminder", LAST_NOTICE, From.DEADLINE),
        ),
    ),
    State.ACCEPTED: Schedule(notices=(Notice("order_release_waits", 24 * HOUR),)),
    State.RELEASING: Schedule(notices=(Notice("order_release_late", 3 * DAY),)),
    State.REFUNDING: Schedule(notices=(Notice("order_refund_late", 24 * HOUR),)),
}


@dataclass(frozen=True, slots=True)
class Due:
    """What the clock does now: send `notice`, or take `action`; `stage` is the number of notices then behind us."""

    stage: int
    notice: Notice | None = None
    action: Action | None = None


def deadline_of(state: State, *, since: datetime, inspection_days: int) -> datetime | None:
    """Return the deadline of a state entered at `since`."""
    schedule = SCHEDULES.get(state)
    if schedule is None or schedule.action is None:
        return None
    return since + (schedule.length if schedule.length is not None else inspection_days * DAY)


def next_due(
    state: State, *, since: datetime, deadline_at: datetime | None, stage: int, reminded_at: datetime | None = None
) -> datetime | None:
    """Return when the clock looks at the order next: its next notice, or its deadline."""
    schedule = SCHEDULES.get(state)
    if schedule is None:
        return None
    for notice in schedule.notices[stage:]:
        if (due_at := notice.due_at(since=since, deadline_at=deadline_at)) is not None:
            return due_at
    return _fair_deadline(state, deadline_at, reminded_at)


def due(
    state: State,
    *,
    since: datetime,
    deadline_at: datetime | None,
    stage: int,
    reminded_at: datetime | None,
    now: datetime,
) -> Due | None:
    """Return what the clock has to do at `now`, or None."""
    schedule = SCHEDULES.get(state)
    if schedule is None:
        return None
    overdue = [
        (number, notice)
        for number, notice in enumerate(schedule.notices, start=1)
        if number > stage and (at := notice.due_at(since=since, deadline_at=deadline_at)) is not None and at <= now
    ]
    if overdue and (state is State.DELIVERED or deadline_at is None or now < deadline_at):
        return Due(stage=overdue[-1][0], notice=overdue[-1][1])
    final = _fair_deadline(state, deadline_at, reminded_at)
    if schedule.action is not None and final is not None and final <= now:
        return Due(stage=len(schedule.notices), action=schedule.action)
    return None


def fair_deadline(deadline_at: datetime, last_notice_at: datetime) -> datetime:
    """Return the inspection deadline moved so that a whole day follows the last notice."""
    return max(deadline_at, last_notice_at + LAST_NOTICE)


def resumed_deadline(deadline_at: datetime, *, held_since: datetime, now: datetime) -> datetime:
    """Return the deadline after a problem ended: what was left when it was reported, and at least three days."""
    return now + max(deadline_at - held_since, LEAST_AFTER_PROBLEM)


def _fair_deadline(state: State, deadline_at: datetime | None, reminded_at: datetime | None) -> datetime | None:
    if state is not State.DELIVERED or deadline_at is None or reminded_at is None:
        return deadline_at
    return fair_deadline(deadline_at, reminded_at)
