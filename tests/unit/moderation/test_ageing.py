"""Working days by hand, over weekends and holidays, in the zone of the office."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from marketplace.moderation.ageing import Office, due_at, tone_of, used_hundredths, working_days
from marketplace.moderation.offices import office_of

HOLIDAY = date(2026, 12, 9)  # a Wednesday
DAR = Office(ZoneInfo("Africa/Dar_es_Salaam"), lambda day: day.weekday() < 5 and day != HOLIDAY)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """Return a moment of December 2026; Dar es Salaam is three hours ahead."""
    return datetime(2026, 12, day, hour, minute, tzinfo=UTC)


def test_two_people_have_twice_the_time() -> None:
    assert (working_days(two_people=False), working_days(two_people=True)) == (2, 4)


@pytest.mark.parametrize(
    ("opened", "days", "due"),
    [
        (at(1, 9), 2, at(3, 9)),  # Tuesday to Thursday
        (at(3, 9), 2, at(7, 9)),  # Thursday over the weekend to Monday
        (at(7, 9), 2, at(10, 9)),  # Monday over Wednesday's holiday to Thursday
        (at(7, 9), 4, at(14, 9)),  # and four days to the next Monday
        (at(5, 9), 2, at(9, 21)),  # Saturday begins on Monday at midnight there, and ends on Thursday at midnight
        (at(6, 21, 30), 2, at(9, 21, 30)),  # Sunday 21:30 is Monday half past midnight there, so Thursday at that hour
    ],
)
def test_a_case_is_due_so_many_open_days_later(opened: datetime, days: int, due: datetime) -> None:
    assert due_at(opened, days=days, office=DAR) == due


@pytest.mark.parametrize(
    ("opened", "now", "used"),
    [
        (at(1, 9), at(1, 9), 0),
        (at(1, 9), at(2, 9), 50),
        (at(1, 9), at(2, 8, 59), 49),
        (at(1, 9), at(3, 9), 100),
        (at(3, 9), at(6, 9), 75),  # Thursday 9:00 to Friday's end at 21:00 UTC: 36 of 48 hours, and no weekend
        (at(7, 9), at(9, 20), 75),  # Monday 9:00 to Tuesday 21:00 UTC; Wednesday is closed
    ],
)
def test_only_open_hours_use_the_time(opened: datetime, now: datetime, used: int) -> None:
    assert used_hundredths(opened, now=now, days=2, office=DAR) == used


def test_what_waits_for_ever_is_counted_to_a_bound() -> None:
    assert used_hundredths(at(1, 9), now=datetime(2036, 1, 1, tzinfo=UTC), days=2, office=DAR) == 999


@pytest.mark.parametrize(
    ("used", "tone"),
    [(0, None), (49, None), (50, "info"), (79, "info"), (80, "warn"), (99, "warn"), (100, "bad"), (999, "bad")],
)
def test_colours_begin_at_50_80_and_100_hundredths(used: int, tone: str | None) -> None:
    assert tone_of(used) == tone


def test_an_office_keeps_the_holidays_of_its_country() -> None:
    tanzania, kenya, unknown = office_of("TZ"), office_of("KE"), office_of("ZZ")
    assert (str(tanzania.zone), str(kenya.zone)) == ("Africa/Dar_es_Salaam", "Africa/Nairobi")
    assert not tanzania.is_open(date(2026, 12, 9))  # Independence Day
    assert kenya.is_open(date(2026, 12, 9))
    assert not kenya.is_open(date(2026, 10, 20))  # Mashujaa Day
    assert not kenya.is_open(date(2026, 12, 12))  # Jamhuri Day is a Saturday
    assert unknown.is_open(date(2026, 12, 25))
    assert not unknown.is_open(date(2026, 12, 26))  # a Saturday
