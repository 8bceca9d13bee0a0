"""Time. Business time may be shifted (demonstration) or fixed (tests); wall time never is."""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tell the time: `now` for deadlines and records, `wall` for signatures, codes and other machines."""

    def now(self) -> datetime:
        """Return business time in UTC."""

    def wall(self) -> datetime:
        """Return the machine's time in UTC."""


class SystemClock:
    """Run with the machine, shifted by a constant offset in the demonstration."""

    def __init__(self, offset: timedelta = timedelta(0)) -> None:
        self._offset = offset

    def now(self) -> datetime:
        """Return business time in UTC."""
        return datetime.now(UTC) + self._offset

    def wall(self) -> datetime:
        """Return the machine's time in UTC."""
        return datetime.now(UTC)


class SetClock:
    """Stand still until told to move: for tests and for replaying dated history."""

    def __init__(self, start: datetime) -> None:
        if start.tzinfo is None:
            raise ValueError("a clock needs a time with a zone")
        self.time = start

    def now(self) -> datetime:
        """Return the time set."""
        return self.time

    def wall(self) -> datetime:
        """Return the machine's time in UTC: one-time codes and signatures are real even in a replay."""
        return datetime.now(UTC)

    def advance(self, step: timedelta) -> None:
        """Move the time by `step`."""
        self.time += step
