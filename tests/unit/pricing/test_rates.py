"""The age of a rate and the guard against jumps."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.pricing.rates import (
    Freshness,
    RateAsOf,
    age_in_working_days,
    freshness,
    in_force,
    is_stale,
    is_too_old,
    jumps_too_far,
)  # fmt: skip

TUESDAY = date(2026, 9, 29)


def rate(observed_on: date) -> RateAsOf:
    return RateAsOf("1", "XAU/USD", Decimal(4000), observed_on, "source", "licence")


@pytest.mark.parametrize(
    ("days", "working"),
    # from Tuesday: Wednesday 1, Thursday 2, Friday 3, the weekend adds none, Monday 4
    [(0, 0), (1, 1), (3, 3), (4, 3), (5, 3), (6, 4), (7, 5), (14, 10), (-1, 0)],
)
def test_working_days_pass_over_the_weekend(days: int, working: int) -> None:
    assert age_in_working_days(TUESDAY, TUESDAY + timedelta(days=days)) == working


@given(days=st.integers(0, 400), start=st.dates(date(2024, 1, 1), date(2026, 1, 1)))
def test_working_days_are_the_days_from_monday_to_friday(days: int, start: date) -> None:
    counted = sum((start + timedelta(days=step)).weekday() < 5 for step in range(1, days + 1))
    assert age_in_working_days(start, start + timedelta(days=days)) == counted


def test_a_rate_is_stale_past_three_working_days_and_refused_past_fourteen_days() -> None:
    assert not is_stale(rate(TUESDAY), TUESDAY + timedelta(days=5))
    assert is_stale(rate(TUESDAY), TUESDAY + timedelta(days=6))
    assert not is_too_old(rate(TUESDAY), TUESDAY + timedelta(days=14))
    assert is_too_old(rate(TUESDAY), TUESDAY + timedelta(days=15))


@pytest.mark.parametrize(
    ("value", "days", "too_far"),
    [
        ("108", 1, False), ("108.01", 1, True), ("92", 7, False), ("91.99", 7, True),
        ("116", 28, False), ("116.01", 28, True),  # four weeks: 8 % × √4 = 16 %
    ],
)  # fmt: skip
def test_a_jump_beyond_the_limit_of_a_week_is_noticed(value: str, days: int, too_far: bool) -> None:
    assert jumps_too_far(Decimal(100), Decimal(value), Decimal("0.08"), days=days) is too_far


@pytest.mark.parametrize(
    ("days", "expected"),
    # from Tuesday: Friday 3 working days, Monday 4; past 14 days too old
    [(-1, Freshness.FRESH), (0, Freshness.FRESH), (5, Freshness.FRESH), (6, Freshness.OLD), (14, Freshness.OLD),
     (15, Freshness.TOO_OLD)],
)  # fmt: skip
def test_a_rate_is_fresh_then_old_then_too_old(days: int, expected: Freshness) -> None:
    on = TUESDAY + timedelta(days=days)
    assert freshness(rate(TUESDAY), on) is expected
    assert is_stale(rate(TUESDAY), on) is (expected is not Freshness.FRESH)
    assert is_too_old(rate(TUESDAY), on) is (expected is Freshness.TOO_OLD)


def test_too_old_is_stale_whatever_a_series_allows() -> None:
    patient = replace(rate(TUESDAY), max_age_working_days=30)
    assert freshness(patient, TUESDAY + timedelta(days=14)) is Freshness.FRESH
    assert is_stale(patient, TUESDAY + timedelta(days=15))


def of(series: str, days_ago: int) -> RateAsOf:
    return replace(rate(TUESDAY - timedelta(days=days_ago)), series=series)


@pytest.mark.parametrize(
    ("newest", "counts"),
    [
        ([], None),
        ([(0, of("open", 0))], "open"),
        ([(0, of("open", 0)), (10, of("licensed", 1))], "licensed"),
        # Thursday is three working days before Tuesday, Wednesday four
        ([(0, of("open", 0)), (10, of("licensed", 5))], "licensed"),
        ([(0, of("open", 0)), (10, of("licensed", 6))], "open"),
        # all stale: the newest; of one day the one of the higher priority; then the code decides
        ([(0, of("open", 8)), (10, of("licensed", 9))], "open"),
        ([(0, of("open", 9)), (10, of("licensed", 9))], "licensed"),
        ([(0, of("b", 9)), (0, of("a", 9))], "a"),
        ([(0, of("b", 0)), (0, of("a", 1))], "a"),
    ],
)
def test_the_series_that_counts_is_the_best_that_is_not_stale(
    newest: list[tuple[int, RateAsOf]], counts: str | None
) -> None:
    for order in (newest, newest[::-1]):
        found = in_force(order, TUESDAY)
        assert (found.series if found else None) == counts
