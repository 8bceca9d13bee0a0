"""A lot as the subject of a UNTP Digital Product Passport, version 0.7.0."""

from typing import Any, Final

from marketplace.custody.record import LotRecord
from marketplace.passport.quantities import quantity_of, unit_of

VERSION: Final = "0.7.0"
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
    weight = {"value": quantity_of(record.kind, record.weight_mg), "unit": unit_of(record.kind)}
    return {
        "type": ["Product"],
        "id": f"{base_url}/l/{record.reference}",
        "name": record.title,
        "idScheme": {"type": ["IdentifierScheme"], "id": issuer, "name": "Lots of the marketplace"},
        "itemNumber": record.reference,
        "idGranularity": "item",
        "productCategory": [category],
        "producedAtFacility": {
            "type": ["Facility"],
            "id": f"{base_url}/sites/{record.site.reference}",
            "name": ", ".join(part for part in (record.site.place.district, record.site.place.region) if part),
        },
        "productionDate": record.mined_to.isoformat(),
        "countryOfProduction": country,
        "dimensions": {"weight": weight},
        "materialProvenance": [_material(record, category)],
        "relatedParty": [_producer(record, base_url)],
        "relatedDocument": [
            {
                "linkURL": f"{base_url}/l/{record.reference}/events",
                "linkName": "What happened to it (EPCIS 2.0)",
                "mediaType": "application/ld+json",
            }
        ],
    }


def _material(record: LotRecord, category: dict[str, str]) -> dict[str, Any]:
    return {
        "name": record.title,
        "originCountry": {"countryCode": record.site.place.country},
        "materialType": category,
        "massFraction": 1,
        "mass": {"value": quantity_of(record.kind, record.weight_mg), "unit": unit_of(record.kind)},
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
