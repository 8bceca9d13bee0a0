"""Amounts by worked example, and there and back for every currency."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.money import EXPONENT, Money
from marketplace.payments.stripe_amounts import UnpayableAmount, from_stripe, to_stripe


@pytest.mark.parametrize(
    ("money", "amount"),
    [
        (Money(124_000, "USD"), 124_000),  # USD 1,240.00 in cents
        (Money(500, "JPY"), 500),  # yen have no minor unit
        (Money(5, "UGX"), 500),  # no decimals, written with two
        (Money(5_00, "MGA"), 5),  # two decimals in ISO 4217, none at Stripe
        (Money(5, "XOF"), 5),
        (Money(5_120, "KWD"), 5_120),  # three decimals, the last of them 0
        (Money(10, "TND"), 10),
    ],
)
def test_stripe_is_told_its_own_unit(money: Money, amount: int) -> None:
    assert to_stripe(money) == amount
    assert from_stripe(amount, money.currency.lower()) == money


def test_a_fraction_that_stripe_cannot_charge_is_refused() -> None:
    with pytest.raises(UnpayableAmount):
        to_stripe(Money(5_01, "MGA"))
    for last in range(1, 10):
        with pytest.raises(UnpayableAmount):
            to_stripe(Money(5_120 + last, "KWD"))
    with pytest.raises(UnpayableAmount):
        from_stripe(501, "ugx")


def test_a_fee_may_use_the_digit_that_a_charge_may_not() -> None:
    assert from_stripe(5_124, "kwd") == Money(5_124, "KWD")


@given(st.sampled_from(sorted(EXPONENT)), st.integers(-(10**12), 10**12))
def test_whole_units_return_unchanged(currency: str, units: int) -> None:
    money = Money.from_decimal(units, currency)
    assert from_stripe(to_stripe(money), currency) == money
