"""Translate money to Stripe's amounts and back: their minor unit is not always that of ISO 4217."""

from __future__ import annotations

from marketplace.core.money import Money, exponent_of
from marketplace.payments.charging import provider_exponent, step_of


class UnpayableAmount(ValueError):
    """The amount has a fraction that Stripe cannot charge in this currency."""


def to_stripe(money: Money) -> int:
    """Return Stripe's integer amount of money; raise UnpayableAmount rather than round."""
    if money.minor % step_of(money.currency):
        raise UnpayableAmount(f"{money} has a fraction that Stripe cannot charge")
    minor: int = money.minor * int(10 ** provider_exponent(money.currency))
    return minor // int(10 ** exponent_of(money.currency))


def from_stripe(amount: int, currency: str) -> Money:
    """Return the money of Stripe's integer amount; currency in any letter case.

    What Stripe keeps as a fee, or books after an exchange, may use the last digit that a charge may not.
    """
    code = currency.upper()
    exact, rest = divmod(amount * int(10 ** exponent_of(code)), int(10 ** provider_exponent(code)))
    if rest:
        raise UnpayableAmount(f"{amount} {code} of Stripe has a fraction that the currency does not have")
    return Money(exact, code)
