"""A lot as the subject of a UNTP Digital Product Passport: class Product of version 0.7.0."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, Final

from marketplace.custody.record import LotRecord
from marketplace.passport.icglr import GOLD_HS
from marketplace.passport.untp import terms
from marketplace.passport.untp.claims import claims_of
from marketplace.passport.untp.terms import Node
from marketplace.pricing import shipped

_HS: Final = "https://www.wcoomd.org/en/topics/nomenclature/instrument-and-tools/hs-nomenclature-2022-edition.aspx"
_HS_NAME: Final = "Harmonized System 2022"
_GOLD: Final = ("7108.12", "Gold, not money, unwrought, not powder")
_GEMS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "7102.31": "Diamonds, not industrial, unworked or simply sawn",
        "7102.39": "Diamonds, not industrial, worked, not mounted",
        "7103.10": "Precious and semi-precious stones, unworked or simply sawn",
        "7103.91": "Rubies, sapphires and emeralds, worked, not mounted",
        "7103.99": "Other precious and semi-precious stones, worked, not mounted",
    }
)
assert GOLD_HS.startswith(_GOLD[0]), "one heading for gold in every export"


def product_passport(record: LotRecord, *, base_url: str, issuer: str) -> dict[str, Any]:
    """Return the credentialSubject; `issuer` is the DID of who vouches for it.

    One bag with one tag is one item, whether it holds a stone or gold dust. Prices, people and coordinates stay out.
    """
    here = terms.product_id(base_url, record.reference)
    return {
        "type": ["Product"],
        "id": here,
        "name": record.title,
        "idScheme": terms.issuer_scheme(issuer),
        "itemNumber": record.reference,
        "idGranularity": "item",
        "characteristics": _characteristics(record),
        "productCategory": _category(record),
        "relatedDocument": _documents(record, base_url=base_url),
        "relatedParty": [
            {"role": "producer", "party": terms.party(base_url, record.cooperative, other=f"{here}#cooperative")}
        ],
        "producedAtFacility": _site(record, base_url=base_url),
        "productionDate": record.mined_to.isoformat(),
        "countryOfProduction": terms.country(record.site.place.country),
        "dimensions": {"weight": terms.weight(record.weight_mg)},
        "materialProvenance": [_material(record, base_url=base_url)],
        "performanceClaim": claims_of(record, base_url=base_url),
    }


def _characteristics(record: LotRecord) -> Node:
    """Return what UNTP leaves to the trade: text and whole numbers only, nothing where nothing is known."""
    told: Node = {
        "kind": record.kind,
        "form": record.form,
        "pieces": record.pieces,
        "variety": record.variety,
        "treatment": record.treatment,
        "finenessPermille": record.fineness_permille,
        "reportNumber": record.report_number,
        "tagNumber": record.tag_number,
        "custodyModel": record.model,
        "womenLedCooperative": record.is_women_led,
        "recordVersion": record.version_number,
        "recordSha256": record.version_sha256,
    }
    return {name: value for name, value in told.items() if value not in (None, "")}


def _category(record: LotRecord) -> list[Node]:
    code, name = _heading(record)
    return [terms.coded(code, name, scheme=_HS, scheme_name=_HS_NAME)] if code else []


def _heading(record: LotRecord) -> tuple[str, str]:
    """Return the heading of the Harmonized System; nothing for a stone the vocabulary does not know."""
    if record.kind == "gold":
        return _GOLD
    row = _varieties().get(record.variety or "", {})
    code = row.get("hs_cut" if record.form == "cut" else "hs_rough", "")
    return (code, _GEMS.get(code, row["name_en"])) if code else ("", "")


@cache
def _varieties() -> Mapping[str, Mapping[str, str]]:
    return {row["code"]: row for row in shipped.rows_of("vocabulary/gem_varieties.csv")}


def _documents(record: LotRecord, *, base_url: str) -> list[Node]:
    journey = {
        "linkURL": f"{base_url}/lots/{record.reference}/journey",
        "linkName": "Journey of the lot",
        "mediaType": "text/html",
    }
    return [journey, *(terms.digest_link("Photo at registration", each) for each in record.photo_sha256s)]


def _site(record: LotRecord, *, base_url: str) -> Node:
    site = terms.facility(base_url, record.site.place, other=f"{base_url}/sites/{record.site.reference}")
    return {**site, "registeredId": record.site.reference}


def _material(record: LotRecord, *, base_url: str) -> Node:
    """Return the one material of a lot: all of it is from one country, so its fraction is a whole one."""
    code = "gold" if record.kind == "gold" else record.variety or record.kind
    name = "Gold" if record.kind == "gold" else _varieties().get(code, {}).get("name_en", code)
    scheme = terms.term(base_url, "materials")
    return {
        "name": name,
        "originCountry": terms.country(record.site.place.country),
        "materialType": terms.coded(code, name, scheme=scheme, scheme_name="Materials of the marketplace"),
        "massFraction": 1,
        "mass": terms.weight(record.weight_mg),
        "recycledMassFraction": 0,
        "hazardous": False,
    }
