"""Courtesy holds are for buyers whose company is known, three at once, a lot once in seven days."""

from datetime import UTC, datetime, timedelta

import pytest

from marketplace.orders.holds import AGAIN, HOLD, MOST_HOLDS, Held, HoldRefused, check_confirmed, check_hold
from marketplace.orders.levels import LevelTooLow

NOW = datetime(2026, 9, 29, 9, 0, tzinfo=UTC)
ELSEWHERE = Held(is_of_this_lot=False, began_at=NOW, is_live=True)
HERE = Held(is_of_this_lot=True, began_at=NOW - AGAIN, is_live=False)


def test_a_hold_lasts_two_days() -> None:
    assert timedelta(hours=48) == HOLD
    assert timedelta(days=7) == AGAIN
    assert MOST_HOLDS == 3


def test_level_one_holds_and_level_nought_does_not() -> None:
    check_confirmed(1)
    check_confirmed(3)
    with pytest.raises(LevelTooLow, match="Pact must know your company"):
        check_confirmed(0)


def test_three_holds_at_once_are_enough() -> None:
    check_hold([], now=NOW)
    check_hold([ELSEWHERE] * 2, now=NOW)
    with pytest.raises(HoldRefused, match="You hold 3 lots already"):
        check_hold([ELSEWHERE] * 3, now=NOW)
    with pytest.raises(HoldRefused):
        check_hold([ELSEWHERE] * 4, now=NOW)


def test_a_hold_that_ended_leaves_room_for_another_lot() -> None:
    check_hold([Held(is_of_this_lot=False, began_at=NOW, is_live=False)] * 5, now=NOW)


@pytest.mark.parametrize(
    ("after", "is_right"),
    [
        (timedelta(days=7), True),
        (timedelta(days=7, seconds=1), True),
        (timedelta(days=7) - timedelta(seconds=1), False),
        (timedelta(0), False),
    ],
)
def test_a_lot_is_held_again_after_seven_days(after: timedelta, is_right: bool) -> None:
    held = [Held(is_of_this_lot=True, began_at=NOW - after, is_live=False)]
    if is_right:
        check_hold(held, now=NOW)
        return
    with pytest.raises(HoldRefused) as refused:
        check_hold(held, now=NOW)
    assert refused.value.params == {"again": NOW - after + AGAIN}


def test_the_last_hold_of_the_lot_counts() -> None:
    again = Held(is_of_this_lot=True, began_at=NOW - timedelta(days=1), is_live=False)
    with pytest.raises(HoldRefused) as refused:
        check_hold([again, HERE], now=NOW)
    assert refused.value.params["again"] == NOW + timedelta(days=6)
