"""Money: whole minor units and an ISO 4217 code, never a float."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Final, Self

# Digits after the decimal mark of one unit, from ISO 4217 (list one).
EXPONENT: Final[Mapping[str, int]] = MappingProxyType(
    {
        "AED": 2, "AUD": 2, "BHD": 3, "BIF": 0, "CAD": 2, "CDF": 2, "CHF": 2, "CNY": 2, "COP": 2, "EUR": 2, "GBP": 2,
        "GHS": 2, "HKD": 2, "INR": 2, "JOD": 3, "JPY": 0, "KES": 2, "KWD": 3, "LKR": 2, "MGA": 2, "OMR": 3, "RWF": 0,
        "SLE": 2, "THB": 2, "TND": 3, "TZS": 2, "UGX": 0, "USD": 2, "XAF": 0, "XOF": 0, "ZAR": 2, "ZMW": 2,
    }
)  # fmt: skip

# Currencies whose small unit nobody uses any more: people read and type whole units.
_WHOLE_UNITS_ONLY: Final = frozenset({"BIF", "CDF", "COP", "JPY", "MGA", "RWF", "TZS", "UGX", "XAF", "XOF"})
DISPLAY_DECIMALS: Final[Mapping[str, int]] = MappingProxyType(
    {code: 0 if code in _WHOLE_UNITS_ONLY else exponent for code, exponent in EXPONENT.items()}
)

# What a PostgreSQL bigint column holds; the database would refuse more, so the type does it first.
LARGEST_MINOR: Final = 2**63 - 1


class UnknownCurrency(ValueError):
    """A currency code that the marketplace does not know."""


class CurrencyMismatch(ValueError):
    """Two amounts in different currencies were added or compared."""


@dataclass(frozen=True, slots=True)
class Money:
    """Hold a signed amount as whole minor units of one currency."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        # `type(...) is int` on purpose: bool is an int in Python, and PostgreSQL would silently round a 10.5.
        if type(self.minor) is not int:
            raise TypeError(f"minor units are a whole number, not {type(self.minor).__name__}")
        if self.currency not in EXPONENT:
            raise UnknownCurrency(f"unknown currency: {self.currency!r}")
        if abs(self.minor) > LARGEST_MINOR:
            raise OverflowError("the amount does not fit 64 bits")

    @classmethod
    def zero(cls, currency: str) -> Self:
        """Return no money of this currency."""
        return cls(0, currency)

    @classmethod
    def from_decimal(cls, amount: Decimal | Fraction | int, currency: str) -> Self:
        """Return the amount in whole units rounded once, half to even, to the currency's minor unit."""
        if isinstance(amount, bool) or not isinstance(amount, Decimal | Fraction | int):
            raise TypeError(f"an amount is an exact number, not {type(amount).__name__}")
        if isinstance(amount, Decimal) and not amount.is_finite():
            raise ValueError("an amount is a finite number")
        return cls(round(Fraction(amount) * 10 ** exponent_of(currency)), currency)

    @property
    def amount(self) -> Decimal:
        """Return the amount in whole units, with exactly the currency's digits after the mark."""
        return Decimal(self.minor).scaleb(-EXPONENT[self.currency])

    @property
    def is_negative(self) -> bool:
        """Say whether the amount is below zero."""
        return self.minor < 0

    def allocate(self, weights: Sequence[int | Decimal | Fraction]) -> tuple[Money, ...]:
        """Share the amount by weight so that the parts sum to it exactly (largest remainder, ties to the first)."""
        shares = [Fraction(weight) for weight in weights]
        if not shares or any(share < 0 for share in shares) or not any(shares):
            raise ValueError("weights are at least one positive number and none below zero")
        total, sign = sum(shares), -1 if self.minor < 0 else 1
        exact = [abs(self.minor) * share / total for share in shares]
        parts = [int(part) for part in exact]
        by_remainder = sorted(range(len(parts)), key=lambda place: (parts[place] - exact[place], place))
        for place in by_remainder[: abs(self.minor) - sum(parts)]:
            parts[place] += 1
        return tuple(Money(sign * part, self.currency) for part in parts)

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._minor_of(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._minor_of(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __abs__(self) -> Money:
        return Money(abs(self.minor), self.currency)

    def __bool__(self) -> bool:
        return self.minor != 0

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._minor_of(other)

    def __le__(self, other: Money) -> bool:
        return self.minor <= self._minor_of(other)

    def __gt__(self, other: Money) -> bool:
        return self.minor > self._minor_of(other)

    def __ge__(self, other: Money) -> bool:
        return self.minor >= self._minor_of(other)

    def __str__(self) -> str:
        return f"{self.currency} {self.amount:,f}"

    def _minor_of(self, other: Money) -> int:
        if not isinstance(other, Money):
            raise TypeError(f"money combines with money only, not {type(other).__name__}")
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency} do not combine; convert first")
        return other.minor


def exponent_of(currency: str) -> int:
    """Return the digits after the decimal mark of a currency's minor unit."""
    if currency not in EXPONENT:
        raise UnknownCurrency(f"unknown currency: {currency!r}")
    return EXPONENT[currency]


def total(amounts: Sequence[Money], *, currency: str) -> Money:
    """Return the sum of amounts in one currency; no amounts sum to zero."""
    result = Money.zero(currency)
    for amount in amounts:
        result += amount
    return result


def convert(money: Money, units_per_usd_from: Decimal, units_per_usd_to: Decimal, currency: str) -> Money:
    """Return the money in another currency through two rates in units per US dollar, rounded once, half to even."""
    if not units_per_usd_from.is_finite() or not units_per_usd_to.is_finite():
        raise ValueError("an exchange rate is a finite number")
    if units_per_usd_from <= 0 or units_per_usd_to <= 0:
        raise ValueError("an exchange rate is above zero")
    exact = Fraction(money.amount) * Fraction(units_per_usd_to) / Fraction(units_per_usd_from)
    return Money.from_decimal(exact, currency)
