"""Simulated time and chance: the seed decides both, so that the same seed makes the same ids at the same moments."""

import random
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from types import ModuleType
from unittest.mock import patch

from marketplace.core import ids

# Modules of the provider's stand-in that ask the machine for time or chance.
PROVIDER_SIDE = "marketplace.sandbox."


class SimulatedClock:
    """The program's clock. `true` is the time at the provider; `skew` is how wrong ours is."""

    def __init__(self, start: datetime) -> None:
        self.true = start
        self.skew = timedelta(0)

    def now(self) -> datetime:
        """Return business time."""
        return self.true + self.skew

    def wall(self) -> datetime:
        """Return the machine's time: here it is simulated too."""
        return self.now()

    def advance(self, step: timedelta) -> None:
        """Let time pass everywhere."""
        self.true += step


class SimulatedTime:
    """What stands in for the module `time`: nobody really waits."""

    def __init__(self, read: "SimulatedClock", *, is_true: bool) -> None:
        self._clock, self._is_true = read, is_true

    def time(self) -> float:
        """Return seconds since 1970."""
        return (self._clock.true if self._is_true else self._clock.now()).timestamp()

    def time_ns(self) -> int:
        """Return nanoseconds since 1970."""
        return int(self.time() * 1000) * 1_000_000

    def sleep(self, seconds: float) -> None:
        """Return at once."""


class SeededSecrets:
    """What stands in for the module `secrets`: unguessable to nobody, the same for the same seed."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance

    def randbits(self, bits: int) -> int:
        """Return a number of so many bits."""
        return self._chance.getrandbits(bits)

    def choice(self, symbols: str) -> str:
        """Return one of them."""
        return self._chance.choice(symbols)

    def token_hex(self, size: int) -> str:
        """Return so many bytes as text."""
        return self._chance.randbytes(size).hex()

    def token_bytes(self, size: int) -> bytes:
        """Return so many bytes."""
        return self._chance.randbytes(size)

    def token_urlsafe(self, size: int) -> str:
        """Return so many bytes as text."""
        return self.token_hex(size)


@contextmanager
def decided_by(seed: int, clock: SimulatedClock) -> Iterator[None]:
    """Let the seed decide ids, references and the provider's time while the block runs."""
    with ExitStack() as stack:

        def replace(module: ModuleType, *, is_true: bool, chance: random.Random) -> None:
            for name, stand_in in (
                ("time", SimulatedTime(clock, is_true=is_true)),
                ("secrets", SeededSecrets(chance)),
            ):
                if isinstance(getattr(module, name, None), ModuleType):
                    stack.enter_context(patch.object(module, name, stand_in))

        replace(ids, is_true=False, chance=random.Random(f"{seed} our ids"))
        theirs = random.Random(f"{seed} ids of the provider")
        for name, module in sorted(sys.modules.items()):
            if name.startswith(PROVIDER_SIDE):
                replace(module, is_true=True, chance=theirs)
        yield
