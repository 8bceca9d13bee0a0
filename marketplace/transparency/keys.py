"""The log's keys over time: the first one, a rotation with an overlap, a new origin after a compromise."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import select

from config.settings import Settings
from marketplace.audit.models import AuditKey
from marketplace.audit.refusals import LogRefused
from marketplace.audit.signer_keys import new_key, read_keys, write_keys
from marketplace.audit.signer_state import StateFile
from marketplace.audit.signing import Signer
from marketplace.audit.tlog.keys import SignerKey
from marketplace.unit_of_work import UnitOfWork

ROTATED: Final = "rotated"
COMPROMISED: Final = "compromised"


def own_origin(settings: Settings) -> str:
    """Return the name that the first key gets: the host of the pages and a path, as logs are named."""
    return f"{urlsplit(settings.base_url).netloc}/log"


def load_signer(settings: Settings) -> Signer:
    """Return the signer; outside production its first key makes itself. Raises LogRefused (`no-key`, `key-file`)."""
    path = settings.audit_key_file
    if not path.exists() and not settings.is_production:
        write_keys(path, [new_key(own_origin(settings))])
    return Signer(read_keys(path), StateFile(settings.audit_state_file))


def create_key(path: Path, *, origin: str) -> SignerKey:
    """Write the first key; raise LogRefused (`key-there`) when there is one already."""
    if path.exists():
        raise LogRefused("key-there", f"There is a key already: {path}. `flask audit keys rotate` adds another.")
    key = new_key(origin)
    write_keys(path, [key])
    return key


def publish_keys(uow: UnitOfWork, *, keys: Sequence[SignerKey]) -> None:
    """Write down the public half of every key that is not known yet."""
    known = set(uow.session.scalars(select(AuditKey.vkey)))
    for key in keys:
        vkey = key.verifier
        if vkey.text not in known:
            row = AuditKey(origin=vkey.name, key_id=vkey.key_id.hex(), vkey=vkey.text, added_at=uow.now)
            uow.session.add(row)
            uow.record("audit_key.add", row, hashes={"vkey": vkey.text})


def rotate(uow: UnitOfWork) -> SignerKey:
    """Put a new key before the others: from now on both sign, until the old one is retired."""
    path = uow.settings.audit_key_file
    keys = read_keys(path)
    key = new_key(keys[0].name)
    write_keys(path, [key, *keys])
    publish_keys(uow, keys=[key, *keys])
    return key


def retire(uow: UnitOfWork, *, key_id: str) -> None:
    """End the overlap: the key signs no more; what it signed stays valid. Raises LogRefused (`unknown-key`, …)."""
    path = uow.settings.audit_key_file
    keys = read_keys(path)
    kept = [key for key in keys if key.verifier.key_id.hex() != key_id]
    row = uow.session.scalar(select(AuditKey).where(AuditKey.key_id == key_id, AuditKey.origin == keys[0].name))
    if row is None or row.ended_at is not None:
        raise LogRefused("unknown-key", f"No key in use has the identifier {key_id}.")
    if not kept:
        raise LogRefused("last-key", "The last key cannot be retired. `flask audit keys rotate` makes another first.")
    write_keys(path, kept)
    _end(uow, row, reason=ROTATED)


def begin_origin(uow: UnitOfWork, *, origin: str) -> SignerKey:
    """Start a new log name after a compromise or a lost history: no old key signs any more, a new one begins.

    Readers must be told of the new key by another way than the log itself. Raises LogRefused (`origin-used`).
    """
    if uow.session.scalar(select(AuditKey.id).where(AuditKey.origin == origin).limit(1)) is not None:
        raise LogRefused("origin-used", f"The origin {origin} was used before. Take another name.")
    key = new_key(origin)
    for row in uow.session.scalars(select(AuditKey).where(AuditKey.ended_at.is_(None)).with_for_update()):
        _end(uow, row, reason=COMPROMISED)
    write_keys(uow.settings.audit_key_file, [key])
    publish_keys(uow, keys=[key])
    return key


def _end(uow: UnitOfWork, row: AuditKey, *, reason: str) -> None:
    row.ended_at = uow.now
    row.end_reason = reason
    uow.record("audit_key.end", row, hashes={"vkey": row.vkey}, reason=reason)
