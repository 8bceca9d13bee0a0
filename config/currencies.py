"""Which currencies buyers may pay in."""

from __future__ import annotations

from typing import Final

from config.parsing import Reader
from marketplace.core.money import EXPONENT

NAME: Final = "PAYMENT_CURRENCIES"
DEFAULT: Final = "USD,EUR,GBP,CHF"
MOST: Final = 12
# The payment provider does not charge in these: docs.stripe.com/currencies#presentment-currencies.
_NOT_CHARGED: Final = frozenset({"GHS"})


class Currencies(tuple[str, ...]):
    """ISO codes in the order they are offered."""

    __slots__ = ()


def read_currencies(read: Reader) -> Currencies:
    """Return the currencies in the order given, each once; the default and a complaint when one cannot be used."""
    given = read.text(NAME, DEFAULT)
    codes = Currencies(dict.fromkeys(code.strip().upper() for code in given.split(",") if code.strip()))
    wrong = [code for code in codes if code not in EXPONENT or code in _NOT_CHARGED]
    if wrong:
        read.problems.append(f"{NAME} names {', '.join(wrong)}; the provider charges nobody in that")
    elif len(codes) > MOST:
        read.problems.append(f"{NAME} names {len(codes)} currencies; {MOST} are enough")
    else:
        return codes
    return Currencies(DEFAULT.split(","))
