"""Rebuild the whole tree and compare it with what is stored: a short log here, a long one in several processes."""

import os
from collections.abc import Generator, Sequence
from typing import Final

from sqlalchemy.orm import Session

from marketplace.audit.nodes import read_nodes
from marketplace.audit.rebuilders import rebuild_shared, share
from marketplace.audit.rebuilding import Chunk, rebuild

CHUNK_LEVEL: Final = 12
# What a process rebuilds before it hands it over: about half a second of work, and four megabytes of hashes.
RANGE_LEVEL: Final = 16
# A process needs half a second to begin; a log of fewer entries is verified in about as long.
SHARED_FROM: Final = 1 << 18
MOST_PROCESSES: Final = 8


def read_chunks(session: Session, *, size: int) -> Generator[Chunk]:
    """Yield the chunks of the first `size` entries in their order; close it before other work when it is not used up.

    Of a long log only what is committed is seen, and the session must not be in a savepoint. Raises LogRefused
    (`verification-stopped`) when a process dies.
    """
    driver = session.connection().connection.driver_connection
    assert driver is not None, "a connection in use has the driver's"
    chunk, ranges = 1 << CHUNK_LEVEL, 1 << RANGE_LEVEL
    processes = min(os.cpu_count() or 1, MOST_PROCESSES, -(-size // ranges))
    if size < SHARED_FROM or processes < 2:
        yield from rebuild(driver, begin=0, end=size, chunk=chunk)
    else:
        yield from rebuild_shared(share(driver), size=size, chunk=chunk, ranges=ranges, processes=processes)


def wrong_above(session: Session, made: Sequence[tuple[int, int, bytes]]) -> list[tuple[int, int]]:
    """Return which of the nodes above the chunks are stored wrongly or not at all."""
    above = [(level, index, digest) for level, index, digest in made if level > CHUNK_LEVEL]
    stored = read_nodes(session, [(level, index) for level, index, _ in above])
    return [(level, index) for level, index, digest in above if stored.get((level, index)) != digest]
