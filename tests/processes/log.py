"""`make log-test`: 16 writers and two sequencers for a minute; afterwards the log has no gap and nothing twice.

Some transactions are rolled back, some hold their entries open while others commit: neither may leave a trace or a
hole. `python -m tests.processes.log --help` tells the options.
"""

import argparse
import random
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from marketplace.audit.leaf import Change, Target
from marketplace.audit.log import append
from marketplace.audit.sequencing import sequence
from marketplace.audit.verifying import verify_log
from marketplace.core.actor import SYSTEM, RequestContext
from tests import databases
from tests.processes.commands import tell

MOST_ENTRIES = 6


class Undone(Exception):
    """A transaction that gives up."""


@dataclass
class Outcome:
    """What was written and what the log says of it."""

    committed: int = 0
    undone: int = 0
    placed: int = 0
    violations: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, *, committed: int = 0, undone: int = 0, placed: int = 0) -> None:
        """Add what one thread did."""
        with self.lock:
            self.committed += committed
            self.undone += undone
            self.placed += placed


def play(url: str, *, writers: int, seconds: float, seed: int) -> Outcome:
    """Let everybody work for a while, sequence what is left, and check."""
    engine = create_engine(url, pool_size=writers + 4)
    outcome = Outcome()
    until = time.monotonic() + seconds

    def is_over() -> bool:
        return time.monotonic() > until

    work: list[Callable[[], None]] = [
        *(
            lambda number=number: _write(engine, outcome, random.Random(seed + number), is_over)
            for number in range(writers)
        ),
        *(lambda: _sequence(engine, outcome, is_over) for _ in range(2)),
    ]
    threads = [threading.Thread(target=each) for each in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    _sequence(engine, outcome, lambda: True)
    _check(engine, outcome)
    engine.dispose()
    return outcome


def _write(engine: Engine, outcome: Outcome, chance: random.Random, is_over: Callable[[], bool]) -> None:
    while not is_over():
        count, gives_up = chance.randint(1, MOST_ENTRIES), chance.random() < 0.2
        with suppress(Undone), Session(engine) as session, session.begin():
            for number in range(count):
                _append(session, number)
            if chance.random() < 0.3:
                session.execute(text("SELECT count(*) FROM audit_event WHERE seq < 0"))  # writes what waits
                session.execute(text("SELECT pg_sleep(:time)"), {"time": chance.random() / 20})
            if gives_up:
                raise Undone
        outcome.count(committed=0 if gives_up else count, undone=count if gives_up else 0)


def _append(session: Session, number: int) -> None:
    target = [Target("test", str(number))]
    change = Change(datetime.now(UTC), "test.write", target, "ok", {}, {"number": number})
    append(session, change, actor=SYSTEM, context=RequestContext())


def _sequence(engine: Engine, outcome: Outcome, is_over: Callable[[], bool]) -> None:
    while True:
        with Session(engine) as session, session.begin():
            placed = sequence(session, at_most=500)
        outcome.count(placed=placed)
        if not placed and is_over():
            return


def _check(engine: Engine, outcome: Outcome) -> None:
    with Session(engine) as session:
        events, places, last, waiting = session.execute(
            text(
                "SELECT count(*), count(DISTINCT idx), coalesce(max(idx), -1) + 1, count(*) FILTER (WHERE idx IS NULL)"
                " FROM audit_event"
            )
        ).one()
        report = verify_log(session)
        session.rollback()
    figures = {"events": events, "places": places, "the last place": last, "placed by the sequencers": outcome.placed}
    outcome.violations += [
        f"{outcome.committed} entries were committed, but {name} are {value}"
        for name, value in figures.items()
        if value != outcome.committed
    ]
    outcome.violations += [finding.message for finding in report.findings]
    if waiting:
        outcome.violations.append(f"{waiting} entries have no place")


def main() -> int:
    """Run the test and print its figures; return 1 when anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--writers", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    databases.choose_folder()
    try:
        with databases.copy("log") as url:
            tell(f"{chosen.writers} writers and 2 sequencers for {chosen.seconds:.0f} s, seed {chosen.seed}")
            outcome = play(url, writers=chosen.writers, seconds=chosen.seconds, seed=chosen.seed)
    finally:
        databases.stop_server()
    tell(f"  committed {outcome.committed}, undone {outcome.undone}, placed {outcome.placed}")
    for violation in outcome.violations:
        tell(f"VIOLATION: {violation}")
    return 1 if outcome.violations else 0


if __name__ == "__main__":
    sys.exit(main())
