"""When a source is asked again."""

from datetime import UTC, datetime, timedelta

import pytest

from marketplace.pricing.fetch_times import is_abandoned, next_try

NOON = datetime(2026, 9, 29, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("failures", "minutes"), [(0, 60), (1, 5), (2, 10), (3, 20), (4, 40), (5, 60), (6, 60), (10, 60)]
)
def test_failures_come_again_soon_then_later_never_past_the_interval(failures: int, minutes: int) -> None:
    assert next_try(NOON, every=timedelta(hours=1), failures=failures) == NOON + timedelta(minutes=minutes)


@pytest.mark.parametrize(("seconds", "abandoned"), [(0, False), (120, False), (121, True)])
def test_a_fetch_at_work_is_given_up_after_twice_its_time_and_a_minute(seconds: int, abandoned: bool) -> None:
    assert is_abandoned(NOON, NOON + timedelta(seconds=seconds), timeout_seconds=30) is abandoned
