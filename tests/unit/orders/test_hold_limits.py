"""How long a payment may be held, by the country of the provider's account."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.orders.hold_limits import (
    HoldTooShort,
    alarm_days,
    alarms_due,
    backstop_days,
    check_road_fits,
    decision_days,
    fitted_inspection_days,
    is_road_too_long,
    last_day_of_hold,
    road_days,
)

PAID = datetime(2026, 9, 29, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("maximum", "backstop", "decided", "alarms"),
    [
        (730, 85, 80, (60, 75)),  # United States: two years lengthen nothing
        (91, 85, 80, (60, 75)),  # 91 / 18 is 5.06: six days are kept, and 85 is left
        (90, 85, 80, (60, 75)),  # most countries: 90 / 18 keeps five days
        (89, 84, 79, (59, 74)),  # 60 * 89 / 90 is 59.3; 75 * 89 / 90 is 74.2
        (45, 42, 39, (30, 37)),
        (18, 17, 16, (12, 15)),
        (19, 17, 16, (12, 15)),  # 19 / 18 keeps two days
        (10, 9, 8, (6, 8)),  # Thailand
        (2, 1, 0, (1, 1)),
    ],
)
def test_our_last_day_comes_before_the_providers(
    maximum: int, backstop: int, decided: int, alarms: tuple[int, int]
) -> None:
    assert backstop_days(maximum) == backstop
    assert decision_days(maximum) == decided
    assert alarm_days(maximum) == alarms
    assert last_day_of_hold(PAID, maximum_days=maximum) == PAID + timedelta(days=backstop)


def test_a_payment_of_29_september_ends_on_23_december() -> None:
    # 1 day is left of September after the 29th, then 31 in October, 30 in November, 23 in December: 85
    assert last_day_of_hold(PAID, maximum_days=90) == datetime(2026, 12, 23, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("after", "due"),
    [
        (timedelta(days=60) - timedelta(seconds=1), 0),
        (timedelta(days=60), 1),
        (timedelta(days=75) - timedelta(seconds=1), 1),
        (timedelta(days=75), 2),
        (timedelta(days=400), 2),
    ],
)
def test_an_alarm_is_due_from_its_moment_on(after: timedelta, due: int) -> None:
    assert alarms_due(PAID, maximum_days=90, now=PAID + after) == due


def test_the_longest_road_has_everybodys_whole_time() -> None:
    # 7 days to confirm, 10 to ship, 20 on the way, then the inspection; a large order rests one more day
    assert road_days(7, is_large=False) == 44
    assert road_days(14, is_large=True) == 52


@pytest.mark.parametrize(
    ("maximum", "is_large", "wanted", "fits"),
    [
        (90, True, 14, 14),
        (60, True, 14, 14),  # 60 keeps 4, then 56 keeps 4: 52 days, just the road of 52
        (59, True, 14, 13),  # 55 keeps 4: 51 days, one less to inspect
        (51, True, 14, 7),  # 51 keeps 3, then 48 keeps 3: 45 days, 38 of them before the inspection
        (50, False, 7, 7),  # 47 keeps 3: 44 days
        (90, False, 5, 5),  # nobody is given more than was wanted
        (48, False, 5, 5),  # 45 keeps 3: 42 days, 37 of them on the road
    ],
)
def test_a_shorter_hold_shortens_the_inspection_down_to_a_week(
    *, maximum: int, is_large: bool, wanted: int, fits: int
) -> None:
    assert fitted_inspection_days(wanted, maximum_days=maximum, is_large=is_large) == fits


@pytest.mark.parametrize(
    ("maximum", "is_large", "wanted", "needed", "allowed"),
    [(50, True, 14, 45, 44), (49, False, 7, 44, 43), (10, False, 7, 44, 8), (47, False, 5, 42, 41)],
)
def test_an_order_that_cannot_end_in_time_is_refused_with_both_figures(
    *, maximum: int, is_large: bool, wanted: int, needed: int, allowed: int
) -> None:
    with pytest.raises(HoldTooShort) as refused:
        fitted_inspection_days(wanted, maximum_days=maximum, is_large=is_large)

    assert refused.value.params == {"needed": needed, "allowed": allowed}
    assert refused.value.code == "hold_too_short"


@given(maximum=st.integers(2, 4000), wanted=st.integers(1, 60), is_large=st.booleans())
def test_what_fits_ends_before_the_last_day_and_the_last_day_before_the_providers(
    *, maximum: int, wanted: int, is_large: bool
) -> None:
    first, second = alarm_days(maximum)
    assert 0 <= decision_days(maximum) < backstop_days(maximum) < maximum
    assert first <= second <= backstop_days(maximum)
    try:
        fitted = fitted_inspection_days(wanted, maximum_days=maximum, is_large=is_large)
    except HoldTooShort:
        assert road_days(min(wanted, 7), is_large=is_large) > decision_days(maximum)
    else:
        assert road_days(fitted, is_large=is_large) <= decision_days(maximum)
        assert min(wanted, 7) <= fitted <= wanted


@pytest.mark.parametrize(("maximum", "too_long"), [(10, True), (49, True), (50, False), (90, False), (730, False)])
def test_where_not_even_a_small_order_fits_nobody_fills_in_a_form(*, maximum: int, too_long: bool) -> None:
    assert is_road_too_long(maximum) is too_long
    if too_long:
        with pytest.raises(HoldTooShort):
            check_road_fits(maximum_days=maximum)
    else:
        check_road_fits(maximum_days=maximum)
