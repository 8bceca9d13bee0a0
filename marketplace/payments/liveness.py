"""How long ago the machine of payments did what it does all the time, and when that is too long. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

# A healthy worker sends within a minute; later tries after no answer come within an hour.
COMMAND_TOO_OLD: Final = timedelta(minutes=15)
NEWS_TOO_OLD: Final = timedelta(minutes=15)
# The sweep runs each hour.
SWEEP_TOO_OLD: Final = timedelta(hours=2)
# Somebody is on a payment page, and nothing was heard for this long: webhooks may not arrive.
SILENCE_TOO_LONG: Final = timedelta(hours=6)
# Payments become available within a week; a payout that waits longer needs a person.
FUNDS_TOO_LATE: Final = timedelta(days=7)


class TooOld(StrEnum):
    """What is too old."""

    COMMAND = "command"
    NEWS = "news"
    SWEEP = "sweep"
    SILENCE = "silence"
    FUNDS = "funds"


@dataclass(frozen=True, slots=True)
class Figures:
    """Times of the oldest waiting command and news, of the last sweep and news; how many payment pages are open.

    A command that waits for money at the provider is healthy for days: its time stands in `oldest_for_funds` alone.
    """

    oldest_command: datetime | None
    last_sweep: datetime | None
    last_news: datetime | None
    oldest_news: datetime | None
    payments_open: int
    oldest_for_funds: datetime | None = None


def warnings(figures: Figures, *, now: datetime, now_wall: datetime) -> Sequence[TooOld]:
    """Return what is too old: the sweep by business time, everything else by the machine's."""
    rules = (
        (TooOld.COMMAND, _older(figures.oldest_command, now_wall, COMMAND_TOO_OLD)),
        (TooOld.NEWS, _older(figures.oldest_news, now_wall, NEWS_TOO_OLD)),
        (TooOld.SWEEP, figures.last_sweep is None or _older(figures.last_sweep, now, SWEEP_TOO_OLD)),
        (TooOld.SILENCE, figures.payments_open > 0 and _older(figures.last_news, now_wall, SILENCE_TOO_LONG)),
        (TooOld.FUNDS, _older(figures.oldest_for_funds, now_wall, FUNDS_TOO_LATE)),
    )
    return [warning for warning, is_broken in rules if is_broken]


def _older(moment: datetime | None, now: datetime, limit: timedelta) -> bool:
    return moment is not None and now - moment > limit
