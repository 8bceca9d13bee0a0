"""What the signed log costs: `make bench-audit` or `python -m benchmarks.audit --help`.

Wall time, and beside it the processor time of this process and of those it started, without the database's; on a busy
machine the first says little. Budgets: an append is under a tenth of a purchase, sequencing 5,000 entries a second, an
inclusion proof 5 ms at a million entries, a full verification 200,000 entries a second.
"""

import argparse
import os
import platform
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Final
from unittest.mock import patch

from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.audit.stage import fill, staged
from marketplace.audit.models import AuditEvent
from marketplace.audit.proving import prove_event
from marketplace.audit.sequencing import BATCH, sequence, tree_size
from marketplace.audit.signer_keys import new_key
from marketplace.audit.signer_state import StateFile
from marketplace.audit.signing import Signer, sign_checkpoint
from marketplace.audit.tlog.merkle import GrowingTree
from marketplace.audit.whole_tree import read_chunks, wrong_above
from marketplace.core.clock import SystemClock

PROOFS: Final = 300
PURCHASES: Final = 100
# The driver prepares a statement at its sixth use.
WARM_UP: Final = 8
APPEND_SHARE: Final = 0.10
SEQUENCED_A_SECOND: Final = 5_000
PROOF_MS: Final = 5.0
VERIFIED_A_SECOND: Final = 200_000
TO_SEQUENCE: Final = 40_000


class Times:
    """Wall and processor time of a block, in seconds."""

    wall = cpu = 0.0


@contextmanager
def timed() -> Iterator[Times]:
    """Measure a block."""
    times = Times()
    wall, cpu = perf_counter(), _processor()
    yield times
    times.wall, times.cpu = perf_counter() - wall, _processor() - cpu


def _processor() -> float:
    spent = [getrusage(RUSAGE_SELF), getrusage(RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in spent)


def main() -> int:
    """Print machine, figures and budgets; return 1 when a figure is beyond its budget."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--skip-purchases", action="store_true")
    chosen = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, load {os.getloadavg()}")
    within = [] if chosen.skip_purchases else [_purchases()]
    with staged() as (url, make_session):
        with make_session() as session:
            fill(url, session, count=chosen.entries, first=0)
        within += [
            _verification(make_session),
            _proofs(make_session),
            _sequencing(url, make_session),
        ]
    print(f"load at the end {os.getloadavg()}")
    return 0 if all(within) else 1


def _verification(make_session: Callable[[], Session]) -> bool:
    with make_session() as session, timed() as times:
        size, tree = tree_size(session), GrowingTree()
        for chunk in read_chunks(session, size=size):
            wrong = [*chunk.changed, *chunk.wrong_nodes, *wrong_above(session, chunk.grow(tree, count=chunk.count))]
            assert not wrong
            assert chunk.missing is None
    rate, by_cpu = size / times.wall, size / times.cpu
    words = f"{rate:,.0f} entries/s ({by_cpu:,.0f} by processor time) over {size:,}"
    return _tell("full verification", words, is_within=rate >= VERIFIED_A_SECOND, budget=f"{VERIFIED_A_SECOND:,}/s")


def _proofs(make_session: Callable[[], Session]) -> bool:
    walls, cpus = [], []
    with TemporaryDirectory() as folder, make_session() as session:
        signer = Signer([new_key("bench.example/log")], StateFile(Path(folder) / "signed.json"))
        assert sign_checkpoint(session, signer=signer, now=SystemClock().now()) is not None
        size = tree_size(session)
        places = [number * 7_919 * 31 % size for number in range(1, PROOFS + 1)]  # all over the log, the same each time
        events = session.scalars(select(AuditEvent.event_id).where(AuditEvent.idx.in_(places))).all()
        for event_id in events:
            with timed() as times:
                prove_event(session, event_id=event_id)
            walls.append(times.wall * 1000)
            cpus.append(times.cpu * 1000)
        session.commit()
    found = median(walls)
    most = sorted(walls)[int(len(walls) * 0.95)]
    most = sorted(walls)[int(len(walls) * 0.95)]
    words = f"{found:.2f} ms in the middle, {most:.2f} ms at 95 % ({median(cpus):.2f} ms processor) at {size:,}"
    return _tell("inclusion proof", words, is_within=found < PROOF_MS, budget=f"{PROOF_MS} ms")


def _sequencing(url: str, make_session: Callable[[], Session]) -> bool:
    with make_session() as session:
        fill(url, session, count=TO_SEQUENCE, first=None)
    placed = 0
    with timed() as times:
        while True:
            with make_session() as session, session.begin():
                found = sequence(session)
            placed += found
            if found < BATCH:
                break
    rate = placed / times.wall
    words = f"{rate:,.0f} entries/s ({placed / times.cpu:,.0f} by processor time of this process)"
    return _tell("sequencing", words, is_within=rate >= SEQUENCED_A_SECOND, budget=f"{SEQUENCED_A_SECOND:,}/s")


def _purchases() -> bool:
    """Buy with and without entries in turn: the difference is what the log costs a purchase."""
    from benchmarks.audit.purchases import buying

    with buying() as buy:
        for _ in range(WARM_UP):
            buy()()
        with_entries, without = [], []
        for _ in range(PURCHASES):
            with_entries.append(_seconds(buy()))
            press = buy()  # what is bought is listed with its entries in both cases: only the purchase goes without
            with patch("marketplace.unit_of_work.log.append", new=_nothing):
                without.append(_seconds(press))
    share = 1 - median(without) / median(with_entries)
    words = (
        f"{share:.1%} of a purchase: {median(with_entries) * 1000:.1f} ms with, {median(without) * 1000:.1f} ms without"
    )
    return _tell("append", words, is_within=share < APPEND_SHARE, budget=f"{APPEND_SHARE:.0%}")


def _seconds(press: Callable[[], None]) -> float:
    with timed() as times:
        press()
    return times.wall


def _nothing(*_arguments: object, **_named: object) -> None:
    """Append no entry."""


def _tell(name: str, words: str, *, is_within: bool, budget: str) -> bool:
    print(f"{name:18} {words}; budget {budget}: {'within' if is_within else 'BEYOND'}", flush=True)
    return is_within


if __name__ == "__main__":
    sys.exit(main())
