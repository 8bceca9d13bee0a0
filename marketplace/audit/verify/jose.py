"""A credential enveloped as `vc+jwt`: a compact JWS whose payload is the credential itself.

Sources: W3C Securing Verifiable Credentials using JOSE and COSE (typ `vc+jwt`, cty `vc`, kid, iss), RFC 7515, RFC 8037.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ..tlog.errors import DoesNotHold, Malformed
from .documents import MAX_DOCUMENT_BYTES, canonical_bytes, read_document
from .multibase import base64url_bytes, base64url_text

TYPE: Final = "vc+jwt"
CONTENT: Final = "vc"
ALGORITHM: Final = "EdDSA"
_PARTS: Final = 3


@dataclass(frozen=True, slots=True)
class Token:
    """A token taken apart; nothing in it is true before its signature was checked."""

    header: Mapping[str, Any]
    payload: Mapping[str, Any]
    signed: bytes
    signature: bytes

    @property
    def method(self) -> str:
        """Return the address of the key that the header names."""
        return str(self.header["kid"])


def sign_token(credential: Mapping[str, Any], *, seed: bytes, method: str, issuer: str) -> str:
    """Return the credential as a token; `seed` is the 32 secret bytes."""
    header = {"alg": ALGORITHM, "typ": TYPE, "cty": CONTENT, "kid": method, "iss": issuer}
    parts = (canonical_bytes(header, what="header"), canonical_bytes(credential, what="credential"))
    signed = ".".join(base64url_text(part) for part in parts)
    value = Ed25519PrivateKey.from_private_bytes(seed).sign(signed.encode("ascii"))
    return f"{signed}.{base64url_text(value)}"


def parse_token(raw: bytes) -> Token:
    """Take a token apart; raises Malformed (`jwt-size`, `jwt`, `jwt-header`, `base64url` and what documents raise)."""
    if len(raw) > 2 * MAX_DOCUMENT_BYTES:
        raise Malformed("jwt-size", f"The token has {len(raw)} bytes; that is too long.")
    text = raw.strip()
    parts = text.split(b".")
    if len(parts) != _PARTS or not text.isascii():
        raise Malformed("jwt", "The token is not three parts of base64url with points between them.")
    header, payload, signature = (base64url_bytes(part.decode("ascii"), what="token") for part in parts)
    token = Token(
        read_document(header, what="header of the token"),
        read_document(payload, what="credential in the token"),
        signed=text.rpartition(b".")[0],
        signature=signature,
    )
    _check_header(token.header)
    return token


def check_token(token: Token, *, public: bytes) -> None:
    """Check the signature under a public key of 32 bytes; raises DoesNotHold (`jwt-signature`)."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(token.signature, token.signed)
    except (InvalidSignature, ValueError) as error:
        raise DoesNotHold("jwt-signature", "The signature of the token does not belong to it.") from error


def _check_header(header: Mapping[str, Any]) -> None:
    for name, expected in (("alg", ALGORITHM), ("typ", TYPE), ("cty", CONTENT)):
        if header.get(name) != expected:
            raise Malformed("jwt-header", f"The token's {name} is not {expected}.")
    if not isinstance(header.get("kid"), str) or "crit" in header:
        raise Malformed("jwt-header", "The token does not name its key, or asks for what is not understood.")
