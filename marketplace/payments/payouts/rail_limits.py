"""What the limits of a rail mean for a payout: they are told in the receiver's currency, a payout in the payable's."""

from fractions import Fraction
from math import floor
from typing import Final

from marketplace.core.errors import Conflict
from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.payments import payout_exchange
from marketplace.payments.models import Payout
from marketplace.unit_of_work import UnitOfWork

# A payout is split when it is prepared and exchanged later: each part still fits while the rate rises by up to 2 %.
ROOM: Final = Fraction(49, 50)


class NoRateForLimits(Conflict):
    """The rail has a limit in a currency that has no reference rate today."""

    code = "no_rate_for_limits"
    message = N_("This way of paying has a limit, and its currency has no rate today. Import the rates first.")


def in_payable(uow: UnitOfWork, payout: Payout, limit: Money | None) -> Money | None:
    """Return a limit in the payout's currency at today's reference rate, rounded down; raise NoRateForLimits."""
    if limit is None or limit.currency == payout.currency:
        return limit
    offer = payout_exchange.offer(uow, payout, limit.currency)
    if offer is None:
        raise NoRateForLimits
    exact = Fraction(limit.minor * offer.swap.agreed.minor, offer.swap.given.minor)
    return Money(floor(exact * ROOM), payout.currency)
