"""Periods and their parts, to the day."""

from datetime import date

import pytest

from marketplace.monitoring.periods import MOST_PARTS, Period, Step, fitting_step, parts, whole, year_before

FIRST = Period(date(2026, 7, 1), date(2026, 9, 30))


def test_a_period_holds_both_of_its_ends_and_nothing_beyond() -> None:
    days = (date(2026, 6, 30), date(2026, 7, 1), date(2026, 9, 30), date(2026, 10, 1), None)
    assert [FIRST.holds(day) for day in days] == [False, True, True, False, False]


@pytest.mark.parametrize(
    ("step", "day", "expected"),
    [
        (Step.MONTH, date(2024, 2, 29), Period(date(2024, 2, 1), date(2024, 2, 29))),
        (Step.MONTH, date(2026, 12, 1), Period(date(2026, 12, 1), date(2026, 12, 31))),
        (Step.QUARTER, date(2026, 3, 31), Period(date(2026, 1, 1), date(2026, 3, 31))),
        (Step.QUARTER, date(2026, 4, 1), Period(date(2026, 4, 1), date(2026, 6, 30))),
        (Step.QUARTER, date(2026, 12, 31), Period(date(2026, 10, 1), date(2026, 12, 31))),
        (Step.YEAR, date(2026, 7, 7), Period(date(2026, 1, 1), date(2026, 12, 31))),
    ],
)
def test_the_whole_month_quarter_or_year_of_a_day(step: Step, day: date, expected: Period) -> None:
    assert whole(step, day) == expected


def test_parts_are_calendar_months_cut_to_the_period() -> None:
    assert parts(Period(date(2026, 7, 15), date(2026, 9, 10)), Step.MONTH) == (
        Period(date(2026, 7, 15), date(2026, 7, 31)),
        Period(date(2026, 8, 1), date(2026, 8, 31)),
        Period(date(2026, 9, 1), date(2026, 9, 10)),
    )


def test_one_day_is_one_part_and_a_period_that_ends_before_it_begins_has_none() -> None:
    day = date(2026, 7, 15)
    assert parts(Period(day, day), Step.YEAR) == (Period(day, day),)
    assert parts(Period(day, date(2026, 7, 14)), Step.MONTH) == ()


def test_of_too_many_parts_the_newest_are_kept_and_the_first_day_there_is_ends_it() -> None:
    found = parts(Period(date(1990, 1, 1), date(2026, 12, 31)), Step.MONTH)
    assert len(found) == MOST_PARTS == 60
    assert found[0].since == date(2022, 1, 1)
    assert parts(Period(date.min, date(1, 3, 2)), Step.QUARTER) == (Period(date.min, date(1, 3, 2)),)


@pytest.mark.parametrize(
    ("until", "step"),
    [
        (date(2026, 12, 31), Step.MONTH),  # 24 months
        (date(2027, 1, 1), Step.QUARTER),  # 25
        (date(2030, 12, 31), Step.QUARTER),  # 72
        (date(2031, 1, 1), Step.YEAR),  # 73
    ],
)
def test_a_long_period_has_longer_parts(until: date, step: Step) -> None:
    assert fitting_step(Period(date(2025, 1, 1), until)) is step


def test_a_year_before_the_leap_day_is_the_last_day_of_february() -> None:
    assert year_before(date(2024, 2, 29)) == date(2023, 2, 28)
    assert year_before(date(2026, 9, 29)) == date(2025, 9, 29)
