"""The age of a rate and the size of a jump at their limits."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from marketplace.pricing.rates import (
    RateAsOf,
    age_in_days,
    age_in_working_days,
    is_stale,
    is_too_old,
    jump,
    jumps_too_far,
)

SATURDAY = date(2026, 9, 26)
MONDAY = date(2026, 9, 28)


def rate(observed_on: date, max_age: int = 3) -> RateAsOf:
    return RateAsOf("1", "XAU/USD", Decimal(4000), observed_on, "source", "licence", max_age)


def test_an_age_is_counted_in_days_both_ways() -> None:
    assert age_in_days(MONDAY, MONDAY + timedelta(days=9)) == 9
    assert age_in_days(MONDAY, MONDAY) == 0
    assert age_in_days(MONDAY, MONDAY - timedelta(days=2)) == -2
    assert age_in_working_days(MONDAY, MONDAY - timedelta(days=2)) == 0


@pytest.mark.parametrize(
    ("days", "working"),
    # from Saturday: Sunday none, Monday 1 … Friday 5, the weekend none, Monday 6
    [(0, 0), (1, 0), (2, 1), (3, 2), (6, 5), (7, 5), (8, 5), (9, 6), (13, 10), (14, 10), (21, 15)],
)
def test_working_days_from_a_saturday(days: int, working: int) -> None:
    assert age_in_working_days(SATURDAY, SATURDAY + timedelta(days=days)) == working


def test_each_series_has_its_own_age() -> None:
    # From Monday: Tuesday is one working day, Wednesday two.
    assert not is_stale(rate(MONDAY, 1), MONDAY + timedelta(days=1))
    assert is_stale(rate(MONDAY, 1), MONDAY + timedelta(days=2))
    assert not is_stale(rate(MONDAY, 2), MONDAY + timedelta(days=2))
    assert RateAsOf("1", "XAU/USD", Decimal(1), MONDAY, "source", "licence").max_age_working_days == 3


def test_fourteen_days_are_old_and_fifteen_too_old() -> None:
    assert [is_too_old(rate(MONDAY), MONDAY + timedelta(days=days)) for days in (0, 13, 14, 15)] == [
        False, False, False, True,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("previous", "value", "change"),
    [("100", "108", "2/25"), ("100", "92", "2/25"), ("100", "100", "0"), ("50", "100", "1"), ("3", "4", "1/3")],
)
def test_a_jump_is_the_change_against_the_value_before(previous: str, value: str, change: str) -> None:
    assert jump(Decimal(previous), Decimal(value)) == Fraction(change)


@pytest.mark.parametrize(
    ("value", "days", "too_far"),
    [
        # A week or less has the whole limit of 10 %.
        ("110", 0, False), ("110.01", 0, True), ("110", 6, False), ("110.01", 6, True), ("110.01", 7, True),
        # Eight days: 10 % × √(8 ÷ 7) = 10.690449… %
        ("110.69", 8, False), ("110.70", 8, True),
        # 63 days are nine weeks: 10 % × 3.
        ("130", 63, False), ("130.01", 63, True), ("70", 63, False), ("69.99", 63, True),
    ],
)  # fmt: skip
def test_the_limit_of_a_week_widens_with_the_root_of_time(value: str, days: int, too_far: bool) -> None:
    assert jumps_too_far(Decimal(100), Decimal(value), Decimal("0.1"), days=days) is too_far
