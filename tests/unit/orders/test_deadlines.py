"""Notices come before deadlines; silence counts a day after the last notice."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.orders.deadlines import (
    SCHEDULES,
    backstop_of,
    deadline_of,
    due,
    fair_deadline,
    next_due,
    resumed_deadline,
)
from marketplace.orders.pauses import Period
from marketplace.orders.transitions import Action, State

START = datetime(2026, 9, 29, 9, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("state", "after"),
    [
        (State.PENDING_PAYMENT, timedelta(minutes=30)),
        (State.FUNDED, 7 * DAY),
        (State.CONFIRMED, 10 * DAY),
        (State.SHIPPED, 20 * DAY),
        (State.DELIVERED, 14 * DAY),
        (State.ADJUSTMENT, 3 * DAY),
        (State.RETURN_PENDING, 5 * DAY),
        (State.RETURNING, 20 * DAY),
        (State.RETURN_INSPECTION, 3 * DAY),
        (State.DISPUTED, 80 * DAY),
        (State.DECIDED, 7 * DAY),
        (State.FUNDING, None),
        (State.AT_VERIFICATION, None),
        (State.ACCEPTED, None),
        (State.RELEASING, None),
        (State.RELEASED, None),
    ],
)
def test_each_state_has_the_deadline_of_the_table(state: State, after: timedelta | None) -> None:
    expected = START + after if after is not None else None

    assert deadline_of(state, since=START, order=timed()) == expected


def timed(**other: Any) -> Any:
    """Return an order funded at the start, with two weeks to inspect."""
    given = {"inspection_days": 14, "funded_at": START, "backstop_at": None, "is_appealable": True}
    return SimpleNamespace(**{**given, **other})


def test_a_decision_is_due_on_the_last_day_for_held_money_whenever_the_dispute_began() -> None:
    assert deadline_of(State.DISPUTED, since=START + 30 * DAY, order=timed()) == START + 80 * DAY
    assert deadline_of(State.DISPUTED, since=START + 81 * DAY, order=timed()) == START + 81 * DAY, "at once"
    stricter = timed(backstop_at=backstop_of(START, days=6))
    assert deadline_of(State.DISPUTED, since=START + DAY, order=stricter) == START + 6 * DAY
    assert backstop_of(START, days=200) == backstop_of(START) == START + 80 * DAY


@pytest.mark.parametrize(
    ("decided", "until"),
    [(10, 17), (77, 84), (78, 84), (84, 84), (86, 86)],
)
def test_an_appeal_ends_in_time_to_carry_the_decision_out(decided: int, until: int) -> None:
    found = deadline_of(State.DECIDED, since=START + decided * DAY, order=timed())

    assert found == START + until * DAY


def test_what_nobody_may_appeal_is_carried_out_at_once() -> None:
    assert deadline_of(State.DECIDED, since=START, order=timed(is_appealable=False)) == START


@pytest.mark.parametrize(
    ("since", "until"),
    [
        (datetime(2026, 9, 28, 9, tzinfo=UTC), datetime(2026, 10, 1, 9, tzinfo=UTC)),  # Monday to Thursday
        (datetime(2026, 10, 1, 9, tzinfo=UTC), datetime(2026, 10, 6, 9, tzinfo=UTC)),  # Thursday to Tuesday
        (datetime(2026, 10, 2, 9, tzinfo=UTC), datetime(2026, 10, 7, 9, tzinfo=UTC)),  # Friday to Wednesday
        (datetime(2026, 10, 3, 9, tzinfo=UTC), datetime(2026, 10, 7, 9, tzinfo=UTC)),  # Saturday to Wednesday
        (datetime(2026, 10, 4, 9, tzinfo=UTC), datetime(2026, 10, 7, 9, tzinfo=UTC)),  # Sunday to Wednesday
    ],
)
def test_three_working_days_leave_the_weekend_out(since: datetime, until: datetime) -> None:
    assert deadline_of(State.RETURN_INSPECTION, since=since, order=timed()) == until


def test_the_notices_of_an_inspection_count_back_from_its_end() -> None:
    end = START + 7 * DAY

    assert next_due(State.DELIVERED, since=START, deadline_at=end, stage=0) == end - 72 * HOUR
    assert next_due(State.DELIVERED, since=START, deadline_at=end, stage=1) == end - 24 * HOUR
    assert next_due(State.DELIVERED, since=START, deadline_at=end, stage=2) == end


def test_two_overdue_notices_are_one_letter() -> None:
    found = due(
        State.FUNDED, since=START, deadline_at=START + 7 * DAY, stage=0, reminded_at=None, now=START + 50 * HOUR
    )

    assert found is not None
    assert (found.stage, found.notice is not None, found.action) == (2, True, None)


def test_silence_is_no_acceptance_while_no_notice_went_out() -> None:
    """The worker slept for a month: first the last notice, a day later the acceptance."""
    end = START + 7 * DAY
    late = START + 37 * DAY
    first = due(State.DELIVERED, since=START, deadline_at=end, stage=0, reminded_at=None, now=late)
    assert first is not None
    assert first.notice is not None
    moved = fair_deadline(end, late)
    assert moved == late + DAY

    early = due(State.DELIVERED, since=START, deadline_at=moved, stage=2, reminded_at=late, now=late + 23 * HOUR)
    assert early is None
    then = due(State.DELIVERED, since=START, deadline_at=moved, stage=2, reminded_at=late, now=late + 24 * HOUR)
    assert then is not None
    assert then.action is Action.ACCEPT_BY_SILENCE


def test_a_problem_gives_back_the_time_that_was_left_and_at_least_three_days() -> None:
    # Deadline in 5 days when reported, solved 10 days later: 5 days from then. With 1 day left: 3 days.
    end = START + 7 * DAY

    assert resumed_deadline(end, held_since=START + 2 * DAY, now=START + 12 * DAY) == START + 17 * DAY
    assert resumed_deadline(end, held_since=START + 6 * DAY, now=START + 12 * DAY) == START + 15 * DAY


@given(
    state=st.sampled_from([state for state in SCHEDULES if SCHEDULES[state].action]),
    naps=st.lists(st.timedeltas(min_value=12 * HOUR, max_value=9 * DAY), min_size=170, max_size=170),
)
def test_however_the_clock_sleeps_it_ends_with_the_action_and_never_before_the_deadline(
    state: State, naps: list[timedelta]
) -> None:
    deadline = deadline_of(state, since=START, order=timed(inspection_days=7))
    assert deadline is not None
    now, stage, reminded_at = START, 0, None
    for nap in naps:
        now += nap
        found = due(state, since=START, deadline_at=deadline, stage=stage, reminded_at=reminded_at, now=now)
        if found is None:
            continue
        assert found.stage >= stage, "a notice goes out once"
        if found.action is not None:
            assert now >= START + (deadline - START)
            assert state is not State.DELIVERED or (reminded_at is not None and now - reminded_at >= DAY)
            return
        stage, reminded_at = found.stage, now
        if state is State.DELIVERED:
            deadline = fair_deadline(deadline, now) if stage == 2 else deadline
    raise AssertionError("three months went by and the clock did nothing")


CLOSED = (Period(START + 1 * HOUR, START + 10 * DAY),)


def test_notices_that_count_from_the_beginning_wait_while_a_region_is_closed() -> None:
    # One hour was worked before ten days less an hour were closed: 24 hours of work end 23 hours after the closure.
    late = START + 17 * DAY
    first = START + 10 * DAY + 23 * HOUR
    assert next_due(State.FUNDED, since=START, deadline_at=late, stage=0, pauses=CLOSED) == first
    assert next_due(State.FUNDED, since=START, deadline_at=late, stage=0) == START + 24 * HOUR
    about = {"since": START, "deadline_at": late, "stage": 0, "reminded_at": None, "pauses": CLOSED}
    assert due(State.FUNDED, now=first - timedelta(seconds=1), **about) is None
    found = due(State.FUNDED, now=first, **about)
    assert found is not None
    assert (found.stage, found.notice) == (1, SCHEDULES[State.FUNDED].notices[0])


def test_a_notice_before_a_deadline_follows_the_deadline() -> None:
    moved = START + 17 * DAY
    assert next_due(State.DELIVERED, since=START, deadline_at=moved, stage=0, pauses=CLOSED) == moved - 72 * HOUR


@pytest.mark.parametrize(("left", "closed_ahead", "given"), [(11, 6, 5), (11, 0, 11), (11, 9, 3), (2, 0, 3)])
def test_after_a_problem_the_closure_that_was_ahead_is_no_time_left(left: int, closed_ahead: int, given: int) -> None:
    # The problem began on day 4. Six of the eleven days to the deadline were closed: five are given back, never
    # under three.
    held_since, now = START + 4 * DAY, START + 20 * DAY
    pauses = [Period(held_since - DAY, held_since + closed_ahead * DAY)]
    resumed = resumed_deadline(held_since + left * DAY, held_since=held_since, now=now, pauses=pauses)
    assert resumed == now + given * DAY
