"""A lot as the regional certification mechanism of the Great Lakes (ICGLR) writes it: lots, tags, site and taxes.

The fields and codes are facts restated from ICGLR's manual, parts MD.01, MD.11, MD.12 and MD.13. Nothing here names a
coordinate unless the caller gives the identifier of the mine site, which holds one: that is for an authority alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from marketplace.core.errors import DomainError
from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.core.weight import from_mg
from marketplace.custody.record import CustodyStep, LotRecord

# The manual's data model as published on this day, and the codes it had then.
VERSION: Final = "ICGLR MD.01 MD.11 MD.12 MD.13, codes of 2026-01-28"
MEMBER_STATES: Final = frozenset({"AO", "BI", "CD", "CF", "CG", "KE", "RW", "SS", "SD", "TZ", "UG", "ZM"})
# Of the four designated minerals only gold is sold here; the others are tin, tungsten and tantalum ores.
HS_CODES: Final[Mapping[str, str]] = MappingProxyType({"gold": "7108.12.00"})
OPERATIONS: Final[Mapping[str, int]] = MappingProxyType(
    {
        "produced": 1,
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
# Who makes the entry, by what happened: a trader buys and mixes, a processor works, a shipper carries.
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
ACTIVITIES: Final[Mapping[str, int]] = MappingProxyType({"abandoned": 0, "active": 1, "inactive": 2})
LICENCES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "primary_mining_licence": "mining_license",
        "mining_licence": "mining_license",
        "artisanal_permit": "artisanal_permit",
        "claim": "claim",
        "exploration_permit": "exploration_permit",
        "unlicensed": "unlicensed",
    }
)
REQUIRED: Final = (
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
REQUIRED_OF_PRODUCTION: Final = ("mineSiteId", "tag")
PRODUCTION: Final = 1
# The list of units (MDC.07) has kilograms and tonnes only, by their UN/ECE Recommendation 20 codes.
UNIT: Final = "KGM"
MOST_SITES: Final = 99_999

Row = dict[str, str]


class OutsideIcglr(DomainError):
    """The mechanism does not cover this lot: its country is no member, or its mineral is not designated."""

    code = "outside_icglr"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxPaid:
    """Hold one tax or fee on the lot. It is never public; the caller reads it for an authority."""

    kind: str
    amount: Money
    paid_on: date
    receipt: str = ""
    authority: str = ""


def check_covered(record: LotRecord) -> None:
    """Raise OutsideIcglr with a sentence for people when no ICGLR record exists for such a lot."""
    if record.site.place.country not in MEMBER_STATES:
        raise OutsideIcglr(N_("ICGLR records are only for lots from its member states. This lot is from elsewhere."))
    if record.kind not in HS_CODES:
        raise OutsideIcglr(N_("ICGLR records are only for gold, tin, tungsten and tantalum. This lot is none of them."))


def document_of(record: LotRecord, *, mine_site_id: str | None = None, taxes: Sequence[TaxPaid] = ()) -> dict[str, Any]:
    """Return all four parts as one JSON object of texts; raise OutsideIcglr.

    Without `mine_site_id` and `taxes` it is fit for the public, and its production rows say that they miss the former.
    """
    lots = lot_rows(record, mine_site_id=mine_site_id)
    return {
        "version": VERSION,
        "lots": [{**row, "missing": list(missing(row))} for row in lots],
        "tags": tag_rows(record),
        "mineSites": [site_row(record, mine_site_id=mine_site_id)],
        "taxes": tax_rows(record, taxes=taxes),
    }


def lot_rows(record: LotRecord, *, mine_site_id: str | None = None) -> list[Row]:
    """Return a row for each lot that an entry of the journey registers, in order, without entries corrected later.

    Mass is exact kilograms. Raises OutsideIcglr.
    """
    check_covered(record)
    return [
        _lot_row(record, step, lot=lot, mass_mg=mass, tag=tag, mine_site_id=mine_site_id)
        for step in _standing(record)
        if step.kind in OPERATIONS
        for lot, mass, tag in _registered(record, step)
    ]


def missing(row: Row) -> tuple[str, ...]:
    """Return the required fields of a lot's row that are empty; production requires two more."""
    is_production = row["originatingOperation"] == str(PRODUCTION)
    return tuple(name for name in (*REQUIRED, *(REQUIRED_OF_PRODUCTION if is_production else ())) if not row[name])


def tag_rows(record: LotRecord) -> list[Row]:
    """Return each tag once, as the first entry that names it put it on. Raises OutsideIcglr."""
    check_covered(record)
    rows: dict[str, Row] = {}
    for step in _standing(record):
        for number, lot in _tags_put_on(record, step):
            rows.setdefault(
                number,
                {
                    "identifier": number,
                    "lotNumber": lot,
                    "issuer": step.facts.get("issuer", ""),
                    **_moment(step, "issueDate", "issueTime"),
                    "creator": step.party.name,
                },
            )
    return list(rows.values())


def site_row(record: LotRecord, *, mine_site_id: str | None = None) -> Row:
    """Return the mine site with its colour (0 blue, 1 green, 2 yellow, 3 red). Raises OutsideIcglr."""
    check_covered(record)
    site = record.site
    return {
        "icglrId": mine_site_id or "",
        "reference": site.reference,
        "addressCountry": site.place.country,
        "region": site.place.region,
        "district": site.place.district,
        "mineral": HS_CODES[record.kind],
        "certificationStatus": str(site.icglr_status),
        "certificationStatusDate": site.status_on.isoformat() if site.status_on else "",
        "activityStatus": str(ACTIVITIES[site.activity]),
        "licenseType": LICENCES.get(site.right_kind, "other"),
        "licenseExpirationDate": site.right_valid_to.isoformat() if site.right_valid_to else "",
    }


def tax_rows(record: LotRecord, *, taxes: Sequence[TaxPaid]) -> list[Row]:
    """Return the taxes and fees that the caller read, with exact amounts in whole currency. Raises OutsideIcglr."""
    check_covered(record)
    return [
        {
            "lotNumber": record.reference,
            "taxType": tax.kind,
            "taxAmount": f"{tax.amount.amount:f}",
            "currency": tax.amount.currency,
            "taxPaidDate": tax.paid_on.isoformat(),
            "receiptReference": tax.receipt,
            "taxAuthority": tax.authority,
        }
        for tax in taxes
    ]


def mine_site_id(country: str, *, coordinates: str, sequence: int) -> str:
    """Return the identifier CC-[±]lat±lon-sequence of "latitude,longitude" in degrees, such as RW-1.9641+30.0619-00001.

    In the example of MD.01 the sign of the south is the hyphen itself; after a hyphen, north is written with a plus, as
    the pattern of the standard allows. Never public. Raises ValueError outside the globe or beyond 99,999 sites.
    """
    latitude, longitude = (Decimal(part) for part in coordinates.split(","))
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
        raise ValueError("a latitude is within 90 degrees, a longitude within 180")
    if not 1 <= sequence <= MOST_SITES:
        raise ValueError("a sequence is from 1 to 99999")
    hyphen = "-" if latitude >= 0 else ""
    return f"{country}{hyphen}{latitude:+.4f}{longitude:+.4f}-{sequence:05d}"


def _standing(record: LotRecord) -> Iterator[CustodyStep]:
    corrected = {step.corrects for step in record.steps}
    return (step for step in record.steps if step.id not in corrected)


def _registered(record: LotRecord, step: CustodyStep) -> list[tuple[str, int | None, str]]:
    """Return the lots an entry makes, with their weight and tag: its outputs, or the lot itself."""
    if step.outputs:
        return [(made.lot_reference, made.weight_mg, made.tag_number) for made in step.outputs]
    mass = step.weight_before_mg if step.weight_after_mg is None else step.weight_after_mg
    return [(step.facts.get("part") or record.reference, mass, ", ".join(step.tag_numbers))]


def _tags_put_on(record: LotRecord, step: CustodyStep) -> list[tuple[str, str]]:
    made = [(each.tag_number, each.lot_reference) for each in step.outputs if each.tag_number]
    return made + [(number, record.reference) for number in step.tag_numbers]


def _lot_row(
    record: LotRecord, step: CustodyStep, *, lot: str, mass_mg: int | None, tag: str, mine_site_id: str | None
) -> Row:
    operation = OPERATIONS[step.kind]
    return {
        "lotNumber": lot,
        **_moment(step, "dateRegistration", "timeRegistration"),
        "creator": step.party.name,
        "mineral": HS_CODES[record.kind],
        "concentration": _percent(record.fineness_permille),
        "mass": "" if mass_mg is None else f"{from_mg(mass_mg, 'kg'):f}",
        "unitOfMeasurement": UNIT,
        "creatorRole": str(ROLES[step.kind]),
        "originatingOperation": str(operation),
        "mineSiteId": mine_site_id or "" if operation == PRODUCTION else "",
        "mineSiteReference": record.site.reference if operation == PRODUCTION else "",
        "tag": tag,
        "inputLots": ", ".join(each.lot_reference for each in step.inputs),
    }


def _moment(step: CustodyStep, day: str, hour: str) -> Row:
    at = step.happened_at.astimezone(UTC)
    return {day: at.date().isoformat(), hour: f"{at:%H%M%S}"}


def _percent(fineness_permille: str | None) -> str:
    """Return parts per thousand as percent, exactly."""
    return "" if fineness_permille is None else f"{(Decimal(fineness_permille) / 10).normalize():f}"
