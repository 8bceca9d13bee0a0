"""Amounts as Stripe writes them, and Stripe's standard fee."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from marketplace.sandbox.refusals import invalid

# https://docs.stripe.com/currencies#zero-decimal; UGX has no decimals yet is written with two, so it is not here.
ZERO_DECIMAL: Final = frozenset(
    {"bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "vnd", "vuv", "xaf", "xof", "xpf"}
)
# https://docs.stripe.com/currencies#three-decimal; the last digit of what is charged or refunded must be 0.
THREE_DECIMAL: Final = frozenset({"bhd", "jod", "kwd", "omr", "tnd"})
# Stripe's own limit is between eight and twelve digits, by currency; the sandbox takes the widest.
LARGEST: Final = 999_999_999_999


def fee_of(amount: int) -> int:
    """Return 2.9 % of an amount, half up, plus 30, all in minor units."""
    return (amount * 29 + 500) // 1000 + 30


def transfer_fee_of(amount: int) -> int:
    """Return Stripe's fee of a bank transfer: 0.5 %, half up, at most 500 minor units."""
    return min((amount * 5 + 500) // 1000, 500)


def digits_of(currency: str) -> int:
    """Return the digits after the decimal mark in a currency's amounts."""
    return 0 if currency in ZERO_DECIMAL else 3 if currency in THREE_DECIMAL else 2


def display(amount: int, currency: str) -> str:
    """Write an amount for the hosted page, such as `USD 1,240.00`."""
    digits = digits_of(currency)
    return f"{currency.upper()} {Decimal(amount).scaleb(-digits):,.{digits}f}"


def check_last_digit(amount: int, currency: str, *, field: str) -> None:
    """Refuse an amount whose last digit the card networks do not carry: UGX has no decimals, though it writes two."""
    if (currency in THREE_DECIMAL and amount % 10) or (currency == "ugx" and amount % 100):
        raise invalid(field, f"Invalid {field}: an amount of {currency} must be rounded.")
