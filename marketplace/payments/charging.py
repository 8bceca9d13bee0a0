"""What the provider can charge and give back: in which currencies, in which steps, and how much at once. Pure.

Source: docs.stripe.com/currencies. Amounts of currencies with three decimals end in 0; the ariary and others have no
decimals there; an amount has at most eight digits; the cedi is not charged at all.
"""

from collections.abc import Mapping
from typing import Final

from marketplace.core.errors import FieldError, InvalidInput
from marketplace.core.money import EXPONENT, Money, exponent_of
from marketplace.core.text import N_

# https://docs.stripe.com/currencies#zero-decimal
ZERO_DECIMAL: Final = frozenset(
    {"BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"}
)
# https://docs.stripe.com/currencies#three-decimal: "these API calls require the least-significant digit to be 0"
THREE_DECIMAL: Final = frozenset({"BHD", "JOD", "KWD", "OMR", "TND"})
# UGX has no decimals at Stripe either, yet its amounts are written with two: 500 is UGX 5.
WRITTEN_WITH_TWO: Final = frozenset({"UGX"})
# Not among https://docs.stripe.com/currencies#presentment-currencies.
NOT_CHARGED: Final = frozenset({"GHS"})
# "up to eight digits for all other currencies" than the rupiah, which is not traded here.
LARGEST_AMOUNT: Final = 99_999_999
_LAST_DIGIT: Final = 10
_STEPS: Final[Mapping[str, int]] = {
    code: _LAST_DIGIT if code in THREE_DECIMAL else 10**exponent if code in ZERO_DECIMAL else 1
    for code, exponent in EXPONENT.items()
}


def step_of(currency: str) -> int:
    """Return the least amount that can be charged or given back, in minor units; every amount is a multiple of it."""
    exponent_of(currency)
    return _STEPS[currency]


def to_step(minor: int, currency: str) -> int:
    """Return minor units rounded to the currency's step, half to even."""
    step = step_of(currency)
    return minor if step == 1 else step * _half_even(minor, step)


def is_charged(amount: Money) -> bool:
    """Tell whether the provider charges exactly this amount."""
    return amount.currency not in NOT_CHARGED and not amount.minor % step_of(amount.currency) and _fits(amount)


def check_step(amount: Money, *, field: str) -> None:
    """Raise InvalidInput for an amount that cannot be given back to the last digit."""
    step = Money(step_of(amount.currency), amount.currency)
    if amount.minor % step.minor:
        words = N_("In this currency money goes back in steps of %(step)s. Enter such an amount.")
        raise InvalidInput({field: FieldError(words, step=str(step))})


def provider_exponent(currency: str) -> int:
    """Return the digits after the decimal mark in the provider's amounts."""
    if currency in THREE_DECIMAL:
        return 3
    return 0 if currency in ZERO_DECIMAL else 2


def _fits(amount: Money) -> bool:
    return bool(amount.amount.scaleb(provider_exponent(amount.currency)) <= LARGEST_AMOUNT)


def _half_even(minor: int, step: int) -> int:
    whole, rest = divmod(minor, step)
    return whole + (2 * rest > step or (2 * rest == step and whole % 2 == 1))
