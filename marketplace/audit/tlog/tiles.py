"""Tiles: a log as a finite set of files, 256 hashes or entries each.

Source: C2SP tlog-tiles. Tile (level, n) holds the hashes of the subtrees of 256**level leaves, from n * 256 on.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from .encoding import HASH_BYTES, MAX_NUMBER
from .errors import Malformed
from .merkle import Nodes, sized

TILE_WIDTH: Final = 256
TILE_HEIGHT: Final = 8
MAX_ENTRY_BYTES: Final = 65_535
MAX_BUNDLE_BYTES: Final = TILE_WIDTH * (2 + MAX_ENTRY_BYTES)
MAX_LEVEL: Final = 63
CHECKPOINT_PATH: Final = "checkpoint"
_PATH: Final = re.compile(
    r"tile/(?P<level>entries|0|[1-9][0-9]?)/(?P<index>(?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?"
)


@dataclass(frozen=True, slots=True)
class Tile:
    """Where a tile stands: `level` None for a bundle of entries; `width` below 256 for a partial one."""

    level: int | None
    index: int
    width: int = TILE_WIDTH

    @property
    def path(self) -> str:
        """Return the path below the log's prefix, such as tile/0/x001/x234/067 or tile/entries/000.p/5."""
        digits = f"{self.index:03d}"
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        parts = [digits[place : place + 3] for place in range(0, len(digits), 3)]
        where = "/".join([*(f"x{part}" for part in parts[:-1]), parts[-1]])
        partial = "" if self.width == TILE_WIDTH else f".p/{self.width}"
        return f"tile/{'entries' if self.level is None else self.level}/{where}{partial}"

    @property
    def full(self) -> "Tile":
        """Return the full tile of the same place; a log may serve it in the partial one's stead."""
        return Tile(self.level, self.index)

    @property
    def places(self) -> list[tuple[int, int]]:
        """Return the nodes, or the leaves of a bundle, that stand in the tile, as (level, index) of the tree."""
        level = TILE_HEIGHT * (self.level or 0)
        return [(level, self.index * TILE_WIDTH + offset) for offset in range(self.width)]


def parse_tile_path(path: str) -> Tile:
    """Read a tile's path; raises Malformed (`tile-path`) for any other text, also for a second way to write a path."""
    found = _PATH.fullmatch(path)
    if found is None:
        raise Malformed("tile-path", "This is not the path of a tile.")
    level = None if found["level"] == "entries" else int(found["level"])
    tile = Tile(level, int(re.sub("[x/]", "", found["index"])), int(found["width"] or TILE_WIDTH))
    has_bad_width = found["width"] is not None and tile.width >= TILE_WIDTH
    if (level or 0) > MAX_LEVEL or has_bad_width or tile.path != path:
        raise Malformed("tile-path", "This is not the path of a tile.")
    return tile


def tiles_of(size: int) -> Iterator[Tile]:
    """Yield every tile and every bundle of a log of this size, bundles first, then level by level."""
    if not 0 <= size <= MAX_NUMBER:
        raise Malformed("size", f"A log cannot have {size} entries.")
    yield from row_of(None, size)
    level = 0
    while size:
        yield from row_of(level, size)
        level, size = level + 1, size // TILE_WIDTH


def tile_bytes(tile: Tile, *, nodes: Nodes) -> bytes:
    """Write a tile of hashes."""
    return b"".join(sized(nodes(level, index)) for level, index in tile.places)


def read_tile(raw: bytes, *, width: int) -> list[bytes]:
    """Return the hashes of a tile; raises Malformed (`tile-size`) unless there are exactly `width` of them."""
    if len(raw) != width * HASH_BYTES:
        raise Malformed("tile-size", f"A tile of {width} hashes has {width * HASH_BYTES} bytes, not {len(raw)}.")
    return [raw[place : place + HASH_BYTES] for place in range(0, len(raw), HASH_BYTES)]


def bundle_bytes(entries: Sequence[bytes]) -> bytes:
    """Write a bundle: each entry with its length in two bytes before it.

    Raises Malformed (`bundle-size`) for none or more than 256 entries and (`entry-size`) over 65,535 bytes.
    """
    if not 0 < len(entries) <= TILE_WIDTH:
        raise Malformed("bundle-size", f"A bundle has 1 to {TILE_WIDTH} entries, not {len(entries)}.")
    return b"".join(_framed(entry) for entry in entries)


def read_bundle(raw: bytes, *, width: int) -> list[bytes]:
    """Return the entries of a bundle; raises Malformed (`bundle-size`) unless there are exactly `width` of them."""
    entries: list[bytes] = []
    place = 0
    while place < len(raw) and len(entries) < width:
        end = place + 2 + int.from_bytes(raw[place : place + 2], "big")
        if end > len(raw) or place + 2 > len(raw):
            raise Malformed("bundle-size", f"The bundle ends within entry {len(entries)}.")
        entries.append(raw[place + 2 : end])
        place = end
    if place < len(raw):
        raise Malformed("bundle-size", f"The bundle goes on after its {width} entries.")
    if len(entries) < width:
        raise Malformed("bundle-size", f"The bundle has {len(entries)} entries instead of {width}.")
    return entries


def row_of(level: int | None, count: int) -> Iterator[Tile]:
    """Yield the tiles that hold `count` hashes of one level, or the bundles of so many entries."""
    for index in range(count // TILE_WIDTH):
        yield Tile(level, index)
    if count % TILE_WIDTH:
        yield Tile(level, count // TILE_WIDTH, count % TILE_WIDTH)


def _framed(entry: bytes) -> bytes:
    if len(entry) > MAX_ENTRY_BYTES:
        raise Malformed("entry-size", f"An entry of {len(entry)} bytes; at most {MAX_ENTRY_BYTES} fit.")
    return len(entry).to_bytes(2, "big") + entry
