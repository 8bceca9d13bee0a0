"""When the clock acts on an order: notices first, then the deadline's action. Pure; times are given.

Source: the order table of the design. A notice that is overdue together with a later one is left out: one letter, not
two at once. Silence counts as acceptance only a full day after the last notice really went out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol

from marketplace.orders.pauses import Period, net_deadline, shifted
from marketplace.orders.transitions import Action, State
from marketplace.payments.methods import after_working_days


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

    def due_at(
        self, *, since: datetime, deadline_at: datetime | None, pauses: Sequence[Period] = ()
    ) -> datetime | None:
        """Return when the notice goes out; the time of `pauses` counts neither from the start nor to the deadline."""
        if self.anchor is From.START:
            return shifted(since + self.distance, since=since, pauses=pauses)
        return deadline_at - self.distance if deadline_at is not None else None


class Until(StrEnum):
    """How long a state lasts when it is no fixed time."""

    INSPECTED = "inspected"  # the order's inspection days
    BACKSTOP = "backstop"  # the last day for a decision about held money
    APPEALED = "appealed"  # the time to appeal; nothing when nobody may
    WORKING_DAYS = "working_days"  # three, for the cooperative to look at returned goods


@dataclass(frozen=True, slots=True)
class Schedule:
    """What the clock does in a state: without `action` only its notices."""

    action: Action | None = None
    length: timedelta | Until | None = None
    notices: tuple[Notice, ...] = ()


class Timed(Protocol):
    """What the lengths of states depend on; an order has it all."""

    inspection_days: int
    funded_at: datetime | None
    backstop_at: datetime | None
    is_appealable: bool


HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
LAST_NOTICE: Final = DAY
LEAST_AFTER_PROBLEM: Final = 3 * DAY
TIME_TO_APPEAL: Final = 7 * DAY
# Providers must pay out within 90 days: decide by day 80, carry out by day 84.
BACKSTOP: Final = 80 * DAY
AFTER_BACKSTOP: Final = 4 * DAY
SHIPPING_EXTENSION: Final = 7 * DAY
INSPECTION_EXTENSION: Final = 14 * DAY
_RETURN_INSPECTION_DAYS: Final = 3

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
    State.FUNDING: Schedule(
        notices=(Notice("order_funding_late", DAY), Notice("order_funding_late", 5 * DAY)),
    ),
    State.AT_VERIFICATION: Schedule(
        notices=(Notice("order_verification_late", 7 * DAY), Notice("order_verification_late", 14 * DAY)),
    ),
    State.SHIPPED: Schedule(Action.REPORT_LATE, 20 * DAY),
    State.DELIVERED: Schedule(
        Action.ACCEPT_BY_SILENCE,
        Until.INSPECTED,
        (
            Notice("order_inspect_reminder", 72 * HOUR, From.DEADLINE),
            Notice("order_inspect_reminder", LAST_NOTICE, From.DEADLINE),
        ),
    ),
    State.ADJUSTMENT: Schedule(
        Action.LAPSE_ADJUSTMENT, 72 * HOUR, (Notice("order_adjustment_reminder", DAY, From.DEADLINE),)
    ),
    State.RETURN_PENDING: Schedule(
        Action.KEEP_UNRETURNED, 5 * DAY, (Notice("order_return_reminder", 2 * DAY, From.DEADLINE),)
    ),
    State.RETURNING: Schedule(Action.REPORT_RETURN_LATE, 20 * DAY),
    State.RETURN_INSPECTION: Schedule(
        Action.TAKE_BACK_BY_SILENCE,
        Until.WORKING_DAYS,
        (Notice("order_return_inspect_reminder", DAY, From.DEADLINE),),
    ),
    State.DISPUTED: Schedule(
        Action.DECIDE_BY_RULE,
        Until.BACKSTOP,
        (
            Notice("order_evidence_reminder", 5 * DAY),
            Notice("order_dispute_to_decide", 7 * DAY),
            Notice("order_decision_late", 21 * DAY),
        ),
    ),
    State.DECIDED: Schedule(Action.CARRY_OUT, Until.APPEALED),
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


def deadline_of(state: State, *, since: datetime, order: Timed) -> datetime | None:
    """Return the deadline of a state entered at `since`."""
    schedule = SCHEDULES.get(state)
    if schedule is None or schedule.action is None or schedule.length is None:
        return None
    if isinstance(schedule.length, timedelta):
        return since + schedule.length
    match schedule.length:
        case Until.INSPECTED:
            return since + order.inspection_days * DAY
        case Until.WORKING_DAYS:
            return after_working_days(since, _RETURN_INSPECTION_DAYS)
        case Until.BACKSTOP:
            return max(since, _backstop(order, since))
        case Until.APPEALED:
            return _end_of_appeal(order, since)


def backstop_of(funded_at: datetime, *, days: int | None = None) -> datetime:
    """Return the last moment for a decision about money held since `funded_at`; `days` where the law is stricter."""
    return funded_at + (BACKSTOP if days is None else min(BACKSTOP, days * DAY))


def _backstop(order: Timed, since: datetime) -> datetime:
    return order.backstop_at or backstop_of(order.funded_at or since)


def _end_of_appeal(order: Timed, since: datetime) -> datetime:
    if not order.is_appealable:
        return since
    return max(since, min(since + TIME_TO_APPEAL, _backstop(order, since) + AFTER_BACKSTOP))


def next_due(
    state: State,
    *,
    since: datetime,
    deadline_at: datetime | None,
    stage: int,
    reminded_at: datetime | None = None,
    pauses: Sequence[Period] = (),
) -> datetime | None:
    """Return when the clock looks at the order next: its next notice, or its deadline."""
    schedule = SCHEDULES.get(state)
    if schedule is None:
        return None
    final = _fair_deadline(state, deadline_at, reminded_at)
    for notice in schedule.notices[stage:]:
        if (due_at := notice.due_at(since=since, deadline_at=deadline_at, pauses=pauses)) is not None:
            return due_at if final is None else min(due_at, final)
    return final


def due(
    state: State,
    *,
    since: datetime,
    deadline_at: datetime | None,
    stage: int,
    reminded_at: datetime | None,
    now: datetime,
    pauses: Sequence[Period] = (),
) -> Due | None:
    """Return what the clock has to do at `now`, or None."""
    schedule = SCHEDULES.get(state)
    if schedule is None:
        return None
    overdue = [
        (number, notice)
        for number, notice in enumerate(schedule.notices, start=1)
        if number > stage
        and (at := notice.due_at(since=since, deadline_at=deadline_at, pauses=pauses)) is not None
        and at <= now
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


def resumed_deadline(
    deadline_at: datetime, *, held_since: datetime, now: datetime, pauses: Sequence[Period] = ()
) -> datetime:
    """Return the deadline after a problem ended: what was left when it was reported, and at least three days.

    Time of `pauses` that was still to come then is not left time: whatever remains of it now is given anew.
    """
    return now + max(net_deadline(deadline_at, at=held_since, pauses=pauses) - held_since, LEAST_AFTER_PROBLEM)


def _fair_deadline(state: State, deadline_at: datetime | None, reminded_at: datetime | None) -> datetime | None:
    if state is not State.DELIVERED or deadline_at is None or reminded_at is None:
        return deadline_at
    return fair_deadline(deadline_at, reminded_at)
