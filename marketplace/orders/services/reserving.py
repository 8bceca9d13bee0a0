"""Take a lot or a part of it for a buyer, and let it go again: the claim, the listing, and the offers that wait."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from marketplace.core.money import Money
from marketplace.lots import services as lots
from marketplace.lots.models import Lot, LotVersion
from marketplace.orders import claims
from marketplace.orders.models import LotClaim, Order
from marketplace.orders.services.waiting import pause, revive
from marketplace.unit_of_work import UnitOfWork


def reserve(
    uow: UnitOfWork, *, lot: Lot, buyer_id: UUID, kind: str, expires_at: datetime, part_mg: int | None = None
) -> LotClaim:
    """Take the lot, or a part in milligrams, for a buyer who does not order it yet; raises what `take` raises."""
    claim = take(uow, lot=lot, buyer_id=buyer_id, kind=kind, expires_at=expires_at, part_mg=part_mg)
    if part_mg is None:
        uow.record("lot.reserve", lot, claim, kind=kind, expires_at=expires_at)
    return claim


def take(
    uow: UnitOfWork, *, lot: Lot, buyer_id: UUID, kind: str, expires_at: datetime, part_mg: int | None = None
) -> LotClaim:
    """Take the lot, or a part in milligrams; from here nobody else has it. Of a whole lot the caller records it.

    Raises Reserved, ReservedByYou, HeldByYou, Taken or LotTaken for a whole lot, PartRefused or LotTaken for a part.
    """
    if part_mg is not None:
        uow.session.refresh(lot, with_for_update=True)
        price = lots.take_part(uow, lot=lot, part_mg=part_mg)
        return claims.take_part(
            uow, lot_id=lot.id, buyer_id=buyer_id, kind=kind, expires_at=expires_at, part_mg=part_mg, price=price
        )
    claim = claims.take(uow, lot_id=lot.id, buyer_id=buyer_id, kind=kind, expires_at=expires_at)
    # Only the winner of the claim comes here; the lot's row, locked by this, keeps a new version from being published.
    lots.mark_reserved(uow, lot=lot)
    pause(uow, lot_id=lot.id, buyer_id=buyer_id)
    return claim


def let_go(uow: UnitOfWork, *, claim: LotClaim, reason: str) -> None:
    """End a claim: the lot or its part is for sale again, and the offers that waited count again."""
    claims.release(uow, claim=claim, reason=reason)
    lot = uow.session.get_one(Lot, claim.lot_id)
    if claim.quantity_mg is not None:
        _give_back(uow, lot, claim)
        return
    lots.mark_available(uow, lot=lot)
    revive(uow, lot_id=lot.id)


def let_go_and_take_off(uow: UnitOfWork, *, claim: LotClaim, reason: str) -> None:
    """End a claim and take the lot off sale: somebody must look at the goods before they are offered again."""
    claims.release(uow, claim=claim, reason=reason)
    lot = uow.session.get_one(Lot, claim.lot_id)
    if claim.quantity_mg is not None:
        _give_back(uow, lot, claim)
    lots.take_off(uow, lot=lot)


def sell(uow: UnitOfWork, *, claim: LotClaim) -> None:
    """Close what the claim holds as sold: the lot, or the part."""
    lot = uow.session.get_one(Lot, claim.lot_id)
    if claim.quantity_mg is not None:
        lots.sell_part(uow, lot=lot, part_mg=claim.quantity_mg)
    else:
        lots.mark_sold(uow, lot=lot)


def own_claim(uow: UnitOfWork, *, lot: Lot, buyer_id: UUID | None) -> LotClaim | None:
    """Return the buyer's own hold or agreement on the lot, locked, or None: buying turns it over."""
    return claims.kept_by(uow.session, lot_id=lot.id, buyer_id=buyer_id, now=uow.now, lock=True)


def _give_back(uow: UnitOfWork, lot: Lot, claim: LotClaim) -> None:
    assert claim.quantity_mg is not None
    assert claim.list_minor is not None
    price = Money(claim.list_minor, _currency(uow, claim))
    lots.give_back_part(uow, lot=lot, part_mg=claim.quantity_mg, price=price)


def _currency(uow: UnitOfWork, claim: LotClaim) -> str:
    """Return the currency of the price that a part took: that of every version of its lot."""
    if claim.order_id is not None:
        return uow.session.get_one(Order, claim.order_id).currency
    versions = select(LotVersion.currency).where(LotVersion.lot_id == claim.lot_id).limit(1)
    return uow.session.scalars(versions).one()
