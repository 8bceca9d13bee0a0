"""The signer's private keys, one a line in a file outside the database; the first signs first."""

import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from marketplace.audit.refusals import LogRefused
from marketplace.audit.signer_state import write_durably
from marketplace.audit.tlog.errors import TlogError
from marketplace.audit.tlog.keys import KEY_BYTES, KeyKind, SignerKey

MOST_KEYS: Final = 8
_HEADING: Final = "# The audit log's signing keys (C2SP signed-note). Whoever has this file can sign for the log.\n"


def read_keys(path: Path) -> Sequence[SignerKey]:
    """Return the keys of the file, all of one origin; raise LogRefused (`no-key`, `key-file`)."""
    if not path.is_file():
        raise LogRefused("no-key", f"There is no key to sign with: {path}. `flask audit keys create` makes one.")
    lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
    try:
        keys = [SignerKey.parse(line) for line in lines if line and not line.startswith("#")]
    except TlogError as error:
        raise LogRefused("key-file", f"The key file cannot be used: {path}. {error.message}") from error
    is_sound = 0 < len(keys) <= MOST_KEYS and len({key.name for key in keys}) == 1
    if not is_sound or any(key.kind is not KeyKind.ED25519 for key in keys):
        raise LogRefused("key-file", f"The key file must hold 1 to {MOST_KEYS} Ed25519 keys of one origin: {path}.")
    return keys


def write_keys(path: Path, keys: Sequence[SignerKey]) -> None:
    """Replace the file by these keys, in this order."""
    write_durably(path, _HEADING + "".join(f"{key.secret_text}\n" for key in keys))


def new_key(origin: str) -> SignerKey:
    """Make a key for an origin."""
    return SignerKey(origin, secrets.token_bytes(KEY_BYTES))
