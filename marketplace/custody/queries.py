"""Reads of custody: the public record of a lot, its events, and where its papers stand in the log."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from marketplace.audit.models import AuditEvent, AuditTarget
from marketplace.compliance.models import Cooperative, MineSite
from marketplace.custody.content import step_of
from marketplace.custody.models import CustodyAmount, CustodyEvent
from marketplace.custody.record import CustodyStep, LotRecord, Party, Place, SiteRecord, SplitShare
from marketplace.custody.rules.model import STRONGEST, weakest
from marketplace.custody.shares import PriceLine, shares_of
from marketplace.lots.models import Lot, LotVersion

# More than any lot has in its life; a record is never longer.
MOST_STEPS: Final = 500
_PUBLIC_STATES: Final = ("published", "submitted", "changes_requested", "sold")


def record_of_lot(session: Session, *, lot_id: UUID) -> LotRecord | None:
    """Return the public record of a lot that is on sale or sold; None for any other, and for one that is not there.

    While a newer version is under review the record stays that of the version buyers see.
    """
    lot = session.get(Lot, lot_id)
    if lot is None or lot.published_version_id is None or lot.state not in _PUBLIC_STATES:
        return None
    version = session.get_one(LotVersion, lot.published_version_id)
    return record_of_version(session, lot=lot, version=version)


def record_of_version(session: Session, *, lot: Lot, version: LotVersion) -> LotRecord:
    """Return the record of a lot as one of its versions tells it, whatever the state of the lot."""
    content = version.content
    cooperative = session.get_one(Cooperative, lot.cooperative_id)
    events = events_of_lot(session, lot_id=lot.id)
    return LotRecord(
        lot_id=lot.id,
        reference=lot.reference,
        version_number=version.number,
        version_sha256=version.sha256,
        title=content["title"],
        kind=content["kind"],
        form=content["form"],
        weight_mg=content["weight_mg"],
        pieces=content["pieces"],
        cooperative=party_of(cooperative),
        is_women_led=bool(content["cooperative"]["women_led"]),
        site=site_of_version(session, content, cooperative),
        mined_from=date.fromisoformat(content["mined_from"]),
        mined_to=date.fromisoformat(content["mined_to"]),
        published_at=lot.published_at or version.submitted_at,
        tag_number=content["tag_number"],
        model=model_of(lot, events),
        variety=content["variety"],
        treatment=content["treatment"],
        fineness_permille=content["fineness_permille"],
        report_number=content.get("report_number"),
        claims=content["claims"],
        photo_sha256s=tuple(photo["sha256"] for photo in content["photos"]),
        split=_split(content, events),
        steps=steps_of(session, events),
    )


def events_of_lot(session: Session, *, lot_id: UUID) -> Sequence[CustodyEvent]:
    """Return the events of a lot in the order of recording, with those of others that name it as input or output."""
    named = select(CustodyAmount.event_id).where(CustodyAmount.lot_id == lot_id)
    return session.scalars(
        select(CustodyEvent)
        .where(or_(CustodyEvent.lot_id == lot_id, CustodyEvent.id.in_(named)))
        .order_by(CustodyEvent.seq)
        .limit(MOST_STEPS)
    ).all()


def model_of(lot: Lot, events: Sequence[CustodyEvent]) -> str:
    """Return the model of a lot after its events; what it went into as an input does not weaken the lot itself."""
    inherited = [event.model for event in events if event.lot_id == lot.id or event.kind == "split"]
    return weakest(STRONGEST, *inherited)


def steps_of(session: Session, events: Sequence[CustodyEvent]) -> tuple[CustodyStep, ...]:
    """Return events as steps numbered from one, each with the id of its entry in the log."""
    entries = _entries(session, [event.id for event in events])
    return tuple(
        step_of(event.content, number=number, recorded_at=event.recorded_at, audit_event_id=entries.get(str(event.id)))
        for number, event in enumerate(events, start=1)
    )


def party_of(cooperative: Cooperative) -> Party:
    """Return a cooperative as the party of an event."""
    return Party(
        role="cooperative",
        name=cooperative.legal_name,
        reference=cooperative.reference,
        country=cooperative.country,
    )


def place_of_site(site: MineSite) -> Place:
    """Return where a mine site is: its district, never nearer."""
    return Place(country=site.country, region=site.region, district=site.district, site_reference=site.reference)


def _entries(session: Session, ids: Sequence[UUID]) -> Mapping[str, UUID]:
    """Return the first entry of the log about each event: the one that recorded it."""
    if not ids:
        return {}
    first = (
        select(AuditTarget.id, func.min(AuditTarget.seq).label("seq"))
        .where(AuditTarget.type == CustodyEvent.audit_type, AuditTarget.id.in_([str(each) for each in ids]))
        .group_by(AuditTarget.id)
        .subquery()
    )
    rows = session.execute(select(first.c.id, AuditEvent.event_id).join(AuditEvent, AuditEvent.seq == first.c.seq))
    return {row.id: row.event_id for row in rows}


def site_of_version(session: Session, content: Mapping[str, Any], cooperative: Cooperative) -> SiteRecord:
    """Return the public facts of the version's mine site; an unknown one is told by country and district alone."""
    site = session.scalar(select(MineSite).where(MineSite.reference == content["site_reference"]))
    if site is None:
        place = Place(
            country=content["country"], district=cooperative.district, site_reference=content["site_reference"]
        )
        return SiteRecord(reference=content["site_reference"], place=place, icglr_status=0)
    return SiteRecord(
        reference=site.reference,
        place=place_of_site(site),
        icglr_status=site.status,
        status_on=site.status_on,
        activity=site.activity,
        mercury_practice=site.mercury_practice,
        right_kind=site.right_kind,
        right_valid_to=site.right_valid_to,
    )


def _split(content: Mapping[str, Any], events: Sequence[CustodyEvent]) -> tuple[SplitShare, ...]:
    """Return who gets what: of the first sale once there was one, until then of the price asked."""
    sold = next((event.content["split"] for event in events if event.content.get("split")), None)
    if sold is not None:
        return tuple(SplitShare(**line) for line in sold)
    lines = content["price"]["lines"]
    return shares_of([PriceLine(line["code"], line["label"], line["payee"], line["amount_minor"]) for line in lines])
