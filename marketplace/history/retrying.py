"""How long news waits after a failure, and when it is given up. Pure."""

from datetime import datetime, timedelta
from typing import Final

FIRST_WAIT: Final = timedelta(seconds=30)
LONGEST_WAIT: Final = timedelta(hours=6)
GIVEN_UP_AFTER: Final = timedelta(days=5)


def wait_after(failures: int) -> timedelta:
    """Return the wait after so many failures in a row, from the first on: it doubles, up to six hours."""
    if failures > 10:  # 2 ** 10 half minutes are more than six hours
        return LONGEST_WAIT
    wait: timedelta = FIRST_WAIT * 2 ** (failures - 1)
    return min(wait, LONGEST_WAIT)


def is_given_up(failing_since: datetime, *, now: datetime) -> bool:
    """Say whether a receiver failed so long that nothing more is sent to it."""
    return now - failing_since >= GIVEN_UP_AFTER
