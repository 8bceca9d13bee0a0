"""A passport's words as a W3C Verifiable Credential 2.0, still to be signed; and the terms that are our own."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from marketplace.audit.verify.documents import time_text
from marketplace.audit.verify.passports import CONTEXTS
from marketplace.audit.verify.status_lists import LIST_BITS, status_entry
from marketplace.custody.record import LotRecord
from marketplace.passport import addresses
from marketplace.passport.untp import EVENT_TYPES, TYPES, product_passport, traceability_events

ISSUER_NAME: Final = "Pact"


def credential_of(
    record: LotRecord,
    *,
    base_url: str,
    issuer: str,
    number: int,
    digest: str,
    status_index: int,
    valid_from: datetime,
    valid_until: datetime,
) -> dict[str, Any]:
    """Return version `number` of a lot's passport; `issuer` is the DID, `digest` that of the record."""
    address = addresses.version_of(base_url, reference=record.reference, number=number)
    before = addresses.version_of(base_url, reference=record.reference, number=number - 1)
    listed = addresses.status_list_of(base_url, index=status_index)
    return {
        "@context": [*CONTEXTS, base_url + addresses.OWN_CONTEXT],
        "id": address,
        "type": list(TYPES),
        "issuer": _issuer(issuer),
        "validFrom": time_text(valid_from),
        "validUntil": time_text(valid_until),
        "name": f"Passport of lot {record.reference}",
        "credentialStatus": status_entry(listed, index=status_index % LIST_BITS),
        "credentialSubject": product_passport(record, base_url=base_url, issuer=issuer),
        "passportVersion": str(number),
        "recordDigest": f"sha256:{digest}",
        **({"supersedes": before} if number > 1 else {}),
    }


def journey_document(record: LotRecord, *, base_url: str, issuer: str) -> dict[str, Any]:
    """Return a UNTP Digital Traceability Event of all that happened to a lot, never signed: its passport is.

    It is the same until another event is recorded.
    """
    return {
        "@context": list(CONTEXTS),
        "id": addresses.traceability_of(base_url, reference=record.reference),
        "type": list(EVENT_TYPES),
        "issuer": _issuer(issuer),
        "validFrom": time_text(max([record.published_at, *(step.recorded_at for step in record.steps)])),
        "name": f"Journey of lot {record.reference}",
        "credentialSubject": traceability_events(record, base_url=base_url),
    }


def own_context(base_url: str) -> Mapping[str, Any]:
    """Return the definitions of our own terms; what stands at a versioned address never changes."""
    here = f"{base_url}{addresses.OWN_CONTEXT}#"
    text = "http://www.w3.org/2001/XMLSchema#string"
    return {
        "@context": {
            "@version": 1.1,
            "@protected": True,
            "passportVersion": {"@id": f"{here}passportVersion", "@type": text},
            "recordDigest": {"@id": f"{here}recordDigest", "@type": text},
            "supersedes": {"@id": f"{here}supersedes", "@type": "@id"},
        }
    }


def _issuer(did: str) -> Mapping[str, Any]:
    return {"type": ["CredentialIssuer"], "id": did, "name": ISSUER_NAME}
