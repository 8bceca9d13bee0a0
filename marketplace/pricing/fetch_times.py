"""When a source is asked again: its own interval after a success, sooner but ever later after failures."""

from datetime import datetime, timedelta
from typing import Final

FIRST_PAUSE: Final = timedelta(minutes=5)
KEEP_FETCHES: Final = timedelta(days=400)
# A fetch that runs for longer has lost its worker: the time-out of a fetch, doubled, and a minute to read and import.
_TO_IMPORT: Final = timedelta(minutes=1)


def next_try(last_start: datetime, *, every: timedelta, failures: int) -> datetime:
    """Return when a source is due again: after failures in 5, 10, 20 … minutes, never later than its interval."""
    if not failures:
        return last_start + every
    doubled: int = 2 ** (failures - 1)
    return last_start + min(FIRST_PAUSE * doubled, every)


def is_abandoned(started_at: datetime, now: datetime, *, timeout_seconds: int) -> bool:
    """Say whether a fetch at work has been at work for so long that its worker must be gone."""
    return now - started_at > timedelta(seconds=2 * timeout_seconds) + _TO_IMPORT
