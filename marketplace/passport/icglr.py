"""A lot's fields for an authority of the ICGLR: Lot (MD.12), Tag (MD.11), Mine Site (MD.01), Tax (MD.13).

Written to the Data Sharing Protocol Standards of the International Conference on the Great Lakes Region, as restated at
github.com/merceaemil/apidocs, commit 0bf1a62 of 2026-01-28. A mine site's number holds its coordinates, which are
sealed: without `Sealed` the number and the coordinates stay out, and `missing` says so.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.custody.record import CustodyStep, LotAmount, LotRecord, Party

SPECIFICATION: Final = "ICGLR Data Sharing Protocol Standards"
VERSION: Final = "0bf1a62 (2026-01-28)"
MEMBER_STATES: Final = frozenset({"AO", "BI", "CD", "CF", "CG", "KE", "RW", "SS", "SD", "TZ", "UG", "ZM"})
GOLD_HS: Final = "7108.12.00"
# Of the designated minerals only gold is sold here; cassiterite, wolframite and coltan are not.
MINERAL_HS: Final[Mapping[str, str]] = MappingProxyType({"gold": GOLD_HS})
STATUSES: Final = (
    "Blue: not inspected",
    "Green: certified",
    "Yellow: flagged",
    "Red: not certified",
)
ACTIVITIES: Final[Mapping[str, int]] = MappingProxyType({"abandoned": 0, "active": 1, "inactive": 2})
LICENCES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "claim": "claim",
        "exploration_permit": "exploration_permit",
        "primary_mining_licence": "mining_license",
        "mining_licence": "mining_license",
        "artisanal_permit": "artisanal_permit",
        "unlicensed": "unlicensed",
    }
)
PRODUCTION: Final = 1
# Originating operation of each kind of event (coc_events.csv); a tag belongs to the lot of production.
OPERATIONS: Final[Mapping[str, int]] = MappingProxyType(
    {
        "produced": PRODUCTION,
        "purchased": 2,
        "combined": 3,
        "split": 3,
        "processed": 4,
        "assayed": 4,
        "moved": 5,
        "returned": 5,
        "stored": 6,
        "imported": 7,
        "exported": 8,
    }
)
# Role in the chain of who does it: miner, trader, shipper, processor, warehouse, importer, exporter.
ROLES: Final[Mapping[str, int]] = MappingProxyType(
    {
        "produced": 1,
        "purchased": 2,
        "combined": 2,
        "split": 2,
        "processed": 4,
        "assayed": 4,
        "moved": 3,
        "returned": 3,
        "stored": 5,
        "imported": 6,
        "exported": 7,
    }
)
LOT_REQUIRED: Final = (
    "lotNumber",
    "dateRegistration",
    "timeRegistration",
    "creator",
    "mineral",
    "concentration",
    "mass",
    "unitOfMeasurement",
    "creatorRole",
    "originatingOperation",
)
PRODUCTION_REQUIRED: Final = ("mineSiteId", "tag")
TAG_REQUIRED: Final = ("identifier", "issuer", "issueDate", "issueTime")
SITE_REQUIRED: Final = (
    "icglrId", "addressCountry", "nationalId", "certificationStatus", "activityStatus", "mineSiteLocation", "mineral",
    "license", "owner",
)  # fmt: skip
_UNIT: Final = "KGM"
_MG_PER_KG: Final = 1_000_000
_NOT_KNOWN: Final = "N/A"  # what the standard writes for a tax number that is not known
_COORDINATES: Final = re.compile(r"(-?\d{1,2}(?:\.\d+)?),(-?\d{1,3}(?:\.\d+)?)")
_STEP: Final = Decimal("0.0001")
LAST_SEQUENCE: Final = 99_999

Fields = dict[str, Any]


class NotCovered(ValueError):
    """A lot that the ICGLR's rules are not about; the message is a sentence to translate."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """Hold where a mine site is: "latitude,longitude" in degrees, and its number among those of the same square."""

    coordinates: str
    sequence: int


@dataclass(frozen=True, slots=True)
class TaxPaid:
    """Hold what was paid with one export, by the event that tells of it."""

    event: str
    amount: Money


def why_not(record: LotRecord) -> str | None:
    """Return the sentence that says why there is nothing to export; None where there is."""
    if record.site.place.country not in MEMBER_STATES:
        return N_("This lot was not mined in a member state of the ICGLR. Its rules do not apply.")
    if record.kind not in MINERAL_HS:
        return N_("The ICGLR’s rules cover gold, tin, tungsten and tantalum. They do not cover gemstones.")
    return None


def fields_of(record: LotRecord, *, sealed: Sealed | None = None, taxes: Sequence[TaxPaid] = ()) -> Fields:
    """Return the lot's records, oldest first, its mine site, and `missing`: the required members nobody told us.

    Weights are kilograms, a concentration is a percentage, both exact Decimals. Raises NotCovered; ValueError for
    coordinates that are none.
    """
    sentence = why_not(record)
    if sentence is not None:
        raise NotCovered(sentence)
    site_id = None if sealed is None else site_number(record.site.place.country, sealed)
    lots = _lots(record, site_id=site_id, taxes=taxes)
    site = _site(record, site_id=site_id, sealed=sealed)
    return {
        "specification": SPECIFICATION,
        "version": VERSION,
        "lots": lots,
        "mineSite": site,
        "missing": _missing(lots, site),
    }


def site_number(country: str, sealed: Sealed) -> str:
    """Return a mine site's number, such as RW-1.9641+30.0619-00001; raises ValueError.

    The south has no sign but the hyphen, as in the standard's example; the north has a plus.
    """
    if not 1 <= sealed.sequence <= LAST_SEQUENCE:
        raise ValueError("a site's number among its neighbours is 1 to 99999")
    latitude, longitude = degrees_of(sealed.coordinates)
    north = "+" if latitude >= 0 else ""
    east = "+" if longitude >= 0 else "-"
    return f"{country}-{north}{abs(latitude):f}{east}{abs(longitude):f}-{sealed.sequence:05d}"


def degrees_of(coordinates: str) -> tuple[Decimal, Decimal]:
    """Return latitude and longitude to four decimals; raises ValueError."""
    found = _COORDINATES.fullmatch(coordinates)
    if found is None:
        raise ValueError("coordinates are latitude,longitude in degrees")
    # adding nought makes nought of minus nought
    latitude, longitude = (Decimal(part).quantize(_STEP) + 0 for part in found.groups())
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise ValueError("a latitude is 90 degrees at most, a longitude 180")
    return latitude, longitude


def _lots(record: LotRecord, *, site_id: str | None, taxes: Sequence[TaxPaid]) -> list[Fields]:
    """Return a Lot for each goods that an event of a known operation left; a corrected event counts no more."""
    corrected = {step.corrects for step in record.steps if step.corrects}
    mass, found = record.weight_mg, []
    for step in record.steps:
        if step.kind not in OPERATIONS or step.id in corrected:
            continue
        part = step.facts.get("part")
        own = LotAmount(lot_reference=part or record.reference, weight_mg=step.weight_after_mg or mass)
        mass = mass if part else own.weight_mg
        for left in step.outputs or (own,):
            lot = _lot(record, step, left)
            if step.kind == "produced":
                lot |= _of_production(record, step, site_id=site_id)
            elif step.kind != "purchased":
                lot["inputLot"] = [{"lotNumber": each.lot_reference} for each in step.inputs or (own,)]
            paid = [_tax(step, tax) for tax in taxes if tax.event == str(step.id)]
            found.append({**lot, **({"taxPaid": paid} if paid else {})})
    return found


def _lot(record: LotRecord, step: CustodyStep, left: LotAmount) -> Fields:
    day, time = _when(step.recorded_at)
    lot: Fields = {
        "lotNumber": left.lot_reference,
        "dateRegistration": day,
        "timeRegistration": time,
        "creator": _business(step.party),
        "mineral": MINERAL_HS[record.kind],
    }
    if record.fineness_permille:
        lot["concentration"] = Decimal(record.fineness_permille).scaleb(-1)
    return {
        **lot,
        "mass": Decimal(left.weight_mg) / _MG_PER_KG,
        "packageType": "bag",
        "nrOfPackages": 1,
        "unitOfMeasurement": _UNIT,
        "creatorRole": [ROLES[step.kind]],
        "originatingOperation": [OPERATIONS[step.kind]],
        **({"dateSealed": step.happened_at.date().isoformat()} if step.seal_number else {}),
        **(
            {"dateShipped": step.happened_at.date().isoformat()} if OPERATIONS[step.kind] == OPERATIONS["moved"] else {}
        ),
    }


def _of_production(record: LotRecord, step: CustodyStep, *, site_id: str | None) -> Fields:
    """Return what a Lot of production must name besides."""
    sealing = next((each for each in record.steps if each.kind == "tagged"), None)
    numbers = (sealing.tag_numbers if sealing else ()) or step.tag_numbers or (record.tag_number,)
    tag: Fields = {"identifier": numbers[0]}
    if sealing is not None:
        day, time = _when(sealing.happened_at)
        issuer = sealing.facts.get("issuer")
        tag["issuer"] = _business(Party(role="tag_issuer", name=issuer) if issuer else sealing.party)
        tag |= {"issueDate": day, "issueTime": time}
    return {**({"mineSiteId": site_id} if site_id else {}), **({"tag": tag} if numbers[0] else {})}


def _business(party: Party) -> Fields:
    """Return who acted as a Business Entity; who speaks for it, and her telephone, are personal and stay out."""
    name = party.name or party.role.replace("_", " ").capitalize()
    entity: Fields = {"identifier": party.reference or name, "name": name, "tin": _NOT_KNOWN}
    return {**entity, **({"legalAddress": {"country": party.country}} if party.country else {})}


def _tax(step: CustodyStep, tax: TaxPaid) -> Fields:
    receipt = next((each.number for each in step.documents if each.number), "")
    return {
        "taxType": "Taxes paid on export",
        "taxAmount": tax.amount.amount,
        "currency": tax.amount.currency,
        "taxPaidDate": step.happened_at.date().isoformat(),
        **({"receiptReference": receipt} if receipt else {}),
    }


def _site(record: LotRecord, *, site_id: str | None, sealed: Sealed | None) -> Fields:
    site, mineral = record.site, MINERAL_HS[record.kind]
    address = {"country": site.place.country, "addressLocalityText": site.place.district or site.place.region}
    location: Fields = {"localGeographicDesignation": {**address, "subnationalDivisionL1Text": site.place.region}}
    if sealed is not None:
        latitude, longitude = degrees_of(sealed.coordinates)
        location["geolocalization"] = {"latitude": latitude, "longitude": longitude}
    licence: Fields = {"licenseType": LICENCES.get(site.right_kind, "other"), "coveredCommodities": [mineral]}
    return {
        **({"icglrId": site_id} if site_id else {}),
        "addressCountry": site.place.country,
        "certificationStatus": site.icglr_status,
        "activityStatus": ACTIVITIES[site.activity],
        "mineSiteLocation": location,
        "mineral": [mineral],
        "license": [{**licence, **_expiry(site.right_valid_to)}],
        "operator": [_business(record.cooperative)],
    }


def _expiry(day: date | None) -> Fields:
    return {} if day is None else {"expiringDate": day.isoformat()}


def _when(at: datetime) -> tuple[str, str]:
    """Return a UTC time as the standard's Date and Time (hhmmss)."""
    return at.date().isoformat(), at.strftime("%H%M%S")


def _missing(lots: Sequence[Fields], site: Fields) -> list[str]:
    """Return the required members that are not there, as paths."""
    found = []
    for place, lot in enumerate(lots):
        needed = LOT_REQUIRED + (PRODUCTION_REQUIRED if PRODUCTION in lot["originatingOperation"] else ())
        found += [f"lots[{place}].{name}" for name in needed if name not in lot]
        tag = lot.get("tag")
        found += [f"lots[{place}].tag.{name}" for name in TAG_REQUIRED if tag and name not in tag]
    return found + [f"mineSite.{name}" for name in SITE_REQUIRED if name not in site]
