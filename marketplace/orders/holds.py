"""Courtesy holds: who may keep a lot for a while without paying, how many, and how often. Pure; times are given.

Source: the order chapter of the design. A hold keeps other buyers away, so it is short and scarce.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from marketplace.core.errors import Conflict
from marketplace.core.text import N_
from marketplace.orders.levels import LevelTooLow

HOLD: Final = timedelta(hours=48)
NOTICE: Final = timedelta(hours=12)
AGAIN: Final = timedelta(days=7)
MOST_HOLDS: Final = 3
# Verification level 1: e-mail and company are confirmed. It holds and makes offers; buying needs more.
CONFIRMED: Final = 1


class HoldRefused(Conflict):
    """The buyer may not hold this lot now; the message says why and when."""

    code = "hold_refused"
    message = N_("You cannot hold this lot now.")


@dataclass(frozen=True, slots=True)
class Held:
    """One hold of a buyer: whether it is on this lot, when it began, and whether it still stands."""

    is_of_this_lot: bool
    began_at: datetime
    is_live: bool


def check_confirmed(level: int) -> None:
    """Raise LevelTooLow unless e-mail and company are confirmed."""
    if level < CONFIRMED:
        raise LevelTooLow(
            N_(
                "To hold a lot or make an offer, Pact must know your company. "
                "Ask for a check of your company: you get a letter with the answer."
            )
        )


def check_hold(held: Sequence[Held], *, now: datetime) -> None:
    """Raise HoldRefused when the buyer holds enough lots, or held this one within the last seven days."""
    if sum(each.is_live for each in held) >= MOST_HOLDS:
        raise HoldRefused(N_("You hold %(most)s lots already. End one of them first."), most=MOST_HOLDS)
    last = max((each.began_at for each in held if each.is_of_this_lot), default=None)
    if last is not None and now < last + AGAIN:
        raise HoldRefused(
            N_("You held this lot lately. You may hold it again from %(again)s. You can buy it now."),
            again=last + AGAIN,
        )
