"""Tiles, their paths and what is in them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.audit.tlog.encoding import MAX_NUMBER
from marketplace.audit.tlog.merkle import root_of
from marketplace.audit.tlog.tiles import (
    MAX_BUNDLE_BYTES,
    MAX_ENTRY_BYTES,
    Tile,
    bundle_bytes,
    parse_tile_path,
    read_bundle,
    read_tile,
    tile_bytes,
    tiles_of,
)
from tests.unit.audit.tlog.refusing import malformed
from tests.unit.audit.tlog.small_log import log_of

PATIENT = settings(deadline=None)
LOG = log_of(600)


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        # the example of the specification: index 1234067
        (Tile(0, 1_234_067), "tile/0/x001/x234/067"),
        (Tile(0, 0), "tile/0/000"),
        (Tile(1, 999), "tile/1/999"),
        (Tile(1, 1000), "tile/1/x001/000"),
        (Tile(63, 0, 1), "tile/63/000.p/1"),
        (Tile(None, 12, 255), "tile/entries/012.p/255"),
        (Tile(None, 999_999), "tile/entries/x999/999"),
        (Tile(None, 10**20), "tile/entries/x100/x000/x000/x000/x000/x000/000"),
    ],
)
def test_paths_are_written_and_read(tile: Tile, path: str) -> None:
    assert tile.path == path
    assert parse_tile_path(path) == tile


@pytest.mark.parametrize(
    "path",
    [
        "", "tile/0", "tile/0/0", "tile/0/0000", "tile/00/000", "tile/01/000", "tile/64/000", "tile/100/000",
        "tile/-1/000", "tile/0/x000/000", "tile/0/001/234", "tile/0/x001", "tile/0/000.p/0", "tile/0/000.p/256",
        "tile/0/000.p/01", "tile/0/000.p/1000", "tile/0/000.p/", "tile/0/000.p", "/tile/0/000", "tile/0/000/",
        "tile/0/000\n", "tile/0/../000", "tile/Entries/000", "tile/data/000",
        "tile/0/\u0660\u0660\u0660", "tile/0/x\u0661\u0662\u0663/000",
        "tile/entries/x001/x000/x000/x000/x000/x000/x000/000",
    ],
)  # fmt: skip
def test_no_other_path_is_a_tiles(path: str) -> None:
    with malformed("tile-path", "This is not the path of a tile."):
        parse_tile_path(path)


def test_the_tiles_of_70_000_entries_are_those_of_the_specification() -> None:
    tiles = list(tiles_of(70_000))
    assert sum(tile.level == 0 and tile.width == 256 for tile in tiles) == 273
    rest = [(tile.level, tile.index, tile.width) for tile in tiles if tile.level != 0 and tile.level is not None]
    assert rest == [(1, 0, 256), (1, 1, 17), (2, 0, 1)]
    assert [tile for tile in tiles if tile.level == 0][-1] == Tile(0, 273, 112)
    assert [tile.width for tile in tiles if tile.level is None] == [256] * 273 + [112]


def test_the_tiles_at_the_edges() -> None:
    assert list(tiles_of(0)) == []
    assert list(tiles_of(1)) == [Tile(None, 0, 1), Tile(0, 0, 1)]
    assert list(tiles_of(256)) == [Tile(None, 0), Tile(0, 0), Tile(1, 0, 1)]
    assert list(tiles_of(257)) == [Tile(None, 0), Tile(None, 1, 1), Tile(0, 0), Tile(0, 1, 1), Tile(1, 0, 1)]
    for size in (-1, MAX_NUMBER + 1):
        with malformed("size", f"A log cannot have {size} entries."):
            next(tiles_of(size))
    assert next(tiles_of(MAX_NUMBER)) == Tile(None, 0)


def test_a_tile_names_its_nodes_and_its_full_form() -> None:
    assert Tile(1, 2, 3).places == [(8, 512), (8, 513), (8, 514)]
    assert Tile(None, 1, 2).places == [(0, 256), (0, 257)]
    assert Tile(1, 2, 3).full == Tile(1, 2)


def test_a_tile_one_level_up_holds_the_roots_of_the_full_tiles_below() -> None:
    raw = tile_bytes(Tile(1, 0, 2), nodes=LOG.nodes)
    assert read_tile(raw, width=2) == [root_of(LOG.hashes[:256]), root_of(LOG.hashes[256:512])]
    assert read_tile(tile_bytes(Tile(0, 2, 88), nodes=LOG.nodes), width=88) == LOG.hashes[512:]


def test_a_tile_has_exactly_its_width() -> None:
    assert read_tile(b"h" * 64, width=2) == [b"h" * 32] * 2
    for length in (0, 63, 65, 96):
        with malformed("tile-size", f"A tile of 2 hashes has 64 bytes, not {length}."):
            read_tile(b"h" * length, width=2)
    with malformed("hash-size"):
        tile_bytes(Tile(0, 0, 1), nodes=lambda *_: b"h" * 31)


def test_a_bundle_has_a_length_before_each_entry() -> None:
    assert bundle_bytes([b"", b"gold"]) == b"\x00\x00\x00\x04gold"
    longest = b"x" * MAX_ENTRY_BYTES
    assert bundle_bytes([longest])[:2] == b"\xff\xff"
    assert read_bundle(bundle_bytes([longest]), width=1) == [longest]
    assert len(bundle_bytes([longest] * 256)) == MAX_BUNDLE_BYTES


def test_what_does_not_fit_a_bundle_is_refused() -> None:
    with malformed("entry-size", "An entry of 65536 bytes; at most 65535 fit."):
        bundle_bytes([b"x" * (MAX_ENTRY_BYTES + 1)])
    for count in (0, 257):
        with malformed("bundle-size", f"A bundle has 1 to 256 entries, not {count}."):
            bundle_bytes([b""] * count)
    assert bundle_bytes([b""] * 256) == bytes(512)


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"", "The bundle has 0 entries instead of 2."),
        (b"\x00\x01a", "The bundle has 1 entries instead of 2."),
        (b"\x00", "The bundle ends within entry 0."),
        (b"\x00\x01a\x00", "The bundle ends within entry 1."),
        (b"\x00\x01a\x00\x02b", "The bundle ends within entry 1."),
        (b"\x00\x01a\x00\x01bc", "The bundle goes on after its 2 entries."),
    ],
)
def test_a_malformed_bundle_is_refused(raw: bytes, sentence: str) -> None:
    with malformed("bundle-size", sentence):
        read_bundle(raw, width=2)


@PATIENT
@given(st.lists(st.binary(max_size=300), min_size=1, max_size=256))
def test_every_bundle_comes_back(entries: list[bytes]) -> None:
    assert read_bundle(bundle_bytes(entries), width=len(entries)) == entries


@PATIENT
@given(st.one_of(st.none(), st.integers(0, 63)), st.integers(0, 10**20), st.integers(1, 256))
def test_every_path_comes_back(level: int | None, index: int, width: int) -> None:
    tile = Tile(level, index, width)
    assert parse_tile_path(tile.path) == tile
