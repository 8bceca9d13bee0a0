"""The clock's work for offers, holds and agreements: a notice before the end, then the end."""

import logging
from collections.abc import Callable
from uuid import UUID

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.sql import ColumnElement

from marketplace.accounts.models import Buyer
from marketplace.core.actor import CLOCK
from marketplace.core.errors import DomainError
from marketplace.lots.models import Lot
from marketplace.orders import holds, offers
from marketplace.orders.claims import KEEPING
from marketplace.orders.models import LotClaim
from marketplace.orders.negotiation_models import Negotiation, Offer
from marketplace.orders.offers import Side
from marketplace.orders.services.bargaining import decline, expire
from marketplace.orders.services.offer_letters import tell_keeper, tell_side
from marketplace.orders.services.reserving import let_go
from marketplace.unit_of_work import UnitOfWork, running

BATCH = 200
_logger = logging.getLogger(__name__)


def run_due_offers(make_uow: Callable[[], UnitOfWork]) -> int:
    """Attend to what is due now, at most a batch of each kind; return how many were attended to.

    Ended claims come first: they free lots, and the offers about these have their time again.
    """
    attended = 0
    for find, attend in ((_due_claims, attend_claim), (_due_offers, attend_offer)):
        with running(make_uow, read_only=True) as uow:
            found = find(uow)
        for key in found:
            try:
                with running(make_uow) as uow:
                    attended += attend(uow, key)
            except (DomainError, SQLAlchemyError):
                _logger.exception("the clock could not attend to %s", key)
    return attended


def attend_claim(uow: UnitOfWork, claim_id: UUID) -> bool:
    """End a hold or an agreement whose time is over, or write its notice; return whether there was anything to do."""
    claim = uow.session.scalar(
        select(LotClaim)
        .where(LotClaim.id == claim_id, _claim_is_due(uow))
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    if claim is None:
        return False
    clock = uow.acting_as(CLOCK)
    user_id = uow.session.get_one(Buyer, claim.buyer_id).user_id
    words = "hold" if claim.kind == "hold" else "agreement"
    if claim.expires_at <= uow.now:
        let_go(clock, claim=claim, reason="expired")
        tell_keeper(clock, claim=claim, user_id=user_id, template=f"{words}_ended")
        _tell_cooperative(clock, claim)
        return True
    claim.reminded_at = uow.now
    tell_keeper(clock, claim=claim, user_id=user_id, template=f"{words}_ends_soon")
    clock.record("lot_claim.remind", claim)
    return True


def _tell_cooperative(uow: UnitOfWork, claim: LotClaim) -> None:
    """Tell the cooperative that what it agreed to was not ordered; it knows of no hold."""
    found = select(Offer, Negotiation).join(Negotiation, Negotiation.id == Offer.negotiation_id)
    row = uow.session.execute(found.where(Offer.claim_id == claim.id)).one_or_none()
    if row is not None:
        side = Side.COOPERATIVE
        tell_side(uow, negotiation=row.Negotiation, offer=row.Offer, side=side, template="agreement_ended_cooperative")


def attend_offer(uow: UnitOfWork, offer_id: UUID) -> bool:
    """End an offer whose time is over, decline one below the floor, or write its notice."""
    row = uow.session.execute(
        select(Offer, Negotiation)
        .join(Negotiation, Negotiation.id == Offer.negotiation_id)
        .where(Offer.id == offer_id, _offer_is_due(uow))
    ).one_or_none()
    if row is None:
        return False
    offer, negotiation, clock = row.Offer, row.Negotiation, uow.acting_as(CLOCK)
    if _is_over(uow, offer, negotiation):
        expire(clock, negotiation=negotiation)
    elif offer.decline_at is not None and offer.decline_at <= uow.now:
        decline(clock, negotiation=negotiation)
    else:
        offer.reminded_at = uow.now
        side = offers.other(Side(offer.made_by))
        tell_side(clock, negotiation=negotiation, offer=offer, side=side, template="offer_ends_soon")
        clock.record("offer.remind", offer, negotiation)
    return True


def _is_over(uow: UnitOfWork, offer: Offer, negotiation: Negotiation) -> bool:
    lot = uow.session.get_one(Lot, negotiation.lot_id)
    is_gone = lot.published_version_id != negotiation.version_id or lot.state == "sold"
    return is_gone or (offer.waiting_since is None and offer.expires_at <= uow.now)


def _due_claims(uow: UnitOfWork) -> list[UUID]:
    found = select(LotClaim.id).where(_claim_is_due(uow)).order_by(LotClaim.expires_at).limit(BATCH)
    return list(uow.session.scalars(found))


def _due_offers(uow: UnitOfWork) -> list[UUID]:
    found = select(Offer.id).where(_offer_is_due(uow)).order_by(Offer.expires_at).limit(BATCH)
    return list(uow.session.scalars(found))


def _claim_is_due(uow: UnitOfWork) -> ColumnElement[bool]:
    soon = and_(LotClaim.reminded_at.is_(None), LotClaim.expires_at <= uow.now + holds.NOTICE)
    return and_(LotClaim.state == "active", LotClaim.kind.in_(KEEPING), or_(LotClaim.expires_at <= uow.now, soon))


def _offer_is_due(uow: UnitOfWork) -> ColumnElement[bool]:
    """Return what makes an open offer due; while it waits only a lot that is gone ends it."""
    quiet = or_(Offer.decline_at.is_(None), Offer.decline_at > uow.now)
    soon = and_(Offer.reminded_at.is_(None), Offer.decline_at.is_(None), Offer.expires_at <= uow.now + offers.NOTICE)
    in_time = and_(Offer.waiting_since.is_(None), or_(Offer.expires_at <= uow.now, soon, ~quiet))
    is_gone = exists().where(
        Lot.id == Offer.lot_id,
        Negotiation.id == Offer.negotiation_id,
        (Lot.published_version_id.is_distinct_from(Negotiation.version_id)) | (Lot.state == "sold"),
    )
    return and_(Offer.state == "open", or_(in_time, is_gone))
