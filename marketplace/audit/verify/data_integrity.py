"""Data Integrity proofs of the suite eddsa-jcs-2022: the hash of the proof's own facts first, then the document's.

Sources: W3C Data Integrity EdDSA Cryptosuites 1.0 section 3.3, W3C Verifiable Credential Data Integrity 1.0.
Stricter than the suite: it lets contexts be appended after signing; here the proof's must equal the document's.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ..tlog.errors import DoesNotHold, Malformed
from .documents import canonical_bytes, read_time, time_text
from .multibase import base58_bytes, base58_text

SUITE: Final = "eddsa-jcs-2022"
SIGNATURE_BYTES: Final = 64
_EXPECTED: Final = {"type": "DataIntegrityProof", "cryptosuite": SUITE, "proofPurpose": "assertionMethod"}


def sign_document(document: Mapping[str, Any], *, seed: bytes, method: str, created: datetime) -> dict[str, Any]:
    """Return the document with its proof; `seed` is the 32 secret bytes, `method` the address of the public key."""
    options = {**_EXPECTED, "created": time_text(created), "verificationMethod": method}
    if "@context" in document:
        options["@context"] = document["@context"]
    value = Ed25519PrivateKey.from_private_bytes(seed).sign(hash_data(document, options=options))
    return {**document, "proof": {**options, "proofValue": base58_text(value)}}


def hash_data(document: Mapping[str, Any], *, options: Mapping[str, Any]) -> bytes:
    """Return the 64 bytes that are signed: SHA-256 of the canonical options, then of the canonical document."""
    hashed = (canonical_bytes(options, what="proof"), canonical_bytes(document, what="document"))
    return b"".join(hashlib.sha256(each).digest() for each in hashed)


def method_of(document: Mapping[str, Any]) -> str:
    """Return the address of the key that the proof names; raises Malformed (`proof`)."""
    return str(_proof_of(document)["verificationMethod"])


def check_contexts(document: Mapping[str, Any]) -> None:
    """Demand that nothing was added to the contexts since signing; raises DoesNotHold (`contexts`), Malformed."""
    if _proof_of(document).get("@context") != document.get("@context"):
        raise DoesNotHold("contexts", "The @context of the document is not the one that was signed.")


def check_signature(document: Mapping[str, Any], *, public: bytes) -> None:
    """Check the proof under a public key of 32 bytes.

    Raises Malformed (`proof`, `multibase`, `time`) and DoesNotHold (`contexts`, `signature`).
    """
    proof = _proof_of(document)
    check_contexts(document)
    read_time(proof.get("created"), what="of the proof")
    value = base58_bytes(str(proof["proofValue"]), what="signature")
    options = {name: each for name, each in proof.items() if name != "proofValue"}
    signed = hash_data(without_proof(document), options=options)
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(value, signed)
    except (InvalidSignature, ValueError) as error:
        raise DoesNotHold("signature", "The signature does not belong to this document.") from error


def without_proof(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the proof is about."""
    return {name: value for name, value in document.items() if name != "proof"}


def _proof_of(document: Mapping[str, Any]) -> Mapping[str, Any]:
    proof = document.get("proof")
    if not isinstance(proof, dict):
        raise Malformed("proof", "The document has no proof, or more than one.")
    for name, expected in _EXPECTED.items():
        if proof.get(name) != expected:
            raise Malformed("proof", f"The proof's {name} is not {expected}.")
    for name in ("verificationMethod", "proofValue"):
        if not isinstance(proof.get(name), str):
            raise Malformed("proof", f"The proof has no {name}.")
    return proof
