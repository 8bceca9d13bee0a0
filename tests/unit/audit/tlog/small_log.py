"""A log small enough to hold in the hand: entries, their tree, keys made from fixed seeds, signed checkpoints."""

import base64
import json
from collections.abc import Sequence

import rfc8785

from marketplace.audit.tlog.checkpoints import Checkpoint, OpenedCheckpoint, open_checkpoint
from marketplace.audit.tlog.exports import entry_line, header_line
from marketplace.audit.tlog.keys import KeyKind, SignerKey
from marketplace.audit.tlog.leaves import digest_of
from marketplace.audit.tlog.merkle import leaf_hash, new_nodes, root_of
from marketplace.audit.tlog.notes import add_signatures, sign, sign_note
from marketplace.audit.tlog.tiles import bundle_bytes, tile_bytes, tiles_of

ORIGIN = "log.example/gems"
LOG = SignerKey(ORIGIN, b"L" * 32)
OTHER_LOG = SignerKey(ORIGIN, b"O" * 32)
WITNESSES = [SignerKey(f"witness.example/{name}", name.encode() * 32, KeyKind.COSIGNATURE) for name in "abc"]
AT = 1_790_000_000


def disclosure(name: str, value: object, *, salt: str = "c2FsdA") -> str:
    raw = json.dumps([salt, name, value], separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def leaf(number: int, *disclosures: str) -> bytes:
    digests = sorted(digest_of(each) for each in disclosures)
    return rfc8785.dumps({"v": 1, "act": "lot.publish", "n": str(number), "_sd": digests, "_sd_alg": "sha-256"})


class SmallLog:
    """Entries with their disclosures and everything that is computed from them."""

    def __init__(self, leaves: Sequence[bytes], *, disclosures: dict[int, list[str]] | None = None) -> None:
        self.leaves = list(leaves)
        self.disclosures = disclosures or {}
        self.hashes = [leaf_hash(each) for each in self.leaves]
        self.stored = {(level, index): digest for level, index, digest in new_nodes(0, self.hashes, _nothing)}

    def nodes(self, level: int, index: int) -> bytes:
        return self.stored[level, index]

    def root(self, size: int | None = None) -> bytes:
        return root_of(self.hashes[:size])

    def checkpoint(self, size: int | None = None) -> Checkpoint:
        count = len(self.leaves) if size is None else size
        return Checkpoint(ORIGIN, count, self.root(count))

    def signed(self, size: int | None = None, *, witnesses: int = 0) -> bytes:
        text = self.checkpoint(size).text
        cosignatures = [sign(text, signer=each, timestamp=AT) for each in WITNESSES[:witnesses]]
        return add_signatures(sign_note(text, signers=[LOG]), cosignatures)

    def export(self, size: int | None = None) -> list[bytes]:
        count = len(self.leaves) if size is None else size
        return [
            header_line(self.signed(count)),
            *(self.line(idx) for idx in range(count)),
        ]

    def line(self, idx: int) -> bytes:
        told = self.disclosures.get(idx, [])
        return entry_line(idx, stored_hash=self.hashes[idx], leaf=self.leaves[idx], disclosures=told)

    def tiles(self) -> dict[str, bytes]:
        files = {"checkpoint": self.signed()}
        for tile in tiles_of(len(self.leaves)):
            if tile.level is None:
                files[tile.path] = bundle_bytes([self.leaves[index] for _, index in tile.places])
            else:
                files[tile.path] = tile_bytes(tile, nodes=self.nodes)
        return files


def log_of(size: int) -> SmallLog:
    """Make a log whose fourth entry has two disclosures and every other one none."""
    told = [disclosure("actor_name", "Amina"), disclosure("reason", "clear photo")]
    return SmallLog(
        [leaf(number, *(told if number == 3 else [])) for number in range(size)],
        disclosures={3: told} if size > 3 else {},
    )


def opened(raw: bytes) -> OpenedCheckpoint:
    return open_checkpoint(raw, logs=[LOG.verifier])


def _nothing(level: int, index: int) -> bytes:
    raise AssertionError("an empty log has no nodes to read")
