"""Deadlines that stand still while force majeure lasts."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.orders.pauses import (
    Period,
    capped,
    in_force,
    merged,
    net_deadline,
    read_periods,
    shifted,
    without,
    worked,
    written,
)

BEGIN = datetime(2026, 9, 1, tzinfo=UTC)


def at(day: float) -> datetime:
    return BEGIN + timedelta(days=day)


def period(start: float, end: float) -> Period:
    return Period(at(start), at(end))


@pytest.mark.parametrize(
    ("pauses", "expected"),
    [
        ([], 10),
        ([(2, 5)], 13),  # three days in the middle
        ([(-4, 3)], 13),  # only the three days after the beginning count
        ([(-4, 0)], 10),  # over before the stretch began
        ([(8, 15)], 17),  # it begins in time, so all seven days count
        ([(10, 12)], 10),  # it begins at the deadline: too late
        ([(9.999, 11.999)], 12),
        ([(2, 5), (3, 6)], 14),  # two declarations, four days together
        ([(2, 5), (2, 5)], 13),  # the same one twice
        ([(2, 5), (5, 6)], 14),  # they touch
        ([(8, 12), (13, 15)], 16),  # after 12 the deadline is 14, so the second one begins in time
        ([(8, 12), (14, 15)], 14),  # and this one does not
        ([(2, 5), (-9, -2), (20, 30)], 13),
        ([(6, 4)], 10),  # no time at all
    ],
)
def test_a_deadline_of_ten_days_comes_later_by_the_time_of_force_majeure(
    pauses: list[tuple[float, float]], expected: float
) -> None:
    found = {shifted(at(10), since=at(0), pauses=[period(*each) for each in order]) for order in permutations(pauses)}

    assert found == {at(expected)}


@pytest.mark.parametrize(("ended", "expected"), [(None, 8), (9, 8), (8, 8), (5, 5), (2, 2), (1, 2), (-3, 2)])
def test_a_closure_from_day_2_to_day_8_that_ends_early_keeps_what_had_passed(
    ended: float | None, expected: float
) -> None:
    found = in_force(at(2), at(8), ended_at=None if ended is None else at(ended))

    assert found == period(2, expected)


def test_time_that_stood_still_anyway_is_not_given_twice() -> None:
    assert without([period(2, 8)], [period(4, 5)]) == [period(2, 4), period(5, 8)]
    assert without([period(2, 8)], [period(1, 3), period(7, 9)]) == [period(3, 7)]
    assert without([period(2, 8)], [period(2, 8)]) == []
    assert without([period(2, 8)], [period(0, 20)]) == []
    assert without([period(2, 8)], [period(8, 9), period(0, 2)]) == [period(2, 8)]
    assert without([period(5, 8), period(2, 6)], []) == [period(2, 8)]


@pytest.mark.parametrize(
    ("moved", "original", "latest", "expected"),
    [(20, 10, None, 20), (20, 10, 25, 20), (20, 10, 20, 20), (20, 10, 15, 15), (20, 10, 9, 10), (10, 10, 9, 10)],
)
def test_the_last_day_of_the_hold_ends_every_shift(
    moved: float, original: float, latest: float | None, expected: float
) -> None:
    cap = None if latest is None else at(latest)

    assert capped(at(moved), original=at(original), latest=cap) == at(expected)


HOURS = st.integers(-200, 400)
PERIODS = st.lists(st.tuples(HOURS, HOURS), max_size=6)


def hours(found: list[tuple[int, int]]) -> list[Period]:
    return [Period(at(start / 24), at(end / 24)) for start, end in found]


def working_hours(until: datetime, pauses: list[Period]) -> int:
    """Count hour by hour how much of [BEGIN, until) is in no pause: slow and plain, against the clever sum."""
    found, moment = 0, BEGIN
    while moment < until:
        found += not any(pause.start <= moment < pause.end for pause in pauses)
        moment += timedelta(hours=1)
    return found


@given(found=PERIODS, length=st.integers(1, 200))
def test_exactly_the_same_working_time_is_left(found: list[tuple[int, int]], length: int) -> None:
    pauses, deadline = hours(found), BEGIN + timedelta(hours=length)

    moved = shifted(deadline, since=BEGIN, pauses=pauses)

    assert moved >= deadline
    assert working_hours(moved, pauses) == length
    assert shifted(deadline, since=BEGIN, pauses=reversed(pauses)) == moved
    assert shifted(deadline, since=BEGIN, pauses=[*pauses, *pauses]) == moved


@given(found=PERIODS, more=st.tuples(HOURS, HOURS), length=st.integers(1, 200))
def test_one_more_declaration_never_brings_a_deadline_nearer(
    found: list[tuple[int, int]], more: tuple[int, int], length: int
) -> None:
    deadline = BEGIN + timedelta(hours=length)

    before = shifted(deadline, since=BEGIN, pauses=hours(found))

    assert shifted(deadline, since=BEGIN, pauses=hours([*found, more])) >= before


@given(start=HOURS, span=st.integers(1, 200), length=st.integers(1, 200), ended=HOURS)
def test_ending_early_takes_back_only_what_was_not_used(*, start: int, span: int, length: int, ended: int) -> None:
    whole, deadline = Period(at(start / 24), at((start + span) / 24)), BEGIN + timedelta(hours=length)
    now = at(ended / 24)

    after = shifted(deadline, since=BEGIN, pauses=[in_force(*whole, ended_at=now)])

    if whole.start < deadline:
        used = max(min(now, whole.end) - max(whole.start, BEGIN), timedelta())
        assert after == deadline + used
        if now < deadline:
            assert after > now, "whoever still had time when it ended has some left"
    else:
        assert after == deadline


@given(found=PERIODS)
def test_merged_periods_are_sorted_and_apart(found: list[tuple[int, int]]) -> None:
    kept = merged(hours(found))

    assert all(each.start < each.end for each in kept)
    assert all(one.end < other.start for one, other in pairwise(kept))


@given(found=PERIODS, stopped=PERIODS)
def test_what_is_taken_out_is_gone_and_nothing_else(
    found: list[tuple[int, int]], stopped: list[tuple[int, int]]
) -> None:
    left, pauses, gaps = without(hours(found), hours(stopped)), hours(found), hours(stopped)

    for hour in range(-201, 402, 7):
        moment = at(hour / 24)
        inside = any(each.start <= moment < each.end for each in pauses)
        is_gone = any(each.start <= moment < each.end for each in gaps)
        assert any(each.start <= moment < each.end for each in left) == (inside and not is_gone)


@pytest.mark.parametrize(
    ("now", "pauses", "expected"),
    [
        (4, [], 15),
        (4, [(2, 10)], 9),  # days 4 to 10 are still to come: five working days are left
        (10, [(2, 10)], 15),  # nothing of it is
        (2, [(2, 10)], 7),
        (4, [(2, 10), (6, 12)], 7),  # days 4 to 12, counted once
        (4, [(14, 20)], 14),  # only the day before the deadline
        (4, [(15, 20)], 15),
        (15, [(2, 20)], 15),
        (16, [(2, 20)], 15),  # it is over: it stays
    ],
)
def test_a_deadline_of_15_without_the_pauses_still_to_come(
    now: float, pauses: list[tuple[float, float]], expected: float
) -> None:
    assert net_deadline(at(15), at=at(now), pauses=[period(*each) for each in pauses]) == at(expected)


def test_a_stretch_of_seven_days_interrupted_in_a_closure_keeps_exactly_seven_working_days() -> None:
    # Days 2 to 10 are closed. Two days were worked, then a dispute from day 4 to day 6, then days 10 to 15.
    closed = [period(2, 10)]
    deadline = shifted(at(7), since=at(0), pauses=closed)
    assert deadline == at(15)
    left = net_deadline(deadline, at=at(4), pauses=closed) - at(4)
    assert left == timedelta(days=5)

    assert shifted(at(6) + left, since=at(6), pauses=closed) == at(15)


def test_the_time_worked_is_what_no_pause_covers() -> None:
    assert worked(since=at(0), now=at(5), pauses=[]) == timedelta(days=5)
    assert worked(since=at(0), now=at(5), pauses=[period(-1, 1), period(2, 3), period(4, 9)]) == timedelta(days=2)
    assert worked(since=at(0), now=at(5), pauses=[period(5, 9)]) == timedelta(days=5)


def test_periods_are_kept_as_text_and_read_again() -> None:
    kept = written([period(2, 3), period(4, 4.5)])
    assert kept[0] == ["2026-09-03T00:00:00+00:00", "2026-09-04T00:00:00+00:00"]
    assert read_periods(kept) == [period(2, 3), period(4, 4.5)]


@given(found=PERIODS, length=st.integers(1, 200), now=st.integers(0, 200), back=st.integers(0, 100))
def test_an_interruption_neither_takes_nor_gives_working_time(
    found: list[tuple[int, int]], length: int, now: int, back: int
) -> None:
    pauses, at_once = hours(found), BEGIN + timedelta(hours=now)
    deadline = shifted(BEGIN + timedelta(hours=length), since=BEGIN, pauses=pauses)
    if at_once >= deadline:
        assert net_deadline(deadline, at=at_once, pauses=pauses) == deadline
        return
    left = net_deadline(deadline, at=at_once, pauses=pauses) - at_once
    resumed_at = at_once + timedelta(hours=back)

    again = shifted(resumed_at + left, since=resumed_at, pauses=pauses)

    used = working_hours(at_once, pauses)
    since = working_hours(again, pauses) - working_hours(resumed_at, pauses)
    assert used + since == length, "two stretches together have exactly the working time of one"
    assert again >= deadline
    assert again >= resumed_at + left


@given(found=PERIODS, length=st.integers(1, 200))
def test_the_whole_shift_is_the_union_of_the_closures_within_the_run(found: list[tuple[int, int]], length: int) -> None:
    pauses, deadline = hours(found), BEGIN + timedelta(hours=length)

    moved = shifted(deadline, since=BEGIN, pauses=pauses)

    within = [Period(max(each.start, BEGIN), min(each.end, moved)) for each in pauses]
    assert moved - deadline == sum((end - start for start, end in merged(within)), start=timedelta())
