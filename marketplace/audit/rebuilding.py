"""Rebuild the whole tree from the raw leaves, some thousand at a time, and compare it with what is stored and signed.

Stored nodes alone would hide an old leaf that was edited. Each chunk is a complete subtree, so that a level of it is
one row of the database and one comparison of bytes. While one chunk is hashed, a thread reads the next one over the
same connection: waiting for the server leaves the processor to the hashing.
"""

from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final, NamedTuple

from sqlalchemy.orm import Session

from marketplace.audit.nodes import read_nodes
from marketplace.audit.tlog.encoding import HASH_BYTES
from marketplace.audit.tlog.merkle import GrowingTree, edge_of

CHUNK_LEVEL: Final = 12
CHUNK: Final = 1 << CHUNK_LEVEL
_LEAVES: Final = "SELECT idx, leaf FROM audit_event WHERE idx >= %s AND idx < %s ORDER BY idx"
_CONCATENATED: Final = """
SELECT (SELECT string_agg(hash, ''::bytea ORDER BY idx) FROM audit_node
        WHERE level = wanted.level AND idx >= wanted.low AND idx < wanted.high)
FROM unnest(%s::smallint[], %s::bigint[], %s::bigint[]) WITH ORDINALITY AS wanted (level, low, high, place)
ORDER BY place
"""


class Stored(NamedTuple):
    """What the database has of a chunk: the leaves up to the first gap, and of each level the hashes one by one."""

    begin: int
    end: int
    leaves: list[bytes]
    levels: list[bytes]


@dataclass(slots=True)
class Chunk:
    """The computed hashes of up to 4,096 entries from `begin` on: every complete node, level by level."""

    begin: int
    levels: list[list[bytes]]
    missing: int | None = None
    changed: list[int] = field(default_factory=list)
    swapped: list[tuple[int, int]] = field(default_factory=list)
    wrong_nodes: list[tuple[int, int]] = field(default_factory=list)

    @property
    def count(self) -> int:
        """Return how many entries it has."""
        return len(self.levels[0])

    def grow(self, tree: GrowingTree, *, count: int) -> list[tuple[int, int, bytes]]:
        """Add the first `count` entries to a tree that ends where the chunk begins; return the nodes this made."""
        return [made for level, index in edge_of(count) for made in tree.add(self.levels[level][index], level=level)]


def read_chunks(session: Session, *, size: int) -> Generator[Chunk]:
    """Yield the chunks of the first `size` entries in their order; close it before other work when it is not used up.

    Between two chunks the caller may read over the same session: the driver lets one statement at a time pass.
    """
    driver = session.connection().connection.driver_connection
    assert driver is not None, "a connection in use has the driver's"
    begins = range(0, size, CHUNK)
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="read-ahead") as ahead:
        following = [ahead.submit(_read, driver, begin=begin, end=min(begin + CHUNK, size)) for begin in begins[:1]]
        for begin in begins:
            stored = following.pop().result()
            if begin + CHUNK < size and len(stored.leaves) == stored.end - stored.begin:
                end = min(begin + 2 * CHUNK, size)
                following.append(ahead.submit(_read, driver, begin=begin + CHUNK, end=end))
            yield _compared(stored)
            if not following:
                return


def _compared(stored: Stored) -> Chunk:
    """Hash the leaves of a chunk and compare the nodes over them with those that are stored."""
    begin, end, leaves, levels = stored
    chunk = Chunk(begin, levels_of([sha256(b"\x00" + leaf).digest() for leaf in leaves]))
    if len(leaves) < end - begin:
        chunk.missing = begin + len(leaves)
    for level, (computed, found) in enumerate(zip(chunk.levels, levels, strict=True)):
        if found != b"".join(computed):
            _note_differences(chunk, level=level, stored=found)
    return chunk


def wrong_above(session: Session, made: Sequence[tuple[int, int, bytes]]) -> list[tuple[int, int]]:
    """Return which of the nodes above the chunks are stored wrongly or not at all."""
    above = [(level, index, digest) for level, index, digest in made if level > CHUNK_LEVEL]
    stored = read_nodes(session, [(level, index) for level, index, _ in above])
    return [(level, index) for level, index, digest in above if stored.get((level, index)) != digest]


def levels_of(leaf_hashes: list[bytes]) -> list[list[bytes]]:
    """Return every complete node over leaf hashes that begin at a multiple of 4,096, level by level."""
    levels = [leaf_hashes]
    while len(levels[-1]) > 1:
        below = b"".join(levels[-1][: len(levels[-1]) & ~1])
        pairs = range(0, len(below), 2 * HASH_BYTES)
        levels.append([sha256(b"\x01" + below[place : place + 2 * HASH_BYTES]).digest() for place in pairs])
    return levels


def _read(driver: Any, *, begin: int, end: int) -> Stored:
    """Read a chunk by the driver alone and in binary: this is where the time goes."""
    leaves = _leaves(driver, begin=begin, end=end)
    counts = [len(leaves)]
    while counts[-1] > 1:
        counts.append(counts[-1] // 2)
    lows = [begin >> level for level in range(len(counts))]
    highs = [low + count for low, count in zip(lows, counts, strict=True)]
    rows = driver.execute(_CONCATENATED, (list(range(len(counts))), lows, highs), binary=True).fetchall()
    return Stored(begin, end, leaves, [bytes(found or b"") for (found,) in rows])


def _leaves(driver: Any, *, begin: int, end: int) -> list[bytes]:
    """Return the leaves up to the first gap."""
    rows = driver.execute(_LEAVES, (begin, end), binary=True).fetchall()
    if rows and rows[-1][0] - begin == len(rows) - 1:
        return [leaf for _, leaf in rows]
    return [leaf for position, (index, leaf) in enumerate(rows) if index == begin + position]


def _note_differences(chunk: Chunk, *, level: int, stored: bytes) -> None:
    computed = chunk.levels[level]
    places = range(0, len(computed) * HASH_BYTES, HASH_BYTES)
    found = [stored[place : place + HASH_BYTES] for place in places]
    low = chunk.begin >> level
    wrong = [index for index, digest in enumerate(computed) if digest != found[index]]
    if level:
        chunk.wrong_nodes += [(level, low + index) for index in wrong]
        return
    where = {digest: index for index, digest in enumerate(found)}
    for index in wrong:
        other = where.get(computed[index])
        if other is None or computed[other] != found[index]:
            chunk.changed.append(low + index)
        elif index < other:
            chunk.swapped.append((low + index, low + other))
