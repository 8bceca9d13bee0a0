"""What a buyer may buy in one order at each verification level. Pure.

Source: the product's table of roles. L0 browses, L1 (e-mail and company) holds and offers, L2 (identity) buys up to the
limit, L3 (enhanced checks) buys above it, gold, and goods from regions of armed conflict. The amounts stand in
`config/limits.toml`; what 12 months add up to is in `limit_figures`.
"""

from typing import Final

from marketplace.core.errors import DomainError
from marketplace.core.money import Money
from marketplace.core.text import N_

IDENTITY: Final = 2
ENHANCED: Final = 3
# Countries where armed groups live off mining in whole regions: the house rule asks for the enhanced checks.
CONFLICT_COUNTRIES: Final = frozenset({"AF", "CD", "CF", "ML", "MM", "SD", "SS", "YE"})


class LevelTooLow(DomainError):
    """The buyer needs a higher verification level for this lot; the message says which and how."""

    code = "level_too_low"


def check_level(level: int, *, kind: str, country: str, value: Money | None, one_order: Money) -> None:
    """Raise LevelTooLow when `level` does not reach.

    `value` is the price in US dollars, None when no rate is known; `one_order` is the most the level may pay at a time.
    """
    if level < IDENTITY:
        raise LevelTooLow(
            N_("To buy, Pact must know who you are. Ask for a check of your company: you get a letter with the answer.")
        )
    if level < ENHANCED:
        _check_goods(kind, country)
    if value is None and level < ENHANCED:
        raise LevelTooLow(
            N_(
                "We do not know today's value in dollars. Without the enhanced check you may buy up to %(limit)s at a "
                "time. Ask Pact for it: you get a letter with the answer."
            ),
            limit=one_order,
        )
    if value is not None and value > one_order:
        raise LevelTooLow(_above(level), limit=one_order)


def _check_goods(kind: str, country: str) -> None:
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


def _above(level: int) -> str:
    if level >= ENHANCED:
        return N_("You may buy up to %(limit)s at a time. Ask Pact to check a higher limit: you get a letter.")
    return N_(
        "Without the enhanced check you may buy up to %(limit)s at a time. "
        "Ask Pact for it: you get a letter with the answer."
    )
