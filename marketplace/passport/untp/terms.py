"""What the passport and its events are made of: classes of UNTP 0.7.0 that both use.

A weight is whole milligrams with the unit MGM of UN/ECE Recommendation 20, a fineness whole parts per million (59).
So every number is a whole one, and RFC 8785 writes it as it was measured.
"""

import base64
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from marketplace.audit.verify.documents import time_text
from marketplace.audit.verify.passports import CONTEXTS
from marketplace.custody.record import Party, Place
from marketplace.passport import addresses

__all__ = [
    "CONTEXTS", "EVENT_TYPES", "TYPES", "VERSION", "Node", "coded", "country", "digest_link", "facility",
    "fineness_ppm", "issuer_scheme", "moment", "parts_per_million", "party", "product_id", "term", "weight",
]  # fmt: skip

Node = dict[str, Any]

VERSION: Final = "0.7.0"
TYPES: Final = ("DigitalProductPassport", "VerifiableCredential")
EVENT_TYPES: Final = ("DigitalTraceabilityEvent", "VerifiableCredential")
_MILLIGRAM: Final = "MGM"
_PART_PER_MILLION: Final = "59"
_SHA256: Final = bytes((0x12, 32))  # multihash: the code of SHA-256, and how many bytes follow


def term(base_url: str, name: str) -> str:
    """Return the address of a word of our own, beside the terms that the passport's own context defines."""
    return f"{base_url}{addresses.OWN_CONTEXT}#{name}"


def product_id(base_url: str, reference: str) -> str:
    """Return the identifier of a lot or of a part of one: the address of its passport."""
    return addresses.page_of(base_url, reference=reference)


def issuer_scheme(issuer: str) -> Node:
    """Return the scheme of the lots' numbers: self-issued, so UNTP wants the identifier of the issuer."""
    return {"type": ["IdentifierScheme"], "id": issuer, "name": "Lots of the marketplace"}


def moment(at: datetime) -> str:
    """Write a UTC time to the second."""
    return time_text(at)


def weight(weight_mg: int) -> Node:
    """Return a weight in milligrams as a Measure."""
    return {"value": weight_mg, "unit": _MILLIGRAM}


def fineness_ppm(permille: str) -> int | None:
    """Return a fineness, told in parts per thousand, in whole parts per million; None where it is finer than that."""
    ppm = Decimal(permille) * 1000
    return int(ppm) if ppm == ppm.to_integral_value() else None


def parts_per_million(value: int) -> Node:
    """Return a share in parts per million as a Measure."""
    return {"value": value, "unit": _PART_PER_MILLION}


def coded(code: str, name: str, *, scheme: str, scheme_name: str) -> Node:
    """Return a Classification."""
    return {"code": code, "name": name, "schemeId": scheme, "schemeName": scheme_name}


def country(code: str) -> Node:
    """Return a Country by its ISO 3166-1 alpha-2 code."""
    return {"countryCode": code}


def facility(base_url: str, place: Place, *, other: str) -> Node:
    """Return where it was, never nearer than the district; `other` identifies a place that has no reference."""
    name = ", ".join(part for part in (place.district, place.region, place.country) if part)
    where = f"{base_url}/sites/{place.site_reference}" if place.site_reference else other
    return {"type": ["Facility"], "id": where, "name": name}


def party(base_url: str, given: Party, *, other: str) -> Node:
    """Return who acted as a Party; a buyer has no name here. `other` identifies one without a reference."""
    found: Node = {
        "type": ["Party"],
        "id": f"{base_url}/cooperatives/{given.reference}" if given.reference else other,
        "name": given.name or given.role.replace("_", " ").capitalize(),
    }
    if given.reference:
        found["registeredId"] = given.reference
    if given.country:
        found["registrationCountry"] = country(given.country)
    return found


def digest_link(name: str, sha256: str) -> Node:
    """Return a Link to a file that is not public, named by its digest alone (RFC 6920, and W3C digestMultibase)."""
    digest = bytes.fromhex(sha256)
    return {
        "linkURL": f"ni:///sha-256;{_base64url(digest)}",
        "linkName": name,
        "digestMultibase": f"u{_base64url(_SHA256 + digest)}",
    }


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")
