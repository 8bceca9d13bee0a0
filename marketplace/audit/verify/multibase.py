"""Keys and signatures as text: base58btc and base64url with their multibase letters, Ed25519 as a Multikey.

Sources: W3C Controlled Identifiers 1.0 (Multibase, Multikey: prefix 0xed 0x01), base58btc of Bitcoin's alphabet.
"""

import base64
from typing import Final

from ..tlog.errors import Malformed
from ..tlog.keys import KEY_BYTES

_ALPHABET: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_PLACES: Final = {sign: place for place, sign in enumerate(_ALPHABET)}
ED25519_PREFIX: Final = b"\xed\x01"
MAX_BASE58: Final = 200


def base58_text(raw: bytes) -> str:
    """Encode bytes as multibase base58btc: a `z`, then the digits; zero bytes in front become ones."""
    number, digits = int.from_bytes(raw, "big"), ""
    while number:
        number, place = divmod(number, 58)
        digits = _ALPHABET[place] + digits
    zeroes = len(raw) - len(raw.lstrip(b"\0"))
    return "z" + "1" * zeroes + digits


def base58_bytes(text: str, *, what: str) -> bytes:
    """Decode multibase base58btc; raises Malformed (`multibase`)."""
    digits = text[1:]
    if not text.startswith("z") or len(text) > MAX_BASE58 or any(sign not in _PLACES for sign in digits):
        raise Malformed("multibase", f"The {what} is not written in base58btc with a z in front.")
    number = 0
    for sign in digits:
        number = number * 58 + _PLACES[sign]
    zeroes = len(digits) - len(digits.lstrip("1"))
    return b"\0" * zeroes + number.to_bytes((number.bit_length() + 7) // 8, "big")


def multikey(public: bytes) -> str:
    """Return an Ed25519 public key as a Multikey: `z6Mk…`."""
    return base58_text(ED25519_PREFIX + public)


def multikey_bytes(text: str) -> bytes:
    """Return the 32 bytes of an Ed25519 Multikey; raises Malformed (`multibase`, `multikey`)."""
    raw = base58_bytes(text, what="public key")
    if not raw.startswith(ED25519_PREFIX) or len(raw) != len(ED25519_PREFIX) + KEY_BYTES:
        raise Malformed("multikey", "The public key is not an Ed25519 Multikey.")
    return raw.removeprefix(ED25519_PREFIX)


def base64url_text(raw: bytes) -> str:
    """Encode bytes in base64url without padding (RFC 4648 section 5)."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def base64url_bytes(text: str, *, what: str) -> bytes:
    """Decode base64url without padding in its one canonical form; raises Malformed (`base64url`)."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError as error:
        raise Malformed("base64url", f"The {what} is not base64url.") from error
    if base64url_text(raw) != text:
        raise Malformed("base64url", f"The {what} is not written in the one canonical form of base64url.")
    return raw
