"""Gather what flags and the gate look at, from the lot, its site and other lots."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from config.settings import Settings
from marketplace.compliance.country_rules import PUBLISH
from marketplace.compliance.gate import Unmet, unmet_of_application
from marketplace.compliance.models import Cooperative, MineSite
from marketplace.compliance.queries import facts_of_site, sites_of, unmet_of
from marketplace.core.likeness import ALIKE_WITHIN
from marketplace.core.money import Money
from marketplace.documents.gates import unmet_papers
from marketplace.incidents.cahra import Area, area_of
from marketplace.incidents.queries import stops_of
from marketplace.incidents.services.areas import edition_in_force
from marketplace.lots.goods import goods_of, sale_of
from marketplace.lots.models import Lot, LotPhoto, LotVersion
from marketplace.moderation.flags import LotEvidence, Screening
from marketplace.moderation.models import Decision, ModerationCase
from marketplace.screening.standing import list_ages, running_hit

MOST_NAMED = 5
_OF_THE_GOODS = frozenset({"cooperative", "deduction"})


def evidence_of_lot(session: Session, version: LotVersion, *, settings: Settings, on: date) -> LotEvidence:
    """Return what the flags of a lot version need."""
    cooperative = session.scalars(
        select(Cooperative).join(Lot, Lot.cooperative_id == Cooperative.id).where(Lot.id == version.lot_id)
    ).one()
    site = _site_of(session, version)
    return LotEvidence(
        position=price_position(version),
        photo_lots=_lots_with_photo(session, version),
        alike_lots=_lots_alike(session, version),
        photo_hints=_photo_hints(session, version),
        certificate_lots=_lots_with_certificate(session, version),
        tag_lots=_lots_with_tag(session, version),
        attested_on=site.child_labour_attested_on if site else None,
        site_status=site.status if site else None,
        site_status_on=site.status_on if site else None,
        times_returned=_times_returned(session, version.lot_id),
        conflict_source=conflict_source([site] if site else [], areas=edition_in_force(session).areas, on=on),
        screening=screening_of(session, cooperative, settings=settings, on=on),
    )


def screening_of(session: Session, cooperative: Cooperative, *, settings: Settings, on: date) -> Screening:
    """Return how a cooperative, with its officers and owners, stands against the lists on a day."""
    return Screening(
        hit=running_hit(session, cooperative_id=cooperative.id) or "",
        screened_on=cooperative.screened_on,
        old_lists=[age.kind.upper() for age in list_ages(session, settings=settings, today=on) if age.is_too_old],
    )


def conflict_source(sites: Sequence[MineSite], *, areas: Sequence[Area], on: date) -> str:
    """Return the source that names one of the sites as lying in a conflict-affected area, or nothing."""
    found = (area_of(areas, country=s.country, region=s.region, district=s.district, on=on) for s in sites)
    return next((area.source for area in found if area is not None), "")


def price_position(version: LotVersion) -> str:
    """Return below, inside, above or unknown: the price of the goods, without fee and premium, against the guide."""
    result = version.guidance.get("result") or {}
    low, high = result.get("low"), result.get("high")
    price = version.content["price"]
    if not low or not high or price["currency"] != low["currency"]:
        return "unknown"
    gross = gross_of(version.content).minor
    if gross < low["minor"]:
        return "below"
    return "above" if gross > high["minor"] else "inside"


def gross_of(content: Mapping[str, Any]) -> Money:
    """Return the price of the goods themselves: what the cooperative and the named deductions receive together."""
    price = content["price"]
    gross = sum(line["amount_minor"] for line in price["lines"] if line["payee"] in _OF_THE_GOODS)
    return Money(gross, price["currency"])


def unmet_of_case(session: Session, case: ModerationCase, *, today: date) -> list[Unmet]:
    """Return what keeps this case from being approved now."""
    if case.version_id is None:
        cooperative = session.get_one(Cooperative, case.cooperative_id)
        sites = [facts_of_site(site) for site in sites_of(session, cooperative.id)]
        return unmet_of_application(today=today, screened_on=cooperative.screened_on, sites=sites)
    content = session.get_one(LotVersion, case.version_id).content
    site = content.get("site_reference")
    sale = sale_of(content, cooperative_id=case.cooperative_id, lot_id=case.lot_id)
    found = unmet_of(
        session,
        cooperative_id=case.cooperative_id,
        site_reference=site,
        goods=goods_of(content),
        today=today,
        **stops_of(session, cooperative_id=case.cooperative_id, site_reference=site)._asdict(),
    )
    return [*found, *unmet_papers(session, sale, stage=PUBLISH, today=today)]


def _site_of(session: Session, version: LotVersion) -> MineSite | None:
    query = select(MineSite).join(Lot, Lot.cooperative_id == MineSite.cooperative_id)
    return session.scalar(
        query.where(Lot.id == version.lot_id, MineSite.reference == version.content.get("site_reference"))
    )


def _lots_with_photo(session: Session, version: LotVersion) -> list[str]:
    digests = [photo["sha256"] for photo in version.content.get("photos", [])]
    query = (
        select(Lot.reference)
        .join(LotPhoto, LotPhoto.lot_id == Lot.id)
        .where(LotPhoto.sha256.in_(digests), Lot.id != version.lot_id, LotPhoto.removed_at.is_(None))
    )
    return list(session.scalars(query.distinct().order_by(Lot.reference).limit(MOST_NAMED)))


def _photo_hints(session: Session, version: LotVersion) -> list[tuple[str, dict[str, str]]]:
    """Return what the files of this version's photos told, by slot in the version's order."""
    slots = {photo["sha256"]: photo["slot"] for photo in version.content.get("photos", [])}
    query = select(LotPhoto.sha256, LotPhoto.hints).where(LotPhoto.lot_id == version.lot_id, LotPhoto.sha256.in_(slots))
    found = {row.sha256: row.hints for row in session.execute(query.order_by(LotPhoto.uploaded_at, LotPhoto.id))}
    return [(slot, hint) for sha256, slot in slots.items() for hint in found.get(sha256, [])]


def _lots_alike(session: Session, version: LotVersion) -> list[str]:
    """Return lots with a photo that differs from one of this version in few bits of its pattern (core/likeness.py)."""
    digests = [photo["sha256"] for photo in version.content.get("photos", [])]
    mine = aliased(LotPhoto)
    apart = func.bit_count(LotPhoto.likeness.op("#")(mine.likeness))
    query = (
        select(Lot.reference)
        .join(LotPhoto, LotPhoto.lot_id == Lot.id)
        .join(mine, apart <= ALIKE_WITHIN)
        .where(
            mine.lot_id == version.lot_id,
            mine.sha256.in_(digests),
            LotPhoto.lot_id != version.lot_id,
            LotPhoto.removed_at.is_(None),
        )
    )
    return list(session.scalars(query.distinct().order_by(Lot.reference).limit(MOST_NAMED)))


def _lots_with_certificate(session: Session, version: LotVersion) -> list[str]:
    number = (version.content.get("report_number") or "").strip()
    if not number:
        return []
    query = (
        select(Lot.reference)
        .join(LotVersion, LotVersion.lot_id == Lot.id)
        .where(func.upper(LotVersion.content["report_number"].astext) == number.upper(), Lot.id != version.lot_id)
    )
    return list(session.scalars(query.distinct().order_by(Lot.reference).limit(MOST_NAMED)))


def _lots_with_tag(session: Session, version: LotVersion) -> list[str]:
    tag = (version.content.get("tag_number") or "").strip()
    if not tag:
        return []
    query = (
        select(Lot.reference)
        .join(LotVersion, LotVersion.lot_id == Lot.id)
        .where(func.upper(LotVersion.content["tag_number"].astext) == tag.upper(), Lot.id != version.lot_id)
    )
    return list(session.scalars(query.distinct().order_by(Lot.reference).limit(MOST_NAMED)))


def _times_returned(session: Session, lot_id: UUID) -> int:
    query = (
        select(func.count())
        .select_from(Decision)
        .join(ModerationCase, ModerationCase.id == Decision.case_id)
        .where(
            ModerationCase.lot_id == lot_id, ModerationCase.state == "changes_requested", Decision.verdict == "changes"
        )
    )
    return session.scalar(query) or 0
