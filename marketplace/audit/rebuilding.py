"""Rebuild the whole tree from the raw leaves, some thousand at a time, and compare it with what is stored and signed.

Stored nodes alone would hide an old leaf that was edited. Each chunk is a complete subtree, so that a level of it is
one row of the database and one comparison of bytes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from marketplace.audit.nodes import read_nodes
from marketplace.audit.tlog.encoding import HASH_BYTES
from marketplace.audit.tlog.merkle import GrowingTree, edge_of

CHUNK_LEVEL: Final = 12
CHUNK: Final = 1 << CHUNK_LEVEL
_LEAVES: Final = "SELECT idx, leaf FROM audit_event WHERE idx >= %s AND idx < %s ORDER BY idx"
_CONCATENATED: Final = text("""
SELECT string_agg(hash, ''::bytea ORDER BY idx) FROM audit_node WHERE level = :level AND idx >= :low AND idx < :high
""")


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


def read_chunk(session: Session, *, begin: int, size: int) -> Chunk:
    """Read and hash the entries from `begin` to the next multiple of 4,096 or to `size`, and compare stored nodes."""
    end = min(begin - begin % CHUNK + CHUNK, size)
    leaves = _leaves(session, begin=begin, end=end)
    chunk = Chunk(begin, levels_of([sha256(b"\x00" + leaf).digest() for leaf in leaves]))
    if len(leaves) < end - begin:
        chunk.missing = begin + len(leaves)
    for level, computed in enumerate(chunk.levels):
        low = begin >> level
        stored = _stored(session, level=level, low=low, high=low + len(computed))
        if stored != b"".join(computed):
            _note_differences(chunk, level=level, stored=stored)
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


def _leaves(session: Session, *, begin: int, end: int) -> list[bytes]:
    """Return the leaves up to the first gap, by the driver alone and in binary: this is where the time goes."""
    driver = session.connection().connection.driver_connection
    assert driver is not None, "a connection in use has the driver's"
    rows = driver.execute(_LEAVES, (begin, end), binary=True).fetchall()
    if rows and rows[-1][0] - begin == len(rows) - 1:
        return [leaf for _, leaf in rows]
    return [leaf for position, (index, leaf) in enumerate(rows) if index == begin + position]


def _stored(session: Session, *, level: int, low: int, high: int) -> bytes:
    found = session.execute(_CONCATENATED, {"level": level, "low": low, "high": high}).scalar()
    return bytes(found or b"")


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
