"""Check a whole log that was exported as tiles: every entry, every tile, the root."""

from collections.abc import Callable, Sequence
from typing import Final

from .checking import Expected
from .errors import DoesNotHold, Malformed
from .merkle import GrowingTree, leaf_hash, root_of
from .tiles import TILE_HEIGHT, TILE_WIDTH, Tile, read_bundle, read_tile, row_of

Read = Callable[[str], bytes | None]
"""Returns the file at a path below the log's prefix, or None when there is none."""

_ENTRIES: Final = None


def check_tiles(read: Read, *, expected: Expected) -> None:
    """Check the entries and the tiles of a log against its checkpoint, and against a saved one.

    Raises Malformed (`tile-size`, `bundle-size`) and DoesNotHold: `missing-tile`, `entry`, `tile`, `history`, `root`,
    and what Expected.check_origins raises.
    """
    expected.check_origins()
    tree = GrowingTree()
    expected.check_saved(tree)
    above = []
    for tile in row_of(0, expected.checkpoint.size):
        hashes = _checked_leaves(read, tile)
        above += _grow(tree, hashes, expected=expected)
    _check_levels(read, above)
    expected.check_end(tree)


def _checked_leaves(read: Read, tile: Tile) -> list[bytes]:
    entries = _read_entries(read, Tile(_ENTRIES, tile.index, tile.width))
    stated = _read_hashes(read, tile)
    found = [leaf_hash(entry) for entry in entries]
    for offset, (actual, expected) in enumerate(zip(found, stated, strict=True)):
        if actual != expected:
            place = tile.index * TILE_WIDTH + offset
            raise DoesNotHold("entry", f"Entry {place} was changed: it does not match its hash in {tile.path}.")
    return found


def _grow(tree: GrowingTree, hashes: Sequence[bytes], *, expected: Expected) -> list[bytes]:
    """Add a tile's leaves and return its hash if it is full."""
    saved = expected.saved
    if saved is not None and tree.size < saved.size <= tree.size + len(hashes):
        then = tree.copy()
        for digest in hashes[: saved.size - tree.size]:
            then.add(digest)
        expected.check_saved(then)
    if len(hashes) < TILE_WIDTH:
        for digest in hashes:
            tree.add(digest)
        return []
    whole = root_of(hashes)
    tree.add(whole, level=TILE_HEIGHT)
    return [whole]


def _check_levels(read: Read, hashes: list[bytes]) -> None:
    level = 1
    while hashes:
        above = []
        for tile in row_of(level, len(hashes)):
            begin = tile.index * TILE_WIDTH
            found = hashes[begin : begin + tile.width]
            if found != _read_hashes(read, tile):
                raise DoesNotHold("tile", f"The file {tile.path} does not follow from the entries.")
            if tile.width == TILE_WIDTH:
                above.append(root_of(found))
        level, hashes = level + 1, above


def _read_hashes(read: Read, tile: Tile) -> list[bytes]:
    raw, width = _read_or_full(read, tile)
    return _named(tile, lambda: read_tile(raw, width=width))[: tile.width]


def _read_entries(read: Read, tile: Tile) -> list[bytes]:
    raw, width = _read_or_full(read, tile)
    return _named(tile, lambda: read_bundle(raw, width=width))[: tile.width]


def _read_or_full(read: Read, tile: Tile) -> tuple[bytes, int]:
    # A log may delete a partial tile once the full one is there.
    for each in dict.fromkeys((tile, tile.full)):
        raw = read(each.path)
        if raw is not None:
            return raw, each.width
    raise DoesNotHold("missing-tile", f"The file {tile.path} is missing: entries were taken away.")


def _named(tile: Tile, read: Callable[[], list[bytes]]) -> list[bytes]:
    try:
        return read()
    except Malformed as error:
        raise Malformed(error.code, f"{tile.path}: {error.message}") from error
