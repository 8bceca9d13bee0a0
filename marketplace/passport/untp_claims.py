"""Each fact of a lot as a UNTP Claim that says how it is known: measured, on a report, or only declared."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from marketplace.custody.record import LotRecord
from marketplace.passport import addresses
from marketplace.passport.icglr import MEMBER_STATES
from marketplace.passport.quantities import measure_of
from marketplace.passport.untp_links import term

Node = dict[str, Any]

# What `LotRecord.claims` says of a fact.
KNOWN: Final[Mapping[str, str]] = MappingProxyType(
    {
        "measured_by_cooperative": "Measured by the cooperative.",
        "laboratory_report": "Found by a laboratory, on its report.",
        "declared": "Declared by the cooperative.",
    }
)
NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "weight": "Weight",
        "origin": "Origin",
        "mined": "When it was mined",
        "fineness": "Fineness",
        "mercury": "Mercury",
        "variety": "Variety",
        "treatment": "Treatment",
        "colour": "Colour",
        "clarity": "Clarity",
        "grade": "Grade",
        "natural": "Natural, not made by people",
    }
)
# Of the ICGLR, 0 to 3.
STATUSES: Final = ("Blue: not inspected", "Green: certified", "Yellow: flagged", "Red: not certified")
_PART_PER_MILLION: Final = "59"  # UN/ECE Recommendation 20
_ENVIRONMENT: Final = frozenset({"mercury"})
_STATUS: Final = "icglr-status"
_STANDARD: Final = {
    "type": ["Standard"],
    "id": "https://icglr.org/",
    "name": "ICGLR Regional Certification Mechanism",
}


def claims_of(record: LotRecord, *, base_url: str) -> list[Node]:
    """Return a claim for each fact of the record, in the order of their names, and one of the site's status."""
    found = [_claim(record, name, known, base_url=base_url) for name, known in sorted(record.claims.items())]
    if record.site.place.country in MEMBER_STATES:
        found.append(_site_claim(record, base_url=base_url))
    return found


def _claim(record: LotRecord, name: str, known: str, *, base_url: str) -> Node:
    title = NAMES.get(name, name)
    how = KNOWN.get(known, known)
    told = _told(record, name)
    performance: Node = {
        "metric": _metric(base_url, name, title),
        "score": {"code": known, "definition": how},
        **_measured(record, name),
    }
    return {
        **_start(record, name, title, base_url=base_url),
        "description": f"{told} {how}" if told else how,
        "claimDate": record.published_at.date().isoformat(),
        "claimedPerformance": [performance],
        "conformityTopic": [_topic(base_url, "environment" if name in _ENVIRONMENT else "traceability")],
    }


def _site_claim(record: LotRecord, *, base_url: str) -> Node:
    site, title = record.site, "Status of the mine site"
    return {
        **_start(record, _STATUS, title, base_url=base_url),
        "description": f"{STATUSES[site.icglr_status]}. Told by the marketplace after the authority’s list.",
        "referenceStandard": [dict(_STANDARD)],
        "claimDate": (site.status_on or record.published_at.date()).isoformat(),
        "claimedPerformance": [
            {
                "metric": _metric(base_url, _STATUS, title),
                "score": {"code": str(site.icglr_status), "definition": STATUSES[site.icglr_status]},
            }
        ],
        "conformityTopic": [_topic(base_url, "traceability")],
    }


def _start(record: LotRecord, name: str, title: str, *, base_url: str) -> Node:
    return {
        "type": ["Claim"],
        "id": f"{addresses.goods_of(base_url, reference=record.reference)}#claim-{name}",
        "name": title,
        "referenceCriteria": [{"type": ["Criterion"], "id": term(base_url, f"claim-{name}"), "name": title}],
    }


def _metric(base_url: str, name: str, title: str) -> Node:
    return {"type": ["PerformanceMetric"], "id": term(base_url, f"metric-{name}"), "name": title}


def _topic(base_url: str, name: str) -> Node:
    return {"type": ["ConformityTopic"], "id": term(base_url, f"topic-{name}"), "name": name}


def _measured(record: LotRecord, name: str) -> Node:
    """Return the claimed figure, where the fact is one."""
    if name == "weight":
        return {"measure": measure_of(record.kind, record.weight_mg)}
    ppm = fineness_ppm(record.fineness_permille) if name == "fineness" and record.fineness_permille else None
    return {} if ppm is None else {"measure": {"value": ppm, "unit": _PART_PER_MILLION}}


def fineness_ppm(permille: str) -> int | None:
    """Return a fineness, told in parts per thousand, in whole parts per million; None where it is finer than that."""
    ppm = Decimal(permille) * 1000
    return int(ppm) if ppm == ppm.to_integral_value() else None


def _told(record: LotRecord, name: str) -> str:
    """Return the fact itself as a sentence; nothing where the public record does not tell it."""
    match name:
        case "weight":
            return f"{Decimal(record.weight_mg) / 1000:f} g."
        case "origin":
            return f"{', '.join(part for part in (record.site.place.district, record.site.place.country) if part)}."
        case "mined":
            return f"From {record.mined_from.isoformat()} to {record.mined_to.isoformat()}."
        case "fineness" if record.fineness_permille:
            return f"{record.fineness_permille} parts in a thousand."
        case "variety" if record.variety:
            return f"{record.variety}."
        case "treatment" if record.treatment:
            return f"{record.treatment}."
    return ""
