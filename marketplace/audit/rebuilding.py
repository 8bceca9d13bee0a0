"""Rebuild a part of the tree from the raw leaves, some thousand at a time, and compare it with what is stored.

Stored nodes alone would hide an old leaf that was edited. Each chunk is a complete subtree, so that a level of it is
one row of the database and one comparison of bytes. While one chunk is hashed, a thread reads the next one over the
same connection: waiting for the server leaves the processor to the hashing. Needs the driver only, so that a process
beside this one begins quickly.
"""

from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final, NamedTuple

from marketplace.audit.tlog.encoding import HASH_BYTES
from marketplace.audit.tlog.merkle import GrowingTree, edge_of

_LEAVES: Final = "SELECT idx, leaf FROM audit_event WHERE idx >= %s AND idx < %s ORDER BY idx"
_CONCATENATED: Final = """
SELECT (SELECT string_agg(hash, ''::bytea ORDER BY idx) FROM audit_node
        WHERE level = wanted.level AND idx >= wanted.low AND idx < wanted.high)
FROM unnest(%s::smallint[], %s::bigint[], %s::bigint[]) WITH ORDINALITY AS wanted (level, low, high, place)
ORDER BY place
"""
_PAIR: Final = 2 * HASH_BYTES


class Stored(NamedTuple):
    """What the database has of a chunk: the leaves up to the first gap, and of each level the hashes one by one."""

    begin: int
    end: int
    leaves: list[bytes]
    levels: list[bytes]


@dataclass(slots=True)
class Chunk:
    """The computed hashes from entry `begin` on: of each level the complete nodes, one after the other."""

    begin: int
    levels: list[bytes]
    missing: int | None = None
    changed: list[int] = field(default_factory=list)
    swapped: list[tuple[int, int]] = field(default_factory=list)
    wrong_nodes: list[tuple[int, int]] = field(default_factory=list)

    @property
    def count(self) -> int:
        """Return how many entries it has."""
        return len(self.levels[0]) // HASH_BYTES

    def grow(self, tree: GrowingTree, *, count: int) -> list[tuple[int, int, bytes]]:
        """Add the first `count` entries to a tree that ends where the chunk begins; return the nodes this made."""
        return [
            made
            for level, index in edge_of(count)
            for made in tree.add(_hash_at(self.levels[level], index), level=level)
        ]


def rebuild(driver: Any, *, begin: int, end: int, chunk: int) -> Generator[Chunk]:
    """Yield the entries from `begin` up to `end` in chunks of `chunk` entries; the last one is where one is missing.

    `begin` is a multiple of `chunk`, and `chunk` a power of two. Between two chunks the caller may use the driver's
    connection: it lets one statement at a time pass. Close it before other work when it is not used up.
    """
    begins = range(begin, end, chunk)
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="read-ahead") as ahead:
        following = [ahead.submit(_read, driver, begin=low, end=min(low + chunk, end)) for low in begins[:1]]
        for low in begins:
            stored = following.pop().result()
            if stored.end < end and len(stored.leaves) == stored.end - stored.begin:
                following.append(ahead.submit(_read, driver, begin=stored.end, end=min(low + 2 * chunk, end)))
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
        if found != computed:
            _note_differences(chunk, level=level, stored=found)
    return chunk


def levels_of(leaf_hashes: list[bytes]) -> list[bytes]:
    """Return every complete node over the hashes of a complete subtree or of its beginning, level by level."""
    levels = [b"".join(leaf_hashes)]
    while len(levels[-1]) > HASH_BYTES:
        below = levels[-1]
        pairs = range(0, len(below) // _PAIR * _PAIR, _PAIR)
        levels.append(b"".join([sha256(b"\x01" + below[place : place + _PAIR]).digest() for place in pairs]))
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
    places = range(len(chunk.levels[level]) // HASH_BYTES)
    computed, found = ([_hash_at(hashes, place) for place in places] for hashes in (chunk.levels[level], stored))
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


def _hash_at(hashes: bytes, place: int) -> bytes:
    return hashes[place * HASH_BYTES : (place + 1) * HASH_BYTES]
