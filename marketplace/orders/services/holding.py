"""Courtesy holds: a buyer keeps a lot for two days without paying, and may end it early."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from marketplace.accounts.models import Buyer
from marketplace.core.errors import NotFound
from marketplace.lots import queries as lots
from marketplace.lots.models import Lot
from marketplace.orders import holds
from marketplace.orders.claims import KEEPING
from marketplace.orders.holds import Held, check_confirmed, check_hold
from marketplace.orders.models import LotClaim
from marketplace.orders.services.buyers import check_may_deal
from marketplace.orders.services.reserving import let_go, reserve
from marketplace.unit_of_work import UnitOfWork

ENDED_BY_BUYER = "ended_by_buyer"


def hold(uow: UnitOfWork, *, lot_reference: str, part_mg: int | None = None) -> LotClaim:
    """Keep a lot, or a part in milligrams, for the buyer who acts.

    Raises NotFound, NotABuyer, LevelTooLow, CooperativeNotApproved, HoldRefused, and what `reserve` raises.
    """
    lot, version, stock, _ = lots.for_sale(uow.session, lot_reference)
    # The buyer's row makes two holds of one buyer wait for each other: the limit holds. A weak lock, because every
    # claim of the buyer refers to the row, and its writer may be who we wait for.
    own = select(Buyer.id).where(Buyer.id == uow.actor.buyer_id)
    uow.session.execute(own.with_for_update(key_share=True))
    check_may_hold(uow, lot=lot)
    if part_mg is None and stock is not None:
        part_mg = int(version.content["weight_mg"])  # refused with the reason while a part of it is not free
    assert uow.actor.buyer_id is not None
    return reserve(
        uow,
        lot=lot,
        buyer_id=uow.actor.buyer_id,
        kind="hold",
        expires_at=uow.now + holds.HOLD,
        part_mg=part_mg,
    )


def check_may_hold(uow: UnitOfWork, *, lot: Lot) -> None:
    """Raise why the person who acts may not hold this lot, whoever has it now."""
    check_may_deal(uow, cooperative_id=lot.cooperative_id)
    check_confirmed(uow.actor.buyer_level)
    found = uow.session.scalars(
        select(LotClaim).where(
            LotClaim.buyer_id == uow.actor.buyer_id,
            LotClaim.kind.in_(KEEPING),
            (LotClaim.state == "active") | (LotClaim.created_at > uow.now - holds.AGAIN),
        )
    )
    check_hold([_held(claim, lot, now=uow.now) for claim in found], now=uow.now)


def _held(claim: LotClaim, lot: Lot, *, now: datetime) -> Held:
    is_live = claim.kind == "hold" and claim.state == "active" and claim.expires_at > now
    return Held(is_of_this_lot=claim.lot_id == lot.id, began_at=claim.created_at, is_live=is_live)


def end_hold(uow: UnitOfWork, *, claim_id: UUID) -> LotClaim:
    """End the buyer's own hold, or her right to order at an agreed price; raise NotFound for anything else."""
    claim = uow.session.scalar(
        select(LotClaim)
        .where(
            LotClaim.id == claim_id,
            LotClaim.buyer_id == uow.actor.buyer_id,
            LotClaim.state == "active",
            LotClaim.kind.in_(KEEPING),
        )
        .with_for_update()
    )
    if claim is None:
        raise NotFound
    let_go(uow, claim=claim, reason=ENDED_BY_BUYER)
    return claim
