"""Reads of negotiations. A query takes the owner, so that somebody else's negotiation looks like none at all."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, select, tuple_
from sqlalchemy.orm import Session

from marketplace.core.errors import NotFound
from marketplace.core.ids import normal_reference
from marketplace.core.money import Money
from marketplace.lots.models import Lot, LotVersion
from marketplace.orders.claims import KEEPING, LIVE
from marketplace.orders.models import LotClaim, Order
from marketplace.orders.negotiation_models import Negotiation, Offer, OfferFloor
from marketplace.orders.offer_prices import list_price_of
from marketplace.orders.offers import Side, Standing, State

PAGE = 20


@dataclass(frozen=True, slots=True)
class Talk:
    """A negotiation with everything about it: its offers, oldest first, the lot, and who has the lot now."""

    negotiation: Negotiation
    offers: Sequence[Offer]
    lot: Lot
    version: LotVersion
    claim: LotClaim | None
    order: Order | None
    standing: Standing

    @property
    def newest(self) -> Offer:
        """Return the offer that stands, or stood last."""
        return self.offers[-1]

    @property
    def amount(self) -> Money:
        """Return what the newest offer names."""
        return amount_of(self.newest)

    @property
    def list_price(self) -> Money:
        """Return what the goods of the newest offer cost by the lot's price."""
        return list_price_of(self.version, self.newest.quantity_mg)


@dataclass(frozen=True, slots=True)
class TalkPage:
    """A page of negotiations and the reference behind which the next one begins."""

    talks: Sequence[Talk]
    after: str | None


def amount_of(offer: Offer) -> Money:
    """Return what an offer names."""
    return Money(offer.amount_minor, offer.currency)


def negotiation_of_buyer(session: Session, reference: str, *, buyer_id: UUID | None) -> Negotiation:
    """Return a buyer's own negotiation; raise NotFound."""
    return _one(session, _by_reference(reference).where(Negotiation.buyer_id == buyer_id))


def negotiation_of_cooperatives(session: Session, reference: str, *, cooperative_ids: Collection[UUID]) -> Negotiation:
    """Return a negotiation of one of the cooperatives; raise NotFound."""
    return _one(session, _by_reference(reference).where(Negotiation.cooperative_id.in_(cooperative_ids)))


def negotiation_by_reference(session: Session, reference: str) -> Negotiation:
    """Return any negotiation, for staff; raise NotFound."""
    return _one(session, _by_reference(reference))


def talks_of_buyer(session: Session, *, buyer_id: UUID | None, now: datetime, after: str | None = None) -> TalkPage:
    """Return a page of a buyer's negotiations, last moved first."""
    return _page(session, Negotiation.buyer_id == buyer_id, now=now, after=after)


def talks_of_cooperatives(
    session: Session, *, cooperative_ids: Collection[UUID], now: datetime, after: str | None = None
) -> TalkPage:
    """Return a page of the negotiations of cooperatives, last moved first."""
    return _page(session, Negotiation.cooperative_id.in_(cooperative_ids), now=now, after=after)


def talks_for_staff(session: Session, *, now: datetime, after: str | None = None) -> TalkPage:
    """Return a page of all negotiations, last moved first."""
    return _page(session, Negotiation.id.is_not(None), now=now, after=after)


def talk_of(session: Session, negotiation: Negotiation, *, now: datetime) -> Talk:
    """Return everything about a negotiation."""
    offers = session.scalars(select(Offer).where(Offer.negotiation_id == negotiation.id).order_by(Offer.round)).all()
    lot = session.get_one(Lot, negotiation.lot_id)
    version = session.get_one(LotVersion, negotiation.version_id)
    newest = offers[-1]
    claim = session.get(LotClaim, newest.claim_id) if newest.claim_id else None
    order = session.get(Order, claim.order_id) if claim is not None and claim.order_id else None
    standing = Standing(
        buyer_id=negotiation.buyer_id,
        buyer_user_id=negotiation.buyer_user_id,
        cooperative_id=negotiation.cooperative_id,
        state=State(newest.state),
        made_by=Side(newest.made_by),
        rounds=len(offers),
        is_waiting=is_reserved(session, lot.id, buyer_id=negotiation.buyer_id, now=now),
        is_agreed=claim is not None and _stands(claim, now),
        is_gone=lot.published_version_id != version.id or lot.state == "sold",
    )
    return Talk(negotiation, offers, lot, version, claim, order, standing)


def is_reserved(session: Session, lot_id: UUID, *, buyer_id: UUID, now: datetime) -> bool:
    """Tell whether another buyer has the whole lot now."""
    found = exists().where(
        LotClaim.lot_id == lot_id,
        LotClaim.state.in_(LIVE),
        LotClaim.quantity_mg.is_(None),
        LotClaim.buyer_id != buyer_id,
        (LotClaim.state != "active") | (LotClaim.expires_at > now),
    )
    return bool(session.scalar(select(found)))


def has_open_offer(session: Session, lot_id: UUID) -> bool:
    """Tell whether an offer for the lot waits for an answer."""
    return bool(session.scalar(select(exists().where(Offer.lot_id == lot_id, Offer.state == State.OPEN.value))))


def floor_of(session: Session, lot_id: UUID, *, part_mg: int | None, whole_mg: int) -> Money | None:
    """Return the private floor for a lot or a part of it, rounded up to the minor unit; None when there is none."""
    row = session.get(OfferFloor, lot_id)
    if row is None:
        return None
    if part_mg is None:
        return Money(row.amount_minor, row.currency)
    return Money(-(-row.amount_minor * part_mg // whole_mg), row.currency)


def holds_of(session: Session, *, buyer_id: UUID | None, now: datetime) -> Sequence[LotClaim]:
    """Return the holds and agreements of a buyer that still stand, the first to end first."""
    query = select(LotClaim).where(
        LotClaim.buyer_id == buyer_id,
        LotClaim.state == "active",
        LotClaim.kind.in_(KEEPING),
        LotClaim.expires_at > now,
    )
    return session.scalars(query.order_by(LotClaim.expires_at, LotClaim.id).limit(PAGE)).all()


def _stands(claim: LotClaim, now: datetime) -> bool:
    return claim.state in {"settling", "consumed"} or (claim.state == "active" and claim.expires_at > now)


def _by_reference(reference: str) -> Select[Negotiation]:
    return select(Negotiation).where(Negotiation.reference == normal_reference(reference))


def _one(session: Session, wanted: Select[Negotiation]) -> Negotiation:
    found = session.scalar(wanted)
    if found is None:
        raise NotFound
    return found


def _page(session: Session, mine: ColumnElement[bool], *, now: datetime, after: str | None) -> TalkPage:
    wanted = select(Negotiation).where(mine)
    found = wanted.order_by(Negotiation.updated_at.desc(), Negotiation.id.desc()).limit(PAGE + 1)
    if after:
        last = session.scalar(wanted.where(Negotiation.reference == normal_reference(after)))
        if last is None:
            raise NotFound
        found = found.where(tuple_(Negotiation.updated_at, Negotiation.id) < (last.updated_at, last.id))
    rows = session.scalars(found).all()
    talks = [talk_of(session, each, now=now) for each in rows[:PAGE]]
    return TalkPage(talks, rows[PAGE - 1].reference if len(rows) > PAGE else None)
