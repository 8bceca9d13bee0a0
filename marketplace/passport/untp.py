"""A lot as the subject of a UNTP Digital Product Passport, version 0.7.0."""

from typing import Any

from marketplace.custody.record import LotRecord


def product_passport(record: LotRecord, *, base_url: str, issuer: str) -> dict[str, Any]:
    """Return the credentialSubject; `issuer` is the DID of who vouches for it."""
    return {
        "type": ["Product"],
        "id": f"{base_url}/l/{record.reference}",
        "name": record.title,
        "idScheme": {"type": ["IdentifierScheme"], "id": issuer, "name": "Lots of the marketplace"},
        "idGranularity": "item",
        "productCategory": [],
        "producedAtFacility": {"id": f"{base_url}/sites/{record.site.reference}", "name": record.site.place.district},
        "countryOfProduction": {"countryCode": record.site.place.country},
    }
