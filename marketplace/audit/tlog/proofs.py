"""Proof files: one entry's place in the log with the path to a signed checkpoint, to be checked without a network.

Source: C2SP tlog-proof (`c2sp.org/tlog-proof@v1`, files end in `.tlog-proof`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from .checkpoints import OpenedCheckpoint, open_checkpoint
from .encoding import MAX_NUMBER, base64_bytes, base64_text, decimal, hash_bytes
from .errors import Malformed
from .keys import VerifierKey
from .merkle import MAX_PATH_HASHES, sized, verify_inclusion
from .notes import LIMITS, Limits, checked_text

HEADER: Final = "c2sp.org/tlog-proof@v1"
MAX_EXTRA_BYTES: Final = 65_535
# The longest header: its first line, the extra data in base64, the index, and a path of 63 hashes.
MAX_HEAD_BYTES: Final = 100_000
_EXTRA: Final = "extra "
_INDEX: Final = "index "


@dataclass(frozen=True, slots=True)
class Proof:
    """An entry's index, its path, the signed checkpoint as it is, and extra data that nobody vouches for."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes | None = None

    def to_bytes(self) -> bytes:
        """Write the file; raises Malformed (`number`, `hash-size`, `proof-length`, `extra`)."""
        if not 0 <= self.index <= MAX_NUMBER:
            raise Malformed("number", f"An entry cannot have the index {self.index}.")
        _check_lengths(self.hashes, self.extra)
        lines = [HEADER]
        if self.extra is not None:
            lines.append(_EXTRA + base64_text(self.extra))
        lines.append(f"{_INDEX}{self.index}")
        lines += [base64_text(sized(digest)) for digest in self.hashes]
        return "".join(f"{line}\n" for line in [*lines, ""]).encode("ascii") + self.checkpoint


def parse_proof(raw: bytes, *, limits: Limits = LIMITS) -> Proof:
    """Read a proof file; its checkpoint is not opened yet.

    Raises Malformed: `note-size`, `utf-8`, `crlf`, `control-character`, `proof`, `extra`, `base64`, `number`,
    `hash-size`, `proof-length`.
    """
    head, separator, checkpoint = raw.partition(b"\n\n")
    if not separator:
        raise Malformed("proof", "The proof has no empty line with a checkpoint below it.")
    if len(checkpoint) > limits.size:
        raise Malformed("note-size", f"The checkpoint has {len(checkpoint)} bytes; at most {limits.size} are read.")
    lines = checked_text(head, limit=MAX_HEAD_BYTES).split("\n")
    if lines.pop(0) != HEADER:
        raise Malformed("proof", f"The first line is not {HEADER}.")
    extra = None
    if lines and lines[0].startswith(_EXTRA):
        extra = base64_bytes(lines.pop(0).removeprefix(_EXTRA), what="extra data")
    if not lines or not lines[0].startswith(_INDEX):
        raise Malformed("proof", "The proof has no index line where one must be.")
    index = decimal(lines.pop(0).removeprefix(_INDEX), what="index")
    hashes = tuple(hash_bytes(line, what=f"hash {place} of the proof") for place, line in enumerate(lines, 1))
    _check_lengths(hashes, extra)
    return Proof(index, hashes, checkpoint, extra)


def verify_proof(
    proof: Proof,
    *,
    leaf: bytes,
    logs: Iterable[VerifierKey],
    witnesses: Iterable[VerifierKey] = (),
    origin: str | None = None,
) -> OpenedCheckpoint:
    """Check that the leaf hash is in the log whose checkpoint the proof carries, and return that checkpoint.

    Raises what open_checkpoint and merkle.verify_inclusion raise. Whether enough witnesses signed is the policy's
    question.
    """
    opened = open_checkpoint(proof.checkpoint, logs=logs, witnesses=witnesses, origin=origin)
    checkpoint = opened.checkpoint
    verify_inclusion(leaf, index=proof.index, size=checkpoint.size, proof=proof.hashes, root=checkpoint.root)
    return opened


def _check_lengths(hashes: tuple[bytes, ...], extra: bytes | None) -> None:
    if len(hashes) > MAX_PATH_HASHES:
        raise Malformed("proof-length", f"The proof has {len(hashes)} hashes; at most {MAX_PATH_HASHES}.")
    if extra is not None and not 0 < len(extra) <= MAX_EXTRA_BYTES:
        raise Malformed("extra", f"The extra data has {len(extra)} bytes; 1 to {MAX_EXTRA_BYTES} fit.")
