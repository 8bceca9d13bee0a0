"""Checkpoints: the note in which a log states its size and root.

Source: C2SP tlog-checkpoint. Lines: origin, size, root in base64, then extension lines that nobody can check.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from .encoding import MAX_NUMBER, base64_text, decimal, hash_bytes
from .errors import DoesNotHold, Malformed
from .keys import VerifierKey
from .merkle import EMPTY_ROOT, sized
from .notes import LIMITS, Limits, Verified, check_text, parse_note, verify_signatures

FIXED_LINES: Final = 3


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log states: its origin, how many entries it has, and the root over them."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        sized(self.root)
        if not 0 <= self.size <= MAX_NUMBER:
            raise Malformed("size", f"A log cannot have {self.size} entries.")
        if any(not line or "\n" in line for line in (self.origin, *self.extensions)):
            raise Malformed("empty-line", "The lines of a checkpoint are not empty.")

    @property
    def text(self) -> str:
        """Return the text to sign; raises Malformed (`control-character`)."""
        lines = [self.origin, str(self.size), base64_text(self.root), *self.extensions]
        text = "".join(f"{line}\n" for line in lines)
        check_text(text)
        return text


@dataclass(frozen=True, slots=True)
class OpenedCheckpoint:
    """A checkpoint that its log signed, with everyone known who signed or cosigned it."""

    checkpoint: Checkpoint
    logs: tuple[Verified, ...]
    witnesses: tuple[Verified, ...]
    ignored: int


def parse_checkpoint(text: str) -> Checkpoint:
    """Read the text of a checkpoint; raises Malformed (`checkpoint`, `empty-line`, `number`, `base64`, `hash-size`)."""
    lines = text.split("\n")
    if lines.pop() or len(lines) < FIXED_LINES:
        raise Malformed("checkpoint", "A checkpoint has a line each for its origin, its size and its root.")
    if not all(lines):
        raise Malformed("empty-line", "A checkpoint has an empty line where none may be.")
    origin, size, root, *extensions = lines
    return Checkpoint(
        origin, decimal(size, what="size of the log"), hash_bytes(root, what="root hash"), tuple(extensions)
    )


def open_checkpoint(
    raw: bytes,
    *,
    logs: Iterable[VerifierKey],
    witnesses: Iterable[VerifierKey] = (),
    origin: str | None = None,
    limits: Limits = LIMITS,
) -> OpenedCheckpoint:
    """Read and verify a checkpoint that a log key named as its origin signed.

    With `origin`, only that log's checkpoint is accepted. Raises Malformed and DoesNotHold as open_note does, and
    DoesNotHold: `origin` for another log, `log-signature` when only others signed, `empty-root`.
    """
    log_keys, witness_keys = tuple(logs), tuple(witnesses)
    note = parse_note(raw, limits=limits)
    checkpoint = parse_checkpoint(note.text)
    verified = verify_signatures(note, verifiers=(*log_keys, *witness_keys))
    if origin is not None and checkpoint.origin != origin:
        raise DoesNotHold("origin", f"This is a checkpoint of {checkpoint.origin}, not of {origin}.")
    signers = tuple(each for each in verified if each.key in log_keys and each.key.name == checkpoint.origin)
    if not signers:
        raise DoesNotHold("log-signature", f"The log {checkpoint.origin} did not sign this with a key that you trust.")
    if checkpoint.size == 0 and checkpoint.root != EMPTY_ROOT:
        raise DoesNotHold("empty-root", "An empty log has one root only, and this is another.")
    cosigners = tuple(each for each in verified if each.key in witness_keys)
    return OpenedCheckpoint(checkpoint, signers, cosigners, ignored=len(note.signatures) - len(verified))
