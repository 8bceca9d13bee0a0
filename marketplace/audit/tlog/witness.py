"""What a log sends to a witness, and what comes back: the bodies of `POST /add-checkpoint`.

Source: C2SP tlog-witness. The same body, saved to a file, is how a consistency proof travels.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from .encoding import MAX_NUMBER, base64_text, decimal, hash_bytes
from .errors import Malformed
from .merkle import sized
from .notes import LIMITS, Limits, Signature, checked_text, parse_signature

# "The client MUST NOT send more than 63 consistency proof lines."
MAX_PROOF_LINES: Final = 63
# The size line and 63 hashes in base64 need less than 3,000 bytes.
MAX_HEAD_BYTES: Final = 4_096
_OLD: Final = "old "


@dataclass(frozen=True, slots=True)
class AddCheckpoint:
    """The size that the witness saw last, the consistency proof from there, and the new signed checkpoint as it is."""

    old_size: int
    proof: tuple[bytes, ...]
    checkpoint: bytes

    def to_bytes(self) -> bytes:
        """Write the request body; raises Malformed (`number`, `hash-size`, `proof-length`)."""
        if not 0 <= self.old_size <= MAX_NUMBER:
            raise Malformed("number", f"A log cannot have {self.old_size} entries.")
        _check_length(self.proof)
        lines = [f"{_OLD}{self.old_size}", *(base64_text(sized(digest)) for digest in self.proof), ""]
        return "".join(f"{line}\n" for line in lines).encode("ascii") + self.checkpoint


def parse_add_checkpoint(raw: bytes, *, limits: Limits = LIMITS) -> AddCheckpoint:
    """Read a request body; its checkpoint is not opened yet.

    Raises Malformed: `note-size`, `utf-8`, `crlf`, `control-character`, `request`, `number`, `base64`, `hash-size`,
    `proof-length`.
    """
    head, separator, checkpoint = raw.partition(b"\n\n")
    if not separator:
        raise Malformed("request", "There is no empty line with a checkpoint below it.")
    if len(checkpoint) > limits.size:
        raise Malformed("note-size", f"The checkpoint has {len(checkpoint)} bytes; at most {limits.size} are read.")
    first, *rest = checked_text(head, limit=MAX_HEAD_BYTES).split("\n")
    if not first.startswith(_OLD):
        raise Malformed("request", "The first line is not the word old and the size of the log before.")
    old_size = decimal(first.removeprefix(_OLD), what="old size")
    _check_length(rest)
    proof = tuple(hash_bytes(line, what=f"hash {place} of the proof") for place, line in enumerate(rest, 1))
    return AddCheckpoint(old_size, proof, checkpoint)


def write_cosignatures(signatures: Iterable[Signature]) -> bytes:
    """Write a witness's answer: its signature lines."""
    return "".join(signature.line for signature in signatures).encode("utf-8")


def parse_cosignatures(raw: bytes, *, limits: Limits = LIMITS) -> tuple[Signature, ...]:
    """Read a witness's answer; nothing is verified yet.

    Raises Malformed as notes.parse_note does.
    """
    text = checked_text(raw, limit=limits.size)
    if not text.endswith("\n"):
        raise Malformed("note-end", "The answer does not end in a newline.")
    lines = text[:-1].split("\n")
    if len(lines) > limits.signatures:
        raise Malformed("too-many-signatures", f"The answer has {len(lines)} signatures; at most {limits.signatures}.")
    return tuple(parse_signature(line) for line in lines)


def _check_length(proof: Iterable[object]) -> None:
    count = len(tuple(proof))
    if count > MAX_PROOF_LINES:
        raise Malformed("proof-length", f"The proof has {count} hashes; at most {MAX_PROOF_LINES}.")
