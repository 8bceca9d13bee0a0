"""The account's own exchange: charges in one currency are counted to the balance in another, at a rate set by control.

As at Stripe, the balance transaction then stands in the other currency with its `exchange_rate`, its fee too; a later
refund or dispute of the charge is exchanged at the rate of its own day.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from marketplace.sandbox.amounts import digits_of
from marketplace.sandbox.refusals import Refusal
from marketplace.sandbox.store import Transaction

_NAME: Final = "exchange"
# Rates are kept in hundred-millionths, because settings are whole numbers.
_PARTS: Final = 10**8
_LARGEST_RATE: Final = 10**6


@dataclass(frozen=True, slots=True)
class Counted:
    """An amount as the balance counts it; `rate` is None where nothing was exchanged."""

    amount: int
    currency: str
    rate: float | None


def set_rate(tx: Transaction, *, source: str, target: str, rate: str) -> None:
    """Exchange what comes in one currency into another from now on; a rate of 0 stops it. Raises Refusal."""
    source, target = source.lower(), target.lower()
    if not all(len(code) == 3 and code.isascii() and code.isalpha() for code in (source, target)) or source == target:
        raise Refusal("Name two currencies of three letters.")
    try:
        exact = Fraction(rate)
    except (ValueError, ZeroDivisionError):
        raise Refusal("Give the rate as a number, such as 1.0812.") from None
    if not 0 <= exact <= _LARGEST_RATE:
        raise Refusal(f"A rate lies between 0 and {_LARGEST_RATE}.")
    tx.execute("DELETE FROM setting WHERE name LIKE ?", (f"{_NAME}:{source}:%",))
    if exact:
        tx.set(f"{_NAME}:{source}:{target}", round(exact * _PARTS))


def counted(tx: Transaction, amount: int, currency: str) -> Counted:
    """Return an amount as the balance counts it, rounded half to even to the other currency's unit."""
    row = tx.execute("SELECT name, value FROM setting WHERE name LIKE ?", (f"{_NAME}:{currency}:%",)).fetchone()
    if row is None:
        return Counted(amount, currency, None)
    target = str(row["name"]).rpartition(":")[2]
    rate = Fraction(int(row["value"]), _PARTS)
    exact = Fraction(amount) * rate * Fraction(10) ** (digits_of(target) - digits_of(currency))
    return Counted(round(exact), target, float(rate))
