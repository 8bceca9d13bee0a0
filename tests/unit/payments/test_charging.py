"""What the provider can charge, by worked example of its documentation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.errors import InvalidInput
from marketplace.core.money import EXPONENT, Money, UnknownCurrency
from marketplace.payments.charging import check_step, is_charged, provider_exponent, step_of, to_step
from marketplace.payments.stripe_amounts import from_stripe, to_stripe


@pytest.mark.parametrize(
    ("currency", "step"),
    [("USD", 1), ("JPY", 1), ("UGX", 1), ("XOF", 1), ("MGA", 100),
     ("BHD", 10), ("JOD", 10), ("KWD", 10), ("OMR", 10), ("TND", 10)],
)  # fmt: skip
def test_the_least_amount_that_is_charged(currency: str, step: int) -> None:
    assert step_of(currency) == step


def test_an_unknown_currency_has_no_step() -> None:
    with pytest.raises(UnknownCurrency):
        step_of("XXX")


@pytest.mark.parametrize(
    ("currency", "digits"), [("USD", 2), ("UGX", 2), ("JPY", 0), ("MGA", 0), ("RWF", 0), ("KWD", 3), ("TND", 3)]
)
def test_the_digits_of_the_provider_s_amounts(currency: str, digits: int) -> None:
    assert provider_exponent(currency) == digits


@pytest.mark.parametrize(
    ("minor", "currency", "rounded"),
    [
        # The documentation's own example: KD 5.124 is charged as 5120 or 5130.
        (5_124, "KWD", 5_120), (5_125, "KWD", 5_120), (5_126, "KWD", 5_130), (5_135, "KWD", 5_140),
        (5_130, "KWD", 5_130), (4, "KWD", 0), (-5_126, "KWD", -5_130),
        (149, "MGA", 100), (150, "MGA", 200), (250, "MGA", 200), (7, "USD", 7),
    ],
)  # fmt: skip
def test_an_amount_is_rounded_half_to_even(minor: int, currency: str, rounded: int) -> None:
    assert to_step(minor, currency) == rounded


@pytest.mark.parametrize(
    ("amount", "charged"),
    [
        (Money(5_120, "KWD"), True),
        (Money(5_121, "KWD"), False),
        (Money(500, "MGA"), True),
        (Money(501, "MGA"), False),
        # Eight digits of its unit: US$999,999.99, ¥99,999,999, USh 999,999 (written with two), KD 99,999.990.
        (Money(99_999_999, "USD"), True),
        (Money(100_000_000, "USD"), False),
        (Money(99_999_999, "JPY"), True),
        (Money(100_000_000, "JPY"), False),
        (Money(999_999, "UGX"), True),
        (Money(1_000_000, "UGX"), False),
        (Money(99_999_990, "KWD"), True),
        (Money(100_000_000, "KWD"), False),
        (Money(1_00, "GHS"), False),
    ],
)
def test_which_amounts_are_charged(amount: Money, charged: bool) -> None:
    assert is_charged(amount) is charged


def test_money_that_cannot_go_back_to_the_last_digit_is_refused_in_words() -> None:
    check_step(Money(5_120, "KWD"), field="refund")
    check_step(Money(1, "USD"), field="refund")
    with pytest.raises(InvalidInput) as refused:
        check_step(Money(5_121, "KWD"), field="refund")
    error = refused.value.fields["refund"]
    assert error.message % error.params == (
        "In this currency money goes back in steps of KWD 0.010. Enter such an amount."
    )


@given(st.sampled_from(sorted(EXPONENT)), st.integers(0, 10**11))
def test_what_is_rounded_is_told_and_read_without_loss(currency: str, minor: int) -> None:
    money = Money(to_step(minor, currency), currency)
    assert from_stripe(to_stripe(money), currency) == money
    assert 2 * abs(money.minor - minor) <= step_of(currency)
