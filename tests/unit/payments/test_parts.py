"""A payout above a limit is split into parts that sum exactly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.money import Money, total
from marketplace.payments.payouts.parts import MOST_PARTS, TooManyParts, split


def tzs(units: int) -> Money:
    return Money(units * 100, "TZS")


@pytest.mark.parametrize(
    ("amount", "sizes"),
    [
        (4_999_999, [4_999_999]),
        (5_000_000, [5_000_000]),
        (5_000_001, [5_000_000, 1]),
        (12_500_000, [5_000_000, 5_000_000, 2_500_000]),
    ],
)
def test_parts_are_as_large_as_the_limit_and_the_odd_one_is_last(amount: int, sizes: list[int]) -> None:
    parts = split(tzs(amount), per_transaction=tzs(5_000_000), per_day=tzs(10_000_000))
    assert [part.amount for part in parts] == [tzs(size) for size in sizes]
    assert [part.number for part in parts] == list(range(1, len(sizes) + 1))


def test_what_a_day_does_not_hold_goes_on_the_next_day() -> None:
    # 5 + 5 fill the 10 million of the first day, 2.5 wait for the second.
    parts = split(tzs(12_500_000), per_transaction=tzs(5_000_000), per_day=tzs(10_000_000))
    assert [part.day for part in parts] == [0, 0, 1]


def test_limits_of_another_currency_do_not_bind() -> None:
    (part,) = split(Money(9_000_000, "USD"), per_transaction=tzs(5), per_day=tzs(10))
    assert (part.amount, part.day) == (Money(9_000_000, "USD"), 0)


def test_a_day_limit_alone_splits_too() -> None:
    assert [part.day for part in split(tzs(25), per_transaction=None, per_day=tzs(10))] == [0, 1, 2]


def test_fifty_parts_are_the_most() -> None:
    assert len(split(tzs(MOST_PARTS), per_transaction=tzs(1), per_day=None)) == 50
    with pytest.raises(TooManyParts):
        split(Money(5_001, "TZS"), per_transaction=tzs(1), per_day=None)


@pytest.mark.parametrize(("amount", "limit"), [(0, 1), (-1, 1), (5, -1)])
def test_nothing_and_less_cannot_be_split(amount: int, limit: int) -> None:
    with pytest.raises(ValueError, match="above zero"):
        split(tzs(amount), per_transaction=tzs(limit), per_day=None)


@given(amount=st.integers(1, 10**9), most=st.integers(10**8, 10**9), times=st.integers(1, 5))
def test_parts_always_sum_and_none_is_above_a_limit(amount: int, most: int, times: int) -> None:
    limit, day = Money(most, "TZS"), Money(most * times, "TZS")
    parts = split(Money(amount, "TZS"), per_transaction=limit, per_day=day)
    assert total([part.amount for part in parts], currency="TZS") == Money(amount, "TZS")
    assert all(Money.zero("TZS") < part.amount <= limit for part in parts)
    days = {part.day for part in parts}
    assert all(sum(part.amount.minor for part in parts if part.day == each) <= day.minor for each in days)
