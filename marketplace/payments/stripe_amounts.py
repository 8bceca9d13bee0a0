"""Translate money to Stripe's amounts and back: their minor unit is not always that of ISO 4217."""

from __future__ import annotations

from typing import Final

from marketplace.core.money import Money, exponent_of

# Source: https://docs.stripe.com/currencies#zero-decimal (the same list as of API version 2026-10-28).
_ZERO_DECIMAL: Final = frozenset(
    {"BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"}
)
# UGX has no decimals at Stripe either, yet its amounts are written with two: 500 is UGX 5.
_WRITTEN_WITH_TWO: Final = frozenset({"UGX"})
_USUAL_EXPONENT: Final = 2


class UnpayableAmount(ValueError):
    """The amount has a fraction that Stripe cannot charge in this currency."""


def to_stripe(money: Money) -> int:
    """Return Stripe's integer amount of money; raise UnpayableAmount rather than round."""
    minor: int = money.minor * int(10 ** _stripe_exponent(money.currency))
    exact, rest = divmod(minor, int(10 ** exponent_of(money.currency)))
    if rest:
        raise UnpayableAmount(f"{money} has a fraction that Stripe cannot charge")
    return exact


def from_stripe(amount: int, currency: str) -> Money:
    """Return the money of Stripe's integer amount; currency in any letter case."""
    code = currency.upper()
    exact, rest = divmod(amount * int(10 ** exponent_of(code)), int(10 ** _stripe_exponent(code)))
    if rest:
        raise UnpayableAmount(f"{amount} {code} of Stripe has a fraction that the currency does not have")
    return Money(exact, code)


def _stripe_exponent(currency: str) -> int:
    if currency in _WRITTEN_WITH_TWO:
        return _USUAL_EXPONENT
    return 0 if currency in _ZERO_DECIMAL else _USUAL_EXPONENT
