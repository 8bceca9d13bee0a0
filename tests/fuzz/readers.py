"""Every reader of the log's formats, with samples that it reads.

A reader gets bytes. It returns what it would write again, or None where a text has more than one form.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from marketplace.audit.tlog.checking import Expected
from marketplace.audit.tlog.checkpoints import open_checkpoint
from marketplace.audit.tlog.errors import DoesNotHold
from marketplace.audit.tlog.exports import check_export, parse_entry
from marketplace.audit.tlog.keys import SignerKey, VerifierKey
from marketplace.audit.tlog.leaves import check_disclosure, parse_leaf
from marketplace.audit.tlog.merkle import inclusion_proof
from marketplace.audit.tlog.notes import parse_note
from marketplace.audit.tlog.policy import parse_policy
from marketplace.audit.tlog.proofs import Proof, parse_proof, verify_proof
from marketplace.audit.tlog.tile_check import check_tiles
from marketplace.audit.tlog.tiles import bundle_bytes, parse_tile_path, read_bundle, read_tile
from marketplace.audit.tlog.witness import (
    AddCheckpoint,
    parse_add_checkpoint,
    parse_cosignatures,
    write_cosignatures,
)
from marketplace.audit.verify.bundle_files import read_bundle as read_bundle_files
from marketplace.audit.verify.data_integrity import check_signature
from marketplace.audit.verify.documents import read_document
from marketplace.audit.verify.jose import check_token, parse_token
from marketplace.audit.verify.passports import Question, State, check_passport
from marketplace.audit.verify.status_lists import decoded_list, encoded_list
from tests.unit.audit.tlog import published
from tests.unit.audit.tlog.small_log import LOG, WITNESSES, log_of, opened
from tests.unit.audit.verify.small_bundle import MOMENT, PUBLIC, small_bundle, small_files
from tests.unit.audit.verify.small_bundle import POLICY as BUNDLE_POLICY

SMALL = log_of(7)
WHOLE, SAVED, TILES = SMALL.checkpoint(), SMALL.checkpoint(3), SMALL.tiles()
SIGNED = SMALL.signed(witnesses=3)
KEYS = [each.verifier for each in WITNESSES]
POLICY = "".join(
    [
        f"log {LOG.verifier.text} https://log.example/\n# three witnesses\n",
        *(f"witness {name} {key.text}\n" for name, key in zip("abc", KEYS, strict=True)),
        "group two 2 a b c\nquorum two\n",
    ]
).encode()
MEMBERS = small_files()
LONGEST_NAME = 300


@dataclass(frozen=True, slots=True)
class Reader:
    """A reader and samples for it."""

    read: Callable[[bytes], bytes | None]
    samples: Sequence[bytes]


def note(raw: bytes) -> bytes:
    return parse_note(raw).to_bytes()


def checkpoint(raw: bytes) -> None:
    open_checkpoint(raw, logs=[LOG.verifier], witnesses=KEYS)


def proof(raw: bytes) -> bytes:
    found = parse_proof(raw)
    assert found.to_bytes() == raw
    verify_proof(found, leaf=SMALL.hashes[3], logs=[LOG.verifier], witnesses=KEYS)
    return raw


def request(raw: bytes) -> bytes:
    return parse_add_checkpoint(raw).to_bytes()


def answer(raw: bytes) -> bytes:
    return write_cosignatures(parse_cosignatures(raw))


def policy(raw: bytes) -> None:
    found = parse_policy(raw)
    assert parse_policy(found.to_bytes()) == found


def key(raw: bytes) -> bytes:
    text = raw.decode("utf-8", "surrogatepass") if _decodes(raw) else raw.decode("latin-1")
    found = SignerKey.parse(text).secret_text if text.startswith("PRIVATE") else VerifierKey.parse(text).text
    assert found == text
    return raw


def tile_path(raw: bytes) -> bytes:
    text = raw.decode("latin-1")
    return parse_tile_path(text).path.encode("latin-1")


def bundle(raw: bytes) -> bytes:
    return bundle_bytes(read_bundle(raw, width=3))


def tile(raw: bytes) -> bytes:
    return b"".join(read_tile(raw, width=3))


def tiled_log(raw: bytes) -> None:
    """Put the input in the place of one file of a log."""
    check_tiles({**TILES, "tile/entries/000.p/7": raw}.get, expected=Expected(WHOLE, SAVED))


def export(raw: bytes) -> None:
    check_export(raw.splitlines(keepends=True), open_checkpoint=opened, saved=SAVED)


def export_line(raw: bytes) -> None:
    parse_entry(raw)


def leaf(raw: bytes) -> bytes:
    parse_leaf(raw)
    return raw


def disclosure(raw: bytes) -> None:
    text = raw.decode("latin-1")
    check_disclosure(text, leaf=parse_leaf(SMALL.leaves[3]))


def _decodes(raw: bytes) -> bool:
    try:
        raw.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True


def known_place(index: int) -> bytes:
    return Proof(index, tuple(inclusion_proof(index, 7, SMALL.nodes)), SIGNED).to_bytes()


def passport_bundle(raw: bytes) -> None:
    files = read_bundle_files(raw)
    check_passport(Question(files, BUNDLE_POLICY, at=MOMENT))


def passport_member(raw: bytes) -> None:
    """Put the input, but for its first line, in the place of the bundle's file that this line names.

    It is zipped anew, or a checksum of the zip would refuse nearly everything before a file is read.
    """
    name, _, content = raw.partition(b"\n")
    files = read_bundle_files(small_bundle({**MEMBERS, name[:LONGEST_NAME].decode("latin-1"): content}))
    failed = [each for each in check_passport(Question(files, BUNDLE_POLICY, at=MOMENT)) if each.state is State.FAILS]
    if failed:
        raise DoesNotHold(failed[0].code, failed[0].message)


def credential(raw: bytes) -> None:
    check_signature(read_document(raw, what="credential"), public=PUBLIC)


def token(raw: bytes) -> None:
    check_token(parse_token(raw), public=PUBLIC)


def status(raw: bytes) -> None:
    decoded_list(raw.decode("latin-1"))


READERS = {
    "note": Reader(note, [SIGNED, published.CHECKPOINT, b"a\n\n" + published.PETER_LINE.encode()]),
    "checkpoint": Reader(checkpoint, [SIGNED, SMALL.signed(3), log_of(0).signed()]),
    "proof": Reader(proof, [known_place(3), known_place(6), Proof(3, (), SIGNED, b"more").to_bytes()]),
    "request": Reader(request, [published.ADD_CHECKPOINT, AddCheckpoint(0, (), SIGNED).to_bytes()]),
    "answer": Reader(answer, [published.COSIGNATURES, published.PETER_LINE.encode()]),
    "policy": Reader(policy, [POLICY, b"quorum none\n"]),
    "key": Reader(key, [published.PETER.encode(), published.WITNESS_KEY.encode(), published.PETER_SECRET.encode()]),
    "tile path": Reader(tile_path, [b"tile/0/x001/x234/067", b"tile/entries/000.p/255", b"tile/63/000"]),
    "bundle": Reader(bundle, [bundle_bytes(SMALL.leaves[:3]), bundle_bytes([b"", b"a", b"b"])]),
    "tile": Reader(tile, [b"".join(SMALL.hashes[:3])]),
    "tiled log": Reader(tiled_log, [TILES["tile/entries/000.p/7"]]),
    "export": Reader(export, [b"".join(SMALL.export())]),
    "export line": Reader(export_line, SMALL.export()[1:]),
    "leaf": Reader(leaf, SMALL.leaves),
    "passport bundle": Reader(passport_bundle, [small_bundle(), small_bundle(is_stored=True)]),
    "passport member": Reader(passport_member, [f"{name}\n".encode() + each for name, each in MEMBERS.items()]),
    "credential": Reader(credential, [MEMBERS["passport.json"]]),
    "token": Reader(token, [MEMBERS["passport.jwt"]]),
    "status list": Reader(status, [encoded_list([3]).encode()]),
    "disclosure": Reader(disclosure, [each.encode() for each in SMALL.disclosures[3]]),
}
