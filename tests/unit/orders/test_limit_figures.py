"""What a buyer may still buy in 12 months."""

from datetime import UTC, datetime

import pytest

from marketplace.core.money import Money
from marketplace.orders.limit_figures import (
    Figures,
    LimitReached,
    Share,
    check_figures,
    figures_of,
    twelve_months_before,
)


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def alone(limit: int, used: int) -> Figures:
    return figures_of(Share(limit, used), [])


@pytest.mark.parametrize("wanted", [1, 249_999, 250_000])
def test_an_order_up_to_what_is_left_passes(wanted: int) -> None:
    check_figures(alone(1_000_000, 750_000), usd(wanted))


def test_one_cent_more_than_is_left_is_refused_with_every_figure() -> None:
    with pytest.raises(LimitReached) as refused:
        check_figures(alone(1_000_000, 750_000), usd(250_001))

    assert refused.value.code == "limit_reached"
    assert refused.value.params == {
        "limit": usd(1_000_000), "used": usd(750_000), "left": usd(250_000), "wanted": usd(250_001),
    }  # fmt: skip
    assert refused.value.figures == {
        "currency": "USD", "limit_minor": 1_000_000, "used_minor": 750_000, "left_minor": 250_000,
        "wanted_minor": 250_001,
    }  # fmt: skip
    assert "You used" in refused.value.message


def test_what_is_left_is_never_below_zero() -> None:
    figures = alone(1_000_000, 1_000_001)

    assert (figures.left, figures.is_above) == (usd(0), True)
    assert not alone(1_000_000, 1_000_000).is_above


@pytest.mark.parametrize(("used", "near"), [(799_999, False), (800_000, True), (1_200_000, True)])
def test_a_buyer_is_near_from_four_fifths_on(*, used: int, near: bool) -> None:
    assert alone(1_000_000, used).is_near is near


def test_related_buyers_share_the_highest_of_their_limits() -> None:
    # 4,000 of the small limit and 43,000 of the large one: 47,000 of 50,000 are used together, and 3,000 are left;
    # by itself the small one would have 6,000 left
    figures = figures_of(Share(1_000_000, 400_000), [Share(5_000_000, 4_300_000)])

    assert (figures.related, figures.is_shared) == (1, True)
    assert (figures.limit, figures.used, figures.left) == (usd(5_000_000), usd(4_700_000), usd(300_000))
    with pytest.raises(LimitReached, match="other accounts share") as refused:
        check_figures(figures, usd(300_001))
    assert refused.value.figures["left_minor"] == 300_000


def test_a_large_company_lends_its_limit_to_nobody() -> None:
    figures = figures_of(Share(1_000_000, 900_000), [Share(5_000_000, 0)])

    assert (figures.is_shared, figures.limit, figures.left) == (False, usd(1_000_000), usd(100_000))


def test_the_own_limit_is_named_when_both_leave_the_same() -> None:
    figures = figures_of(Share(1_000_000, 900_000), [Share(1_000_000, 0)])

    assert (figures.is_shared, figures.left) == (False, usd(100_000))


@pytest.mark.parametrize(
    ("now", "before"),
    [
        (datetime(2026, 9, 29, 9, 30, tzinfo=UTC), datetime(2025, 9, 29, 9, 30, tzinfo=UTC)),
        (datetime(2028, 2, 29, 1, tzinfo=UTC), datetime(2027, 2, 28, 1, tzinfo=UTC)),
        (datetime(2029, 2, 28, 1, tzinfo=UTC), datetime(2028, 2, 28, 1, tzinfo=UTC)),
        (datetime(2028, 3, 29, 1, tzinfo=UTC), datetime(2027, 3, 29, 1, tzinfo=UTC)),
    ],
)
def test_twelve_months_go_back_to_the_same_day(now: datetime, before: datetime) -> None:
    assert twelve_months_before(now) == before
