"""What a buyer may still buy: the limit, what the last 12 months used of it, and what is left. Pure.

Source: due diligence counts linked transactions together (EU 10,000 EUR, US dealers 50,000 USD; `config/limits.toml`).
The limit counts for each buyer, and once more for all who belong to the same company or pay from the same account: of
several levels in such a group the highest counts, because it is one company that was checked.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from marketplace.core.errors import DomainError
from marketplace.core.money import Money
from marketplace.core.text import N_

CURRENCY: Final = "USD"
# From this share of the limit on, staff see a buyer as near to it.
NEAR_PERCENT: Final = 80
_ASK: Final = N_(
    "You may buy for %(limit)s in 12 months. You used %(used)s, and %(left)s is left. This order costs %(wanted)s. "
    "Ask Pact to check a higher limit: you get a letter with the answer."
)
_ASK_TOGETHER: Final = N_(
    "Your company and its other accounts share one limit of %(limit)s in 12 months. %(left)s of it is left. "
    "This order costs %(wanted)s. Ask Pact to check a higher limit: you get a letter with the answer."
)


class LimitReached(DomainError):
    """The order would go beyond what the buyer, or its group, may buy in 12 months; `figures` has the amounts."""

    code = "limit_reached"

    def __init__(self, message: str, /, *, limit: Money, used: Money, left: Money, wanted: Money) -> None:
        amounts = {"limit": limit, "used": used, "left": left, "wanted": wanted}
        self.figures: Mapping[str, object] = {
            "currency": limit.currency,
            **{f"{name}_minor": amount.minor for name, amount in amounts.items()},
        }
        super().__init__(message, **amounts)


@dataclass(frozen=True, slots=True)
class Share:
    """What one buyer of a group may buy and has bought, in cents of US dollars."""

    limit_minor: int
    used_minor: int


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a buyer, and of the group it belongs to (itself alone, when `related` is 0); amounts in cents."""

    own: Share
    group: Share
    related: int = 0

    @property
    def is_shared(self) -> bool:
        """Tell whether the group, not the buyer's own purchases, is what leaves the least."""
        return _left(self.group) < _left(self.own)

    @property
    def decisive(self) -> Share:
        """Return the share that leaves the least."""
        return self.group if self.is_shared else self.own

    @property
    def limit(self) -> Money:
        """Return the limit that counts."""
        return Money(self.decisive.limit_minor, CURRENCY)

    @property
    def used(self) -> Money:
        """Return what is used of the limit that counts."""
        return Money(self.decisive.used_minor, CURRENCY)

    @property
    def left(self) -> Money:
        """Return what may still be bought; never below zero."""
        return Money(_left(self.decisive), CURRENCY)

    @property
    def is_near(self) -> bool:
        """Tell whether most of the limit is used."""
        return self.decisive.used_minor * 100 >= self.decisive.limit_minor * NEAR_PERCENT

    @property
    def is_above(self) -> bool:
        """Tell whether more is used than the limit allows: it was lowered, or buyers were found to belong together."""
        return self.decisive.used_minor > self.decisive.limit_minor


def figures_of(own: Share, others: Iterable[Share]) -> Figures:
    """Return the figures of a buyer whose related buyers have the shares `others`."""
    everybody = (own, *others)
    group = Share(max(each.limit_minor for each in everybody), sum(each.used_minor for each in everybody))
    return Figures(own, group, related=len(everybody) - 1)


def check_figures(figures: Figures, wanted: Money) -> None:
    """Raise LimitReached when an order of this worth in US dollars goes beyond the limit."""
    if wanted > figures.left:
        message = _ASK_TOGETHER if figures.is_shared else _ASK
        raise LimitReached(message, limit=figures.limit, used=figures.used, left=figures.left, wanted=wanted)


def twelve_months_before(now: datetime) -> datetime:
    """Return the same moment a year earlier; 29 February becomes the 28th."""
    day = 28 if (now.month, now.day) == (2, 29) else now.day
    return now.replace(year=now.year - 1, day=day)


def _left(share: Share) -> int:
    return max(share.limit_minor - share.used_minor, 0)
