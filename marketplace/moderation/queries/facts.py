"""Gather what decides whether two people must approve a lot."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from marketplace.core.errors import Unavailable
from marketplace.core.money import Money
from marketplace.documents.models import Document
from marketplace.lots.models import Lot, LotVersion
from marketplace.moderation.four_eyes import LotFacts
from marketplace.moderation.models import Decision, ModerationCase
from marketplace.moderation.queries.evidence import gross_of
from marketplace.pricing.queries import convert_between

THRESHOLD_CURRENCY: Final = "USD"
REMEMBERED: Final = timedelta(days=365)


def facts_of_lot(
    session: Session, version: LotVersion, *, in_conflict_area: bool, threshold_minor: int, now: datetime
) -> LotFacts:
    """Return the facts about a version that was just sent; `threshold_minor` is in US cents."""
    lot = session.get_one(Lot, version.lot_id)
    gross = gross_of(version.content)
    return LotFacts(
        kind=version.content["kind"],
        is_large=_is_large(session, Money(version.price_minor, version.currency), threshold_minor, now),
        lots_published=_lots_published(session, lot),
        in_conflict_area=in_conflict_area,
        gross_minor=gross.minor,
        guide_minor=_guide(version, gross.currency),
        paper_replaced=_is_paper_replaced(session, version),
        refused_before=_was_refused(session, lot, since=now - REMEMBERED),
    )


def _is_large(session: Session, price: Money, threshold_minor: int, now: datetime) -> bool:
    try:
        converted = convert_between(session, price, THRESHOLD_CURRENCY, now.date())
    except Unavailable:
        return True
    return converted.money.minor >= threshold_minor


def _lots_published(session: Session, lot: Lot) -> int:
    """Count the cooperative's other lots that were approved once."""
    query = select(func.count(ModerationCase.lot_id.distinct())).where(
        ModerationCase.cooperative_id == lot.cooperative_id,
        ModerationCase.kind == "lot",
        ModerationCase.state == "approved",
        ModerationCase.lot_id != lot.id,
    )
    return session.scalar(query) or 0


def _guide(version: LotVersion, currency: str) -> tuple[int, int] | None:
    result = version.guidance.get("result") or {}
    low, high = result.get("low"), result.get("high")
    if not low or not high or low["currency"] != currency:
        return None
    return low["minor"], high["minor"]


def _is_paper_replaced(session: Session, version: LotVersion) -> bool:
    """Tell whether an earlier version of the lot named another report, or an accepted paper of it was replaced."""
    papers = exists().where(
        Document.lot_id == version.lot_id, Document.replaced_at.is_not(None), Document.state == "accepted"
    )
    if session.scalar(select(papers)):
        return True
    named = LotVersion.content["report_number"].astext
    query = select(exists().where(LotVersion.lot_id == version.lot_id, LotVersion.number < version.number, named != ""))
    now = version.content.get("report_number") or ""
    return bool(session.scalar(query.where(named != now)))


def _was_refused(session: Session, lot: Lot, *, since: datetime) -> bool:
    query = (
        select(Decision.id)
        .join(ModerationCase, ModerationCase.id == Decision.case_id)
        .where(
            ModerationCase.cooperative_id == lot.cooperative_id,
            ModerationCase.state == "refused",
            Decision.verdict == "refuse",
            Decision.decided_at >= since,
        )
        .limit(1)
    )
    return session.scalar(query) is not None
