"""A witness: it signs a checkpoint only after it saw that the log grew from what it signed last (C2SP tlog-witness)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from marketplace.audit.signer_state import StateFile
from marketplace.audit.tlog.checkpoints import Checkpoint, open_checkpoint, parse_checkpoint
from marketplace.audit.tlog.errors import DoesNotHold, TlogError
from marketplace.audit.tlog.keys import SignerKey, VerifierKey
from marketplace.audit.tlog.merkle import EMPTY_ROOT, verify_consistency
from marketplace.audit.tlog.notes import parse_note, sign
from marketplace.audit.tlog.witness import AddCheckpoint, parse_add_checkpoint, write_cosignatures

# The longest body: a size line, 63 hashes and a checkpoint with its signatures need a small part of it.
MAX_BODY_BYTES: Final = 65_536
_TEXT: Final = "text/plain; charset=utf-8"
_SIZE: Final = "text/x.tlog.size"


@dataclass(frozen=True, slots=True)
class Answer:
    """A status of HTTP with its body."""

    status: int
    body: bytes
    content_type: str = _TEXT


@dataclass(frozen=True, slots=True)
class Witness:
    """The witness's key, the keys of the logs it watches, and its memory of them."""

    key: SignerKey
    logs: Sequence[VerifierKey]
    state: StateFile

    def add_checkpoint(self, body: bytes, *, timestamp: int) -> Answer:
        """Answer a request of `POST /add-checkpoint`; `timestamp` is the machine's time in POSIX seconds."""
        try:
            request = parse_add_checkpoint(body)
            stated = parse_checkpoint(parse_note(request.checkpoint).text)
        except TlogError as error:
            return _refused(400, error)
        if not any(key.name == stated.origin for key in self.logs):
            return Answer(404, b"This witness does not watch a log of this name.\n")
        try:
            checkpoint = open_checkpoint(request.checkpoint, logs=self.logs, origin=stated.origin).checkpoint
        except TlogError as error:
            return _refused(403, error)
        if request.old_size > checkpoint.size:
            return Answer(400, b"The old size is larger than the new one.\n")
        with self.state.held():  # what was compared must still be so when it is written, by whichever server
            return self._grow(request, checkpoint, timestamp=timestamp)

    def _grow(self, request: AddCheckpoint, new: Checkpoint, *, timestamp: int) -> Answer:
        old = self.state.read(new.origin) or Checkpoint(new.origin, 0, EMPTY_ROOT)
        is_other = old.size == new.size and old.root != new.root
        if request.old_size != old.size or is_other:
            return Answer(409, f"{old.size}\n".encode(), _SIZE)
        try:
            verify_consistency(
                request.proof, old_size=old.size, new_size=new.size, old_root=old.root, new_root=new.root
            )
        except DoesNotHold as error:
            return _refused(422, error)
        self.state.write(new)
        text = parse_note(request.checkpoint).text
        return Answer(200, write_cosignatures([sign(text, signer=self.key, timestamp=timestamp)]))


def _refused(status: int, error: TlogError) -> Answer:
    return Answer(status, f"{error.message}\n".encode())
