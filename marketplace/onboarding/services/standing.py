"""Suspend a cooperative with all that follows, in one transaction: lots hidden, holds of buyers ended, people told.

Payouts wait while it is suspended (`orders/compliance_checks.py`); orders already paid go on.
"""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import select

from marketplace.accounts.models import Buyer
from marketplace.compliance.models import Cooperative
from marketplace.lots.models import Lot
from marketplace.moderation.services.suspension import suspend_cooperative
from marketplace.orders.claims import KEEPING
from marketplace.orders.models import LotClaim
from marketplace.orders.services.offer_letters import tell_keeper
from marketplace.orders.services.reserving import let_go
from marketplace.unit_of_work import UnitOfWork

REASON = "cooperative_suspended"


class Stopped(NamedTuple):
    """How many lots were hidden, and how many holds and agreements of buyers ended."""

    lots: int
    claims: int


def suspend(uow: UnitOfWork, *, cooperative: Cooperative, reason: str) -> Stopped:
    """Suspend a cooperative; raise InvalidInput for a reason that is too short."""
    claims = _locked_claims(uow, cooperative)
    lots = suspend_cooperative(uow, cooperative=cooperative, reason=reason)
    for claim in claims:
        let_go(uow, claim=claim, reason=REASON)
        buyer = uow.session.get_one(Buyer, claim.buyer_id)
        tell_keeper(uow, claim=claim, user_id=buyer.user_id, template="claim_released")
    return Stopped(lots, len(claims))


def _locked_claims(uow: UnitOfWork, cooperative: Cooperative) -> Sequence[LotClaim]:
    """Return the holds and agreements of buyers. Claims, then lots: buyers lock in this order, and listings after.

    A hold that is taken meanwhile stands; its buyer reads at the purchase that the cooperative sells nothing now.
    """
    kept = (
        select(LotClaim)
        .join(Lot, Lot.id == LotClaim.lot_id)
        .where(Lot.cooperative_id == cooperative.id, LotClaim.state == "active", LotClaim.kind.in_(KEEPING))
        .order_by(LotClaim.id)
    )
    claims = uow.session.scalars(kept.with_for_update(of=LotClaim)).all()
    lots = select(Lot.id).where(Lot.id.in_([claim.lot_id for claim in claims])).order_by(Lot.id)
    uow.session.execute(lots.with_for_update())
    return claims
