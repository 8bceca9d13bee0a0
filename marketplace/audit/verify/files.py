"""Reading what the person named, never more than fits."""

from pathlib import Path
from typing import Final

from ..tlog.checkpoints import Checkpoint, open_checkpoint
from ..tlog.errors import Malformed, TlogError
from ..tlog.keys import KeyKind, VerifierKey
from ..tlog.notes import LIMITS
from ..tlog.policy import MAX_POLICY_BYTES, Policy, parse_policy

MAX_KEY_FILE_BYTES: Final = 65_536


class Unreadable(TlogError):
    """A file that is not there or may not be read."""


def read_file(path: Path, *, limit: int) -> bytes:
    """Return a file's bytes; raises Unreadable (`file`) and Malformed (`file-size`)."""
    try:
        with path.open("rb") as file:
            raw = file.read(limit + 1)
    except OSError as error:
        raise Unreadable("file", f"The file {path} cannot be read: {error.strerror}.") from error
    if len(raw) > limit:
        raise Malformed("file-size", f"The file {path} has more than {limit} bytes.")
    return raw


def read_trust(keys: list[str] | None, policy: Path | None) -> Policy:
    """Return the policy in the file, or one that trusts the named log keys and asks for no witness.

    A key is given as its text or as the name of a file with one key per line.
    """
    if policy is not None:
        return parse_policy(read_file(policy, limit=MAX_POLICY_BYTES))
    found = [key for each in keys or [] for key in _keys(each)]
    return Policy(logs=tuple(dict.fromkeys(found)), witnesses={}, groups={}, quorum="none", urls={})


def read_own_checkpoint(path: Path, *, policy: Policy, origin: str | None) -> Checkpoint:
    """Return a checkpoint that the reader kept; the log must have signed it, its witnesses may have changed since."""
    return open_checkpoint(read_file(path, limit=LIMITS.size), logs=policy.logs, origin=origin).checkpoint


def _keys(text: str) -> list[VerifierKey]:
    if Path(text).is_file():
        raw = read_file(Path(text), limit=MAX_KEY_FILE_BYTES)
        lines = [line for line in raw.decode("utf-8", "replace").splitlines() if line.strip()]
    else:
        lines = [text]
    keys = [VerifierKey.parse(line) for line in lines]
    if not keys:
        raise Malformed("key", f"The file {text} has no key.")
    if any(key.kind is not KeyKind.ED25519 for key in keys):
        raise Malformed("key-kind", "This is a witness's key; name the log's key, or a policy with both.")
    return keys
