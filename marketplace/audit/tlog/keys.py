"""Keys of notes as text: verifier keys `<name>+<key ID>+<base64>` and signer keys `PRIVATE+KEY+…`.

Sources: C2SP signed-note (key names, key IDs, signature types), C2SP tlog-cosignature (type 4),
golang.org/x/mod/sumdb/note (the text of both kinds of key).
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from .encoding import base64_bytes, base64_text
from .errors import Malformed

KEY_BYTES: Final = 32
MAX_KEY_TEXT: Final = 1_024
_PRIVATE: Final = "PRIVATE+KEY+"
_KEY_ID: Final = re.compile(r"[0-9a-f]{8}")


class KeyKind(IntEnum):
    """The signature type byte: a log signs with ED25519, a witness with COSIGNATURE (its message holds the time)."""

    ED25519 = 0x01
    COSIGNATURE = 0x04


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key under a name; the pair (name, key_id) says which signature lines are its own."""

    name: str
    public: bytes
    kind: KeyKind = KeyKind.ED25519

    def __post_init__(self) -> None:
        check_name(self.name)
        if len(self.public) != KEY_BYTES:
            raise Malformed("key-size", f"An Ed25519 key has {KEY_BYTES} bytes; this one has {len(self.public)}.")

    @property
    def key_id(self) -> bytes:
        """Return SHA-256(name || 0x0A || type || public key)[:4]."""
        return key_id(self.name, kind=self.kind, public=self.public)

    @property
    def text(self) -> str:
        """Return the vkey: `<name>+<8 lower-case hex digits>+<base64 of type || public key>`."""
        return f"{self.name}+{self.key_id.hex()}+{base64_text(bytes([self.kind]) + self.public)}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a vkey; raises Malformed (`key`, `name`, `base64`, `key-kind`, `key-size`, `key-id`)."""
        name, stated, kind, public = _parts(text, prefix="", what="verifier key")
        key = cls(name, public, kind)
        _check_id(stated, actual=key.key_id)
        return key

    def accepts(self, message: bytes, *, signature: bytes) -> bool:
        """Tell whether the 64 bytes are this key's Ed25519 signature of the message (RFC 8032)."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class SignerKey:
    """A private key under a name: 32 secret bytes (the Ed25519 seed)."""

    name: str
    seed: bytes = field(repr=False)
    kind: KeyKind = KeyKind.ED25519

    def __post_init__(self) -> None:
        check_name(self.name)
        if len(self.seed) != KEY_BYTES:
            raise Malformed("key-size", f"An Ed25519 key has {KEY_BYTES} bytes; this one has {len(self.seed)}.")

    @property
    def verifier(self) -> VerifierKey:
        """Return the public half."""
        private = Ed25519PrivateKey.from_private_bytes(self.seed)
        return VerifierKey(self.name, private.public_key().public_bytes_raw(), self.kind)

    @property
    def secret_text(self) -> str:
        """Return the signer key as text, for a file that only its owner may read."""
        key_id_text = self.verifier.key_id.hex()
        return f"{_PRIVATE}{self.name}+{key_id_text}+{base64_text(bytes([self.kind]) + self.seed)}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a signer key; raises Malformed as VerifierKey.parse does."""
        name, stated, kind, seed = _parts(text, prefix=_PRIVATE, what="signer key")
        key = cls(name, seed, kind)
        _check_id(stated, actual=key.verifier.key_id)
        return key

    def sign_bytes(self, message: bytes) -> bytes:
        """Return the 64 bytes of the Ed25519 signature."""
        return Ed25519PrivateKey.from_private_bytes(self.seed).sign(message)


def key_id(name: str, *, kind: int, public: bytes) -> bytes:
    """Return the four bytes that stand before a key's signatures (C2SP signed-note)."""
    return hashlib.sha256(name.encode("utf-8") + b"\n" + bytes([kind]) + public).digest()[:4]


def check_name(name: str) -> None:
    """Raise Malformed (`name`) for a key name that is empty or holds a space, a plus or what UTF-8 cannot write."""
    is_bad = (
        not name or "+" in name or any(sign.isspace() or sign < " " or "\ud800" <= sign <= "\udfff" for sign in name)
    )
    if is_bad:
        raise Malformed("name", "A key name is not empty and has no spaces, no plus sign and no control characters.")


def known_keys(keys: Iterable[VerifierKey]) -> Mapping[tuple[str, bytes], VerifierKey]:
    """Index keys by (name, key ID); raises Malformed (`ambiguous-key`) when two different keys share both."""
    found: dict[tuple[str, bytes], VerifierKey] = {}
    for key in keys:
        if found.setdefault((key.name, key.key_id), key) != key:
            raise Malformed("ambiguous-key", f"Two different keys are named {key.name}+{key.key_id.hex()}.")
    return found


def _parts(text: str, *, prefix: str, what: str) -> tuple[str, str, KeyKind, bytes]:
    if len(text) > MAX_KEY_TEXT or not text.startswith(prefix):
        raise Malformed("key", f"This is not a {what}.")
    name, plus, rest = text.removeprefix(prefix).partition("+")
    stated, second_plus, encoded = rest.partition("+")
    if not plus or not second_plus or not _KEY_ID.fullmatch(stated):
        raise Malformed("key", f"A {what} is a name, a plus, 8 hex digits in lower case, a plus and base64.")
    check_name(name)
    raw = base64_bytes(encoded, what=what)
    if not raw or raw[0] not in list(KeyKind):
        raise Malformed("key-kind", f"The {what} is of a kind that this program does not know.")
    return name, stated, KeyKind(raw[0]), raw[1:]


def _check_id(stated: str, *, actual: bytes) -> None:
    if stated != actual.hex():
        raise Malformed("key-id", f"The key says that its ID is {stated}, but it is {actual.hex()}.")
