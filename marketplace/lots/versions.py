"""What a submission freezes: one canonical document and its digest.

The digest is SHA-256 of the RFC 8785 bytes, so anyone who has the document can compute it again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

import rfc8785

from marketplace.core.money import Money
from marketplace.lots import titles
from marketplace.lots.answers import GoldQuality, KindAnswers, OriginAnswers, Quality, StoneQuality, WeightAnswers
from marketplace.lots.vocabulary import METHODS_WITH_REPORT
from marketplace.pricing.split import Split

VALUERS: Final = ("government", "independent")


@dataclass(frozen=True, slots=True)
class SellerFacts:
    """Hold the public facts of a cooperative."""

    reference: str
    name: str
    country: str
    women_led: bool


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """Hold the public facts of a mine site: never nearer than the district."""

    reference: str
    country: str
    region: str
    district: str


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """Hold what a version says of one photo."""

    slot: str
    sha256: str
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionFacts:
    """Hold everything a version is made of."""

    kind: KindAnswers
    weight: WeightAnswers
    quality: Quality
    origin: OriginAnswers
    seller: SellerFacts
    site: SiteFacts
    photos: Sequence[PhotoFacts]
    split: Split
    reason_for_price: str
    valuations: Mapping[str, Money | None] = field(default_factory=dict)
    exported_mg: int = 0


def content_of(facts: VersionFacts) -> dict[str, Any]:
    """Return the document of a version: text, whole numbers, truth values and null only."""
    return {
        "kind": facts.kind.kind,
        "form": facts.kind.form,
        "title": _title(facts),
        **_quality(facts.quality),
        "weight_mg": facts.weight.weight_mg,
        "weight_unit": facts.weight.unit,
        "pieces": facts.weight.pieces,
        "parcel": facts.weight.parcel,
        # Only where it is sold in parts: documents frozen before stay equal to themselves.
        **({"parts": {"least_mg": facts.weight.least_part_mg}} if facts.weight.least_part_mg else {}),
        "country": facts.site.country,
        "place": ", ".join(dict.fromkeys(part for part in (facts.site.district, facts.site.region) if part)),
        "site_reference": facts.site.reference,
        "mined_from": facts.origin.mined_from.isoformat(),
        "mined_to": facts.origin.mined_to.isoformat(),
        "group": facts.origin.group or None,
        "miners": facts.origin.miners,
        "miners_women": facts.origin.miners_women,
        "tag_number": facts.origin.tag_number,
        "photos": [
            {"slot": photo.slot, "sha256": photo.sha256, "width": photo.width, "height": photo.height}
            for photo in facts.photos
        ],
        "price": {**price_document(facts.split), **_export_facts(facts)},
        "cooperative": {
            "reference": facts.seller.reference,
            "name": facts.seller.name,
            "country": facts.seller.country,
            "women_led": facts.seller.women_led,
        },
        "claims": _claims(facts.quality),
        "reason_for_price": facts.reason_for_price or None,
    }


def digest_of(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a document's canonical bytes (RFC 8785)."""
    return sha256(rfc8785.dumps(dict(content))).hexdigest()


def _title(facts: VersionFacts) -> str:
    weight_mg, pieces, form = facts.weight.weight_mg, facts.weight.pieces, facts.kind.form
    if isinstance(facts.quality, GoldQuality):
        return titles.title_of_gold(
            form, weight_mg=weight_mg, pieces=pieces, fineness_permille=facts.quality.fineness_permille
        )
    return titles.title_of_stone(facts.quality.variety, form, weight_mg=weight_mg, pieces=pieces)


def _quality(quality: Quality) -> dict[str, Any]:
    gold = quality if isinstance(quality, GoldQuality) else None
    stone = quality if isinstance(quality, StoneQuality) else None
    return {
        "variety": stone.variety if stone else None,
        "treatment": stone.treatment if stone else None,
        "colour": stone.colour if stone else None,
        "clarity": stone.clarity if stone else None,
        "shape": stone.shape if stone else None,
        "dimensions": (stone.dimensions or None) if stone else None,
        "grade": stone.grade if stone else None,
        "fineness_permille": titles.plain(gold.fineness_permille) if gold else None,
        "fineness_method": gold.fineness_method if gold else None,
        "standard": gold.standard if gold else None,
        "mercury": gold.mercury if gold else None,
        "report_number": quality.report_number or None,
        # Only where it was weighed: documents frozen before stay equal to themselves.
        **({"water_test": gold.water.kept()} if gold and gold.water else {}),
    }


def price_document(split: Split) -> dict[str, Any]:
    """Return a price and who gets what of it, as a version holds them."""
    return {
        "currency": split.price.currency,
        "price_minor": split.price.minor,
        "net_minor": split.net.minor,
        "gross_minor": split.seller_gross.minor,
        "lines": [
            {
                "code": line.code,
                "label": line.label,
                "payee": line.payee,
                "amount_minor": line.amount.minor,
                "rate": titles.plain(line.rate) if line.rate is not None else None,
                "evidence": line.evidence,
                "source": line.source,
                "beneficiary": line.beneficiary,
                "basis": line.basis or None,
                "base_minor": line.base.minor if line.base is not None else None,
            }
            for line in split.lines
        ],
    }


def _export_facts(facts: VersionFacts) -> dict[str, Any]:
    """Return what charges depended on besides the sale: US cents and milligrams, null where nothing was said."""
    given = facts.valuations
    return {
        "valuations_minor": {name: each.minor if (each := given.get(name)) is not None else None for name in VALUERS},
        "exported_mg": facts.exported_mg or None,
    }


def _claims(quality: Quality) -> dict[str, str]:
    """Say how each claim is known: the system writes it, nobody types it."""
    claims = {"weight": "measured_by_cooperative", "origin": "declared", "mined": "declared"}
    if isinstance(quality, GoldQuality):
        is_measured = quality.fineness_method in {"water_test", "touchstone"}
        known = "laboratory_report" if quality.fineness_method in METHODS_WITH_REPORT else "declared"
        return {**claims, "fineness": "measured_by_cooperative" if is_measured else known, "mercury": "declared"}
    known = "laboratory_report" if quality.report_number else "declared"
    stone = {"variety": known, "treatment": known, "colour": "declared", "clarity": "declared", "grade": "declared"}
    return {**claims, **stone, "natural": known}
