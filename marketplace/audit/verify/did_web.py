"""The issuer's document: which keys may sign credentials in the name of a did:web.

Sources: did:web method specification, W3C DID Core, W3C Controlled Identifiers 1.0 (Multikey, assertionMethod).
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from ..tlog.errors import DoesNotHold, Malformed
from .multibase import multikey, multikey_bytes

CONTEXTS: Final = ("https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1")
MAX_KEYS: Final = 100


def did_of(base_url: str) -> str:
    """Return the did:web of a host; a port is written with %3A."""
    return "did:web:" + urlsplit(base_url).netloc.lower().replace(":", "%3A")


def method_id(did: str, *, public: bytes) -> str:
    """Return the address of a key in the issuer's document."""
    return f"{did}#{multikey(public)}"


def did_document(did: str, *, publics: Sequence[bytes]) -> dict[str, Any]:
    """Return the document with every key there ever was, oldest first; each stands in `assertionMethod`."""
    methods = [
        {"id": method_id(did, public=each), "type": "Multikey", "controller": did, "publicKeyMultibase": multikey(each)}
        for each in publics
    ]
    return {
        "@context": list(CONTEXTS),
        "id": did,
        "verificationMethod": methods,
        "assertionMethod": [each["id"] for each in methods],
    }


def key_for(method: str, *, document: Mapping[str, Any], issuer: str) -> bytes:
    """Return the 32 bytes of the key that may sign for the issuer.

    Raises DoesNotHold (`issuer`, `unknown-method`, `not-for-assertion`), Malformed (`did`, `multibase`, `multikey`).
    """
    if document.get("id") != issuer or method.partition("#")[0] != issuer:
        raise DoesNotHold("issuer", "The issuer is not the one whose key signed.")
    methods, allowed = document.get("verificationMethod"), document.get("assertionMethod")
    if not isinstance(methods, list) or not isinstance(allowed, list) or len(methods) > MAX_KEYS:
        raise Malformed("did", "The document of the issuer has no list of keys.")
    found = [each for each in methods if isinstance(each, dict) and each.get("id") == method]
    if len(found) != 1:
        raise DoesNotHold("unknown-method", "The document of the issuer does not hold the key that signed.")
    if method not in allowed:
        raise DoesNotHold("not-for-assertion", "The key that signed may not sign credentials: see assertionMethod.")
    if found[0].get("controller") != issuer or found[0].get("type") != "Multikey":
        raise DoesNotHold("issuer", "The key that signed belongs to somebody else, or is of another kind.")
    return multikey_bytes(str(found[0].get("publicKeyMultibase")))
