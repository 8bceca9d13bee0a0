"""Seal small secrets for storage; digest tokens so that a stolen table opens nothing."""

import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_VERSION = b"\x01"


class SealBroken(ValueError):
    """Sealed bytes were altered, or sealed under another key or purpose."""


def seal(plain: bytes, *, key: bytes, purpose: str) -> bytes:
    """Encrypt with AES-256-GCM under `key` (32 bytes), bound to `purpose`."""
    nonce = os.urandom(12)
    return _VERSION + nonce + AESGCM(key).encrypt(nonce, plain, purpose.encode())


def unseal(sealed: bytes, *, key: bytes, purpose: str) -> bytes:
    """Decrypt what `seal` made; raise SealBroken when it was altered."""
    if sealed[:1] != _VERSION:
        raise SealBroken("unknown seal version")
    try:
        return AESGCM(key).decrypt(sealed[1:13], sealed[13:], purpose.encode())
    except InvalidTag as error:
        raise SealBroken("the sealed value was altered or belongs elsewhere") from error


def digest(token: str) -> str:
    """Return the SHA-256 of a random token, in hex: tokens have 256 bits, so no salt is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def keyed_digest(text: str, *, key: str) -> str:
    """Return HMAC-SHA-256 in hex of a guessable text (an e-mail address, a network address)."""
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()


def fingerprint(text: str, *, key: bytes, purpose: str) -> str:
    """Return a keyed digest in hex by which equal secrets are found without opening them.

    HMAC-SHA-256 under a key of its own, derived from `key` for this purpose, so that the digest neither helps to open
    what is sealed under `key` nor can be compared with digests for another purpose.
    """
    own_key = hmac.digest(key, f"fingerprint:{purpose}".encode(), "sha256")
    return hmac.new(own_key, text.encode(), hashlib.sha256).hexdigest()
