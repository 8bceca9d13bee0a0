"""What somebody with the database or with the files could do, and what it is called when it is found.

Each attack is made on both exports of a whole log, where it can be made. A restored backup is the signer's affair.
"""

import json
from collections.abc import Callable

import pytest

from marketplace.audit.tlog.checking import Expected
from marketplace.audit.tlog.checkpoints import Checkpoint
from marketplace.audit.tlog.exports import check_export, header_line
from marketplace.audit.tlog.merkle import inclusion_proof, leaf_hash, node_hash
from marketplace.audit.tlog.notes import sign_note
from marketplace.audit.tlog.proofs import Proof, verify_proof
from marketplace.audit.tlog.tile_check import check_tiles
from marketplace.audit.tlog.tiles import TILE_WIDTH, Tile, bundle_bytes, read_bundle, tile_bytes
from tests.unit.audit.tlog.refusing import does_not_hold, malformed
from tests.unit.audit.tlog.small_log import LOG, ORIGIN, OTHER_LOG, SmallLog, disclosure, leaf, log_of, opened

LOG_OF_9 = log_of(9)
LOG_OF_600 = log_of(600)
SIGNED_ROOT = "The entries do not give the root that the log signed: at least one was changed or moved."
Lines = list[bytes]


def check_lines(lines: Lines, *, saved: Checkpoint | None = None) -> None:
    check_export(lines, open_checkpoint=opened, saved=saved)


def check_files(files: dict[str, bytes], *, saved: Checkpoint | None = None) -> None:
    check_tiles(files.get, expected=Expected(opened(files["checkpoint"]).checkpoint, saved))


def forged(log: SmallLog, changes: dict[int, bytes]) -> SmallLog:
    leaves = [changes.get(place, each) for place, each in enumerate(log.leaves)]
    return SmallLog(leaves, disclosures=log.disclosures)


def edited_line(line: bytes, **changes: object) -> bytes:
    return json.dumps({**json.loads(line), **changes}).encode() + b"\n"


def test_nothing_was_done() -> None:
    check_lines(LOG_OF_9.export(), saved=LOG_OF_9.checkpoint(4))
    check_files(LOG_OF_600.tiles(), saved=LOG_OF_600.checkpoint(300))


def test_edit_an_entry() -> None:
    lines = LOG_OF_9.export()
    lines[3] = edited_line(lines[3], leaf=leaf(77).decode())
    with does_not_hold("entry", "Entry 2 was changed: it does not match its hash."):
        check_lines(lines)
    files = LOG_OF_600.tiles()
    entries = read_bundle(files["tile/entries/001"], width=TILE_WIDTH)
    files["tile/entries/001"] = bundle_bytes([*entries[:44], leaf(77), *entries[45:]])
    with does_not_hold("entry", "Entry 300 was changed: it does not match its hash in tile/0/001."):
        check_files(files)


@pytest.mark.parametrize("place", [0, 255, 256, 599])
def test_edit_an_entry_and_rehash_everything(place: int) -> None:
    edited = forged(LOG_OF_600, {place: leaf(7777)})
    with does_not_hold("root", SIGNED_ROOT):
        check_files({**edited.tiles(), "checkpoint": LOG_OF_600.signed()})
    with does_not_hold("root", SIGNED_ROOT):
        check_lines([LOG_OF_600.export()[0], *edited.export()[1:]])


def test_edit_an_entry_rehash_and_sign_again() -> None:
    """Only who kept an older checkpoint can tell: this is why readers keep them, and why witnesses are asked."""
    edited = forged(LOG_OF_600, {7: leaf(7777)})
    check_files(edited.tiles())
    for size in (8, 255, 256, 257, 511, 600):
        sentence = f"The first {size} entries are not those of the saved checkpoint: history was changed."
        with does_not_hold("history", sentence):
            check_files(edited.tiles(), saved=LOG_OF_600.checkpoint(size))
        with does_not_hold("history", sentence):
            check_lines(edited.export(), saved=LOG_OF_600.checkpoint(size))
    check_files(edited.tiles(), saved=LOG_OF_600.checkpoint(7))


def test_edit_a_stored_node_only() -> None:
    for path in ("tile/1/000.p/2", "tile/0/001", "tile/0/002.p/88"):
        files = LOG_OF_600.tiles()
        files[path] = b"\xff" + files[path][1:]
        code = "tile" if path.startswith("tile/1") else "entry"
        with does_not_hold(code):
            check_files(files)
    files = LOG_OF_600.tiles()
    files["tile/1/000.p/2"] = files["tile/1/000.p/2"][::-1]
    with does_not_hold("tile", "The file tile/1/000.p/2 does not follow from the entries."):
        check_files(files)


def test_delete_an_entry() -> None:
    lines = LOG_OF_9.export()
    sentence = "Entry 5 stands where entry 4 must be: one was taken out or moved."
    with does_not_hold("entry-order", sentence):
        check_lines([*lines[:5], *lines[6:]])
    without = SmallLog([each for place, each in enumerate(LOG_OF_9.leaves) if place != 4])
    end = "The log signed 9 entries, but only 8 are here: the end is missing."
    with does_not_hold("missing-entries", end):
        check_lines([lines[0], *without.export()[1:]])
    files = LOG_OF_600.tiles()
    entries = read_bundle(files["tile/entries/001"], width=TILE_WIDTH)
    files["tile/entries/001"] = bundle_bytes([*entries[:44], *entries[45:]])
    with malformed("bundle-size", "tile/entries/001: The bundle has 255 entries instead of 256."):
        check_files(files)


def test_truncate_the_log() -> None:
    lines = LOG_OF_9.export()
    with does_not_hold("missing-entries", "The log signed 9 entries, but only 8 are here: the end is missing."):
        check_lines(lines[:-1])
    for path in ("tile/entries/002.p/88", "tile/0/002.p/88", "tile/1/000.p/2"):
        files = LOG_OF_600.tiles()
        del files[path]
        with does_not_hold("missing-tile", f"The file {path} is missing: entries were taken away."):
            check_files(files)
    shorter = log_of(9).export(5)
    with does_not_hold("shrunk", "The log had 9 entries and now has 5: entries were taken away."):
        check_lines(shorter, saved=LOG_OF_9.checkpoint())


def test_cut_a_file_short() -> None:
    for path, code in (
        ("tile/0/000", "tile-size"),
        ("tile/entries/000", "bundle-size"),
        ("tile/1/000.p/2", "tile-size"),
    ):
        files = LOG_OF_600.tiles()
        files[path] = files[path][:-1]
        with malformed(code):
            check_files(files)


def test_append_what_the_log_did_not_sign() -> None:
    longer = log_of(10).export()
    sentence = "The log signed 9 entries, but the file goes on after them."
    with does_not_hold("extra-entries", sentence):
        check_lines([LOG_OF_9.export()[0], *longer[1:]])


def test_swap_two_entries() -> None:
    lines = LOG_OF_9.export()
    with does_not_hold("entry-order", "Entry 5 stands where entry 4 must be: one was taken out or moved."):
        check_lines([*lines[:5], lines[6], lines[5], *lines[7:]])
    renumbered = [edited_line(lines[6], idx=4), edited_line(lines[5], idx=5)]
    with does_not_hold("root", SIGNED_ROOT):
        check_lines([*lines[:5], *renumbered, *lines[7:]])
    swapped = forged(LOG_OF_600, {4: LOG_OF_600.leaves[5], 5: LOG_OF_600.leaves[4]})
    with does_not_hold("root", SIGNED_ROOT):
        check_files({**swapped.tiles(), "checkpoint": LOG_OF_600.signed()})


def test_alter_a_disclosure() -> None:
    lines = LOG_OF_9.export()
    sentence = "Entry 3: A disclosure does not belong to its entry: it was altered or exchanged."
    for told in (disclosure("actor_name", "Boris"), LOG_OF_9.disclosures[3][0] + "A"):
        lines[4] = edited_line(lines[4], disclosures=[told])
        with does_not_hold("disclosure", sentence):
            check_lines(lines)
    moved = LOG_OF_9.export()
    moved[5] = edited_line(moved[5], disclosures=LOG_OF_9.disclosures[3])
    with does_not_hold("disclosure"):
        check_lines(moved)


@pytest.mark.parametrize("forge", ["size", "root", "origin", "signature", "key"])
def test_forge_a_checkpoint(forge: str) -> None:
    checkpoint, raw = LOG_OF_9.checkpoint(), LOG_OF_9.signed()
    text = checkpoint.text
    other_root = Checkpoint(ORIGIN, 9, log_of(8).root()).text
    found: dict[str, tuple[bytes, str]] = {
        "size": (raw.replace(b"\n9\n", b"\n8\n"), "signature"),
        "root": (raw.replace(text.encode(), other_root.encode()), "signature"),
        "origin": (raw.replace(ORIGIN.encode() + b"\n9", b"other\n9"), "signature"),
        "signature": (raw[:-10] + b"AAAAAAA==\n", "signature"),
        "key": (sign_note(text, signers=[OTHER_LOG]), "wrong-key"),
    }
    note, code = found[forge]
    with does_not_hold(code):
        check_lines([header_line(note), *LOG_OF_9.export()[1:]])
    with does_not_hold(code):
        verify_proof(
            Proof(0, tuple(inclusion_proof(0, 9, LOG_OF_9.nodes)), note), leaf=LOG_OF_9.hashes[0], logs=[LOG.verifier]
        )


def test_show_another_logs_history() -> None:
    other = Checkpoint("another.example", 4, LOG_OF_9.root(4))
    sentence = "The saved checkpoint is of another.example, the log is log.example/gems."
    with does_not_hold("origin", sentence):
        check_lines(LOG_OF_9.export(), saved=other)


def test_pass_an_inner_node_off_as_an_entry() -> None:
    """The second preimage that the two prefixes 0x00 and 0x01 prevent."""
    children = LOG_OF_9.hashes[0] + LOG_OF_9.hashes[1]
    assert leaf_hash(children) != node_hash(LOG_OF_9.hashes[0], LOG_OF_9.hashes[1])
    path = tuple(inclusion_proof(0, 9, LOG_OF_9.nodes))
    with does_not_hold("proof-length"):
        verify_proof(Proof(0, path[1:], LOG_OF_9.signed()), leaf=leaf_hash(children), logs=[LOG.verifier])


def test_a_full_tile_stands_for_the_partial_one_that_was_deleted() -> None:
    longer = log_of(768)
    files = {**LOG_OF_600.tiles(), "tile/0/002": tile_bytes(Tile(0, 2), nodes=longer.nodes)}
    files["tile/entries/002"] = bundle_bytes(longer.leaves[512:768])
    del files["tile/0/002.p/88"], files["tile/entries/002.p/88"]
    check_files(files, saved=LOG_OF_600.checkpoint(600))


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 512])
def test_logs_of_every_shape_hold(size: int) -> None:
    log = log_of(size)
    for saved in {0, 1, 255, 256, 257} & set(range(size + 1)):
        check_files(log.tiles(), saved=log.checkpoint(saved))


def test_a_log_with_a_full_tile_of_tiles_holds() -> None:
    large = SmallLog([b"%d" % number for number in range(65_537)])
    files = large.tiles()
    assert {"tile/1/000", "tile/1/001.p/1", "tile/2/000.p/1"} - set(files) == {"tile/1/001.p/1"}
    check_files(files)
    files["tile/2/000.p/1"] = bytes(32)
    with does_not_hold("tile", "The file tile/2/000.p/1 does not follow from the entries."):
        check_files(files)


def test_an_empty_saved_checkpoint_with_a_wrong_root_is_history_too() -> None:
    wrong = Checkpoint(ORIGIN, 0, b"r" * 32)
    checks: list[Callable[[], None]] = [
        lambda: check_lines(LOG_OF_9.export(), saved=wrong),
        lambda: check_files(LOG_OF_600.tiles(), saved=wrong),
    ]
    for check in checks:
        with does_not_hold("history"):
            check()
