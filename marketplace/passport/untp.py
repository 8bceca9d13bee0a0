"""A lot as the subject of a UNTP Digital Product Passport, version 0.7.0 (uncefact.github.io/spec-untp)."""

from typing import Any, Final

from marketplace.audit.verify.passports import CONTEXTS
from marketplace.custody.record import LotRecord
from marketplace.passport.quantities import measure_of
from marketplace.passport.untp_claims import claims_of
from marketplace.passport.untp_events import EVENT_TYPES, traceability_events
from marketplace.passport.untp_links import digest_link

__all__ = ["CONTEXTS", "EVENT_TYPES", "TYPES", "VERSION", "product_passport", "traceability_events"]

VERSION: Final = "0.7.0"
TYPES: Final = ("DigitalProductPassport", "VerifiableCredential")
# Harmonized System 2022. A worked stone that is no ruby, sapphire or emerald is 7103.99.
_HS: Final = "https://www.wcoomd.org/en/topics/nomenclature/instrument-and-tools/hs-nomenclature-2022-edition.aspx"
_GOLD: Final = ("710812", "Gold, not monetary, in other unwrought forms")
_ROUGH: Final = ("710310", "Precious stones and semi-precious stones, unworked or simply sawn or roughly shaped")
_FINE: Final = ("710391", "Rubies, sapphires and emeralds, otherwise worked")
_WORKED: Final = ("710399", "Other precious stones and semi-precious stones, otherwise worked")
_FINE_VARIETIES: Final = frozenset({"ruby", "sapphire", "emerald"})
_ROUGH_FORMS: Final = frozenset({"rough"})


def product_passport(record: LotRecord, *, base_url: str, issuer: str) -> dict[str, Any]:
    """Return the credentialSubject; `issuer` is the DID of who vouches for it."""
    country = {"countryCode": record.site.place.country}
    category = _category(record)
    return {
        "type": ["Product"],
        "id": f"{base_url}/l/{record.reference}",
        "name": record.title,
        "idScheme": {"type": ["IdentifierScheme"], "id": issuer, "name": "Lots of the marketplace"},
        "itemNumber": record.reference,
        "idGranularity": "item",
        "characteristics": _characteristics(record),
        "productCategory": [category],
        "producedAtFacility": {
            "type": ["Facility"],
            "id": f"{base_url}/sites/{record.site.reference}",
            "name": ", ".join(part for part in (record.site.place.district, record.site.place.region) if part),
        },
        "productionDate": record.mined_to.isoformat(),
        "countryOfProduction": country,
        "dimensions": {"weight": measure_of(record.kind, record.weight_mg)},
        "materialProvenance": [_material(record, category)],
        "relatedParty": [_producer(record, base_url)],
        "relatedDocument": [
            {
                "linkURL": f"{base_url}/l/{record.reference}/events",
                "linkName": "What happened to it (EPCIS 2.0)",
                "mediaType": "application/ld+json",
            },
            *(digest_link("Photo at registration", each) for each in record.photo_sha256s),
        ],
        "performanceClaim": claims_of(record, base_url=base_url),
    }


def _characteristics(record: LotRecord) -> dict[str, Any]:
    """Return what UNTP leaves to the trade, as text and whole numbers; nothing where nothing is known."""
    told = {
        "form": record.form,
        "pieces": record.pieces,
        "variety": record.variety,
        "treatment": record.treatment,
        "finenessPermille": record.fineness_permille,
        "reportNumber": record.report_number,
        "tagNumber": record.tag_number,
        "custodyModel": record.model,
        "womenLedCooperative": record.is_women_led,
        "recordSha256": record.version_sha256,
    }
    return {name: value for name, value in told.items() if value not in (None, "")}


def _material(record: LotRecord, category: dict[str, str]) -> dict[str, Any]:
    return {
        "name": record.title,
        "originCountry": {"countryCode": record.site.place.country},
        "materialType": category,
        "massFraction": 1,
        "mass": measure_of(record.kind, record.weight_mg),
    }


def _producer(record: LotRecord, base_url: str) -> dict[str, Any]:
    party = {
        "type": ["Party"],
        "id": f"{base_url}/parties/cooperative/{record.cooperative.reference}",
        "name": record.cooperative.name,
        "registrationCountry": {"countryCode": record.cooperative.country},
    }
    return {"role": "producer", "party": party}


def _category(record: LotRecord) -> dict[str, str]:
    if record.kind == "gold":
        code, name = _GOLD
    elif record.form in _ROUGH_FORMS:
        code, name = _ROUGH
    else:
        code, name = _FINE if record.variety in _FINE_VARIETIES else _WORKED
    return {"code": code, "name": name, "schemeId": _HS, "schemeName": "Harmonized System 2022"}
