"""Share the rebuilding of a long log over processes that all see the same state of the database.

Hashing holds Python's lock, so threads would not help. The processes are not forked: a fork would share this one's
connections. Each opens one of its own, reads only, and takes over the exported snapshot. Needs no more than the driver.
"""

import os
from collections import deque
from collections.abc import Generator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import Any, NamedTuple

import psycopg
from psycopg.conninfo import make_conninfo

from marketplace.audit.rebuilding import Chunk, rebuild
from marketplace.audit.refusals import LogRefused

_BEGIN = """
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SET LOCAL statement_timeout = 0;
SET TRANSACTION SNAPSHOT {snapshot};
SET LOCAL ROLE {role}
"""


class Shared(NamedTuple):
    """How another process sees what this transaction sees: where to connect, in which role, which snapshot."""

    address: str
    role: str
    snapshot: str


class _Here:
    """What a rebuilding process keeps from one range to the next."""

    driver: psycopg.Connection[Any]


def share(driver: Any) -> Shared:
    """Export what the transaction of this connection sees; holds until its end.

    Others see only what is committed, and no snapshot leaves a savepoint.
    """
    role, snapshot = driver.execute("SELECT current_setting('role'), pg_export_snapshot()").fetchone()
    address = make_conninfo(**{**driver.info.get_parameters(), "password": driver.info.password or None})
    return Shared(address, role, snapshot)


def rebuild_shared(shared: Shared, *, size: int, chunk: int, ranges: int, processes: int) -> Generator[Chunk]:
    """Yield the chunks of the first `size` entries in their order, rebuilt in ranges of `ranges` entries.

    Raises LogRefused (`verification-stopped`) when a process dies. Ends after a chunk with a missing entry.
    """
    pool = ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=_begin, initargs=(shared,))
    # As many again wait for their turn, and no more: finished ranges are kept in memory.
    at_work: deque[Future[list[Chunk]]] = deque()
    begins = iter(range(0, size, ranges))
    try:
        while True:
            while len(at_work) < 2 * processes and (begin := next(begins, None)) is not None:
                at_work.append(pool.submit(_rebuild, begin, min(begin + ranges, size), chunk))
            if not at_work:
                return
            chunks = at_work.popleft().result()
            yield from chunks
            if chunks[-1].missing is not None:
                return
    except BrokenProcessPool as error:
        raise LogRefused(
            "verification-stopped",
            "A process that read the log has died, so nothing is known. Look for want of memory, then try again.",
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


def _begin(shared: Shared) -> None:
    """Connect a new process."""
    Thread(target=_leave_with_parent, daemon=True).start()
    _Here.driver = psycopg.connect(shared.address, autocommit=True)
    quoted = {"snapshot": psycopg.sql.Literal(shared.snapshot), "role": psycopg.sql.Identifier(shared.role)}
    if shared.role == "none":
        quoted["role"] = psycopg.sql.SQL("NONE")
    _Here.driver.execute(psycopg.sql.SQL(_BEGIN).format(**quoted))


def _leave_with_parent() -> None:
    """Go when the process that asked is gone, however it went: an open snapshot would keep the server from tidying."""
    parent = parent_process()
    assert parent is not None, "only a child runs this"
    parent.join()
    os._exit(1)


def _rebuild(begin: int, end: int, chunk: int) -> list[Chunk]:
    return list(rebuild(_Here.driver, begin=begin, end=end, chunk=chunk))
