"""How much a buyer may buy at each verification level. Pure.

Source: the product's table of roles. L0 browses, L1 (e-mail and company) holds and offers, L2 (identity) buys up to the
limit, L3 (enhanced checks) buys above it, gold, and goods from regions of armed conflict.
"""

from typing import Final

from marketplace.core.errors import DomainError
from marketplace.core.money import Money
from marketplace.core.text import N_

IDENTITY: Final = 2
ENHANCED: Final = 3
LIMIT: Final = Money(1_000_000, "USD")
# Countries where armed groups live off mining in whole regions: the house rule asks for the enhanced checks.
CONFLICT_COUNTRIES: Final = frozenset({"AF", "CD", "CF", "ML", "MM", "SD", "SS", "YE"})


class LevelTooLow(DomainError):
    """The buyer needs a higher verification level for this lot; the message says which and how."""

    code = "level_too_low"


def check_level(level: int, *, kind: str, country: str, value: Money | None) -> None:
    """Raise LevelTooLow when `level` does not reach. `value` is the price in US dollars, None when no rate is known."""
    if level < IDENTITY:
        raise LevelTooLow(
            N_("To buy, Pact must know who you are. Ask for a check of your company: you get a letter with the answer.")
        )
    if level >= ENHANCED:
        return
    if kind == "gold":
        raise LevelTooLow(
            N_("To buy gold, your company needs the enhanced check. Ask Pact for it: you get a letter with the answer.")
        )
    if country in CONFLICT_COUNTRIES:
        raise LevelTooLow(
            N_(
                "To buy from this country, your company needs the enhanced check. "
                "Ask Pact for it: you get a letter with the answer."
            )
        )
    if value is None or value > LIMIT:
        raise LevelTooLow(
            N_(
                "Without the enhanced check you may buy up to %(limit)s at a time. "
                "Ask Pact for it: you get a letter with the answer."
            ),
            limit=LIMIT,
        )
