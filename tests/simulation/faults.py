"""What goes wrong, where, and how often. The seed draws it; every strike is counted."""

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from unittest.mock import patch

from sqlalchemy import Engine, event

from marketplace.unit_of_work import UnitOfWork


class Fault(StrEnum):
    """The faults of the design's list; those of webhooks and of the clock are moves of their own."""

    CRASH_BEFORE_CALL = "crash before call"
    CRASH_AFTER_CALL = "crash after call"
    CRASH_BEFORE_COMMIT = "crash before commit"
    CRASH_AFTER_COMMIT = "crash after commit"
    TIME_OUT = "time-out"
    LOST_REPLY = "lost reply"
    SERVER_ERROR = "server error"
    OTHER_WORKER = "another worker meanwhile"
    CONNECTION_LOST = "database connection lost"


CRASHES = (Fault.CRASH_BEFORE_CALL, Fault.CRASH_AFTER_CALL, Fault.CRASH_BEFORE_COMMIT, Fault.CRASH_AFTER_COMMIT)
# Of a thousand chances: a call or a commit has one for each of its faults, a statement one for the connection.
PER_THOUSAND = {
    Fault.CRASH_BEFORE_CALL: 40,
    Fault.CRASH_AFTER_CALL: 90,
    Fault.CRASH_BEFORE_COMMIT: 15,
    Fault.CRASH_AFTER_COMMIT: 25,
    Fault.TIME_OUT: 30,
    Fault.LOST_REPLY: 90,
    Fault.SERVER_ERROR: 30,
    Fault.OTHER_WORKER: 120,
    Fault.CONNECTION_LOST: 1,
}


class Crash(BaseException):
    """The process was killed here. No part of the program may catch this and go on."""


@dataclass
class Faults:
    """Draws what goes wrong. `active` is off while the world is built, and while the queues are drained."""

    chance: random.Random
    active: bool = False
    counts: Counter[str] = field(default_factory=Counter)
    commits: int = 0
    in_this_move: list[Fault] = field(default_factory=list)

    def strikes(self, fault: Fault) -> bool:
        """Tell whether the fault happens now."""
        if not self.active or self.chance.randrange(1000) >= PER_THOUSAND[fault]:
            return False
        self.counts[fault.value] += 1
        self.in_this_move.append(fault)
        return True

    def crash_at(self, fault: Fault) -> None:
        """Kill the process here if the seed says so."""
        if self.strikes(fault):
            raise Crash(fault.value)

    @property
    def crashes(self) -> int:
        """How many times a process was killed."""
        return sum(self.counts[fault.value] for fault in CRASHES)


@contextmanager
def injected(faults: Faults, engine: Engine) -> Iterator[None]:
    """Let commits crash and connections break while the block runs."""
    commit = UnitOfWork.commit

    def dangerous(unit: UnitOfWork) -> None:
        faults.crash_at(Fault.CRASH_BEFORE_COMMIT)
        commit(unit)
        faults.commits += 1
        faults.crash_at(Fault.CRASH_AFTER_COMMIT)

    def lose(connection: Any, *_statement: object) -> None:
        if faults.strikes(Fault.CONNECTION_LOST):
            connection.connection.driver_connection.close()

    event.listen(engine, "before_cursor_execute", lose)
    try:
        with patch.object(UnitOfWork, "commit", dangerous):
            yield
    finally:
        event.remove(engine, "before_cursor_execute", lose)
