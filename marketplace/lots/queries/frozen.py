"""What a draft would freeze as now: the document of a version, before anybody sends it."""

from typing import Any

from marketplace.lots.answers import KindAnswers, OriginAnswers, Quality, WeightAnswers
from marketplace.lots.queries.sheets import Sheet
from marketplace.lots.versions import PhotoFacts, SellerFacts, SiteFacts, VersionFacts, content_of
from marketplace.pricing.split import Split


def content_now(sheet: Sheet) -> dict[str, Any]:
    """Return the document of a complete sheet."""
    if sheet.asking.split is None:
        raise AssertionError("a complete sheet has a price")
    return content_of(_facts(sheet, sheet.asking.split))


def _facts(sheet: Sheet, split: Split) -> VersionFacts:
    kind, weight, quality, origin = _answers(sheet)
    site, cooperative = sheet.site, sheet.cooperative
    if site is None or sheet.answers.price is None:
        raise AssertionError("a complete sheet has a site and a price")
    return VersionFacts(
        kind=kind,
        weight=weight,
        quality=quality,
        origin=origin,
        seller=SellerFacts(
            cooperative.reference, cooperative.legal_name, cooperative.country, cooperative.is_women_led
        ),
        site=SiteFacts(site.reference, site.country, site.region, site.district),
        photos=[PhotoFacts(slot, photo.sha256, photo.width, photo.height) for slot, photo in sheet.photos.items()],
        split=split,
        reason_for_price=sheet.answers.price.reason,
        valuations={
            "government": sheet.answers.price.government_valuation,
            "independent": sheet.answers.price.independent_valuation,
        },
        exported_mg=sheet.answers.price.exported_mg,
    )


def _answers(sheet: Sheet) -> tuple[KindAnswers, WeightAnswers, Quality, OriginAnswers]:
    answers = sheet.answers
    if not (answers.kind and answers.weight and answers.quality and answers.origin):
        raise AssertionError("a complete sheet has every answer")
    return answers.kind, answers.weight, answers.quality, answers.origin
