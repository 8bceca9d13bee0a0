"""The key that signs passports: in a file outside the database; its public half stays in did.json for ever."""

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.settings import Settings
from marketplace.audit.signer_state import write_durably
from marketplace.audit.tlog.errors import TlogError
from marketplace.audit.tlog.keys import KEY_BYTES, SignerKey
from marketplace.audit.verify.did_web import did_of, method_id
from marketplace.audit.verify.multibase import multikey, multikey_bytes
from marketplace.passport.models import PassportKey
from marketplace.unit_of_work import UnitOfWork

MOST_KEYS: Final = 100
_HEADING: Final = "# The key that signs passports of lots. Whoever has this file can issue passports.\n"


class PassportKeyRefused(Exception):
    """The key cannot be used or made: `code` for programs, `message` for the person who keeps it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who signs: a DID and its secret key."""

    did: str
    key: SignerKey

    @property
    def public(self) -> bytes:
        """Return the 32 bytes of the public key."""
        return self.key.verifier.public

    @property
    def method(self) -> str:
        """Return the key's address in the issuer's document."""
        return method_id(self.did, public=self.public)


def load_issuer(settings: Settings) -> Issuer:
    """Return who signs; outside production the first key makes itself. Raises PassportKeyRefused."""
    path, did = settings.passport_key_file, did_of(settings.base_url)
    if not path.exists() and not settings.is_production:
        _write(path, _new_key(did))
    key = _read(path)
    if key.name != did:
        raise PassportKeyRefused("other-issuer", f"The key in {path} is of {key.name}, but this is {did}.")
    return Issuer(did, key)


def create_key(settings: Settings) -> Issuer:
    """Write the first key; raises PassportKeyRefused (`key-there`)."""
    path, did = settings.passport_key_file, did_of(settings.base_url)
    if path.exists():
        raise PassportKeyRefused(
            "key-there", f"There is a key already: {path}. `flask passport keys rotate` replaces it."
        )
    _write(path, _new_key(did))
    return load_issuer(settings)


def publish_key(uow: UnitOfWork, *, issuer: Issuer) -> None:
    """Write down the public half of the key that signs, if it is new; did.json shows it from then on."""
    found = multikey(issuer.public)
    if uow.session.scalar(select(PassportKey.id).where(PassportKey.multikey == found)) is None:
        row = PassportKey(issuer=issuer.did, multikey=found, added_at=uow.now)
        uow.session.add(row)
        uow.record("passport_key.add", row, hashes={"key": found})


def rotate_key(uow: UnitOfWork) -> Issuer:
    """Sign with a new key from now on. What the old one signed stays valid. Raises PassportKeyRefused."""
    publish_key(uow, issuer=load_issuer(uow.settings))
    _write(uow.settings.passport_key_file, _new_key(did_of(uow.settings.base_url)))
    issuer = load_issuer(uow.settings)
    publish_key(uow, issuer=issuer)
    return issuer


def public_keys(session: Session, *, issuer: str) -> list[bytes]:
    """Return every public key of an issuer, oldest first."""
    found = select(PassportKey.multikey).where(PassportKey.issuer == issuer)
    return [multikey_bytes(each) for each in session.scalars(found.order_by(PassportKey.added_at).limit(MOST_KEYS))]


def _new_key(did: str) -> SignerKey:
    return SignerKey(did, secrets.token_bytes(KEY_BYTES))


def _read(path: Path) -> SignerKey:
    if not path.is_file():
        raise PassportKeyRefused("no-key", f"There is no key: {path}. `flask passport keys create` makes one.")
    lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
    found = [line for line in lines if line and not line.startswith("#")]
    try:
        (text,) = found
        return SignerKey.parse(text)
    except (ValueError, TlogError) as error:
        raise PassportKeyRefused("key-file", f"The key file must hold one key, and this does not: {path}.") from error


def _write(path: Path, key: SignerKey) -> None:
    write_durably(path, f"{_HEADING}{key.secret_text}\n")
