"""How an order is paid, and until when."""

from datetime import UTC, datetime, timedelta

import pytest

from marketplace.core.money import Money
from marketplace.payments.methods import after_working_days, is_by_transfer, pay_until

TUESDAY = datetime(2026, 9, 29, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "by_transfer"),
    [(Money(999_999, "USD"), False), (Money(1_000_000, "USD"), True), (Money(1_000_001, "USD"), True), (None, False)],
)
def test_from_the_threshold_on_an_order_is_paid_by_transfer(value: Money | None, by_transfer: bool) -> None:
    assert is_by_transfer("EUR", value=value, threshold_minor=1_000_000) is by_transfer


@pytest.mark.parametrize(
    ("currency", "by_transfer"), [("USD", True), ("EUR", True), ("GBP", True), ("TZS", False), ("CHF", False)]
)
def test_only_currencies_a_bank_takes_are_paid_by_transfer(currency: str, by_transfer: bool) -> None:
    value = Money(5_000_000, "USD")
    assert is_by_transfer(currency, value=value, threshold_minor=1_000_000) is by_transfer


def test_a_card_has_half_an_hour_and_a_transfer_three_working_days() -> None:
    assert pay_until(TUESDAY, by_transfer=False) == TUESDAY + timedelta(minutes=30)
    assert pay_until(TUESDAY, by_transfer=True) == TUESDAY + timedelta(days=3)  # a Friday


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (30, "2026-10-05"),  # Wednesday: Thursday, Friday, Monday
        (25, "2026-09-30"),  # Friday: Monday, Tuesday, Wednesday
        (26, "2026-09-30"),  # Saturday: Monday, Tuesday, Wednesday
        (27, "2026-09-30"),  # Sunday: the same
    ],
)
def test_saturdays_and_sundays_do_not_count(start: int, end: str) -> None:
    found = after_working_days(TUESDAY.replace(day=start), 3)
    assert (found.date().isoformat(), found.hour) == (end, 9)


def test_no_days_later_is_now() -> None:
    assert after_working_days(TUESDAY, 0) == TUESDAY
