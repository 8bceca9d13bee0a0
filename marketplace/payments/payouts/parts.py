"""Split a payout that is above the rail's limit into parts that sum exactly. Pure."""

from dataclasses import dataclass
from typing import Final

from marketplace.core.errors import Conflict
from marketplace.core.money import Money
from marketplace.core.text import N_

# More transfers than this for one payout is a wrong rail, not a plan.
MOST_PARTS: Final = 50


class TooManyParts(Conflict):
    """The rail's limit is far too small for the amount."""

    code = "too_many_parts"
    message = N_("This way of paying is too small for the amount. Ask the cooperative for a bank account.")


@dataclass(frozen=True, slots=True)
class Part:
    """One transfer: its number from 1, its amount, and the day it can go, 0 being the first."""

    number: int
    amount: Money
    day: int


def split(amount: Money, *, per_transaction: Money | None, per_day: Money | None) -> tuple[Part, ...]:
    """Return the fewest parts within the limits, the odd one last; raise TooManyParts.

    Limits in another currency than the amount do not bind: the provider converts, and nobody here knows its rate.
    """
    if amount.minor <= 0:
        raise ValueError("a payout is above zero")
    binding = [limit for limit in (per_transaction, per_day) if limit and limit.currency == amount.currency]
    most = min((limit.minor for limit in binding), default=amount.minor)
    if most <= 0:
        raise ValueError("a limit is above zero")
    if -(-amount.minor // most) > MOST_PARTS:
        raise TooManyParts
    whole, odd = divmod(amount.minor, most)
    sizes = [most] * whole + ([odd] if odd else [])
    day_limit = per_day.minor if per_day and per_day.currency == amount.currency else None
    return _over_days([Money(size, amount.currency) for size in sizes], day_limit)


def _over_days(amounts: list[Money], day_limit: int | None) -> tuple[Part, ...]:
    parts: list[Part] = []
    day, spent = 0, 0
    for number, amount in enumerate(amounts, 1):
        if day_limit is not None and spent + amount.minor > day_limit:
            day, spent = day + 1, 0
        spent += amount.minor
        parts.append(Part(number, amount, day))
    return tuple(parts)
