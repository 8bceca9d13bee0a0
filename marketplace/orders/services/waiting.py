"""While a buyer has a lot, the offers of the others wait and their time stands still; they revive when it is free."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, select

from marketplace.orders import offers
from marketplace.orders.negotiation_models import Negotiation, Offer
from marketplace.orders.offers import Side
from marketplace.orders.services.offer_letters import tell_side
from marketplace.unit_of_work import UnitOfWork

# Built once: every purchase sends it.
_OPEN_OFFERS: Final = (
    select(Offer, Negotiation)
    .join(Negotiation, Negotiation.id == Offer.negotiation_id)
    .where(Offer.lot_id == bindparam("lot_id"), Offer.state == "open", Offer.quantity_mg.is_(None))
    .order_by(Offer.id)
    .with_for_update(of=Offer)
    .execution_options(populate_existing=True)
)


def pause(uow: UnitOfWork, *, lot_id: UUID, buyer_id: UUID) -> None:
    """Let the open offers of all other buyers wait; the caller holds the lot's row."""
    for offer, negotiation in _open_offers(uow, lot_id):
        is_own = negotiation.buyer_id == buyer_id
        if is_own and offer.waiting_since is not None:
            _wake(uow, offer, negotiation)
        elif not is_own and offer.waiting_since is None:
            offer.waiting_since = uow.now
            uow.record("offer.wait", offer, negotiation)
            tell_side(uow, negotiation=negotiation, offer=offer, side=Side.BUYER, template="offer_waits")


def revive(uow: UnitOfWork, *, lot_id: UUID) -> None:
    """Let the offers that waited count again, each with the time it had left; the caller holds the lot's row."""
    for offer, negotiation in _open_offers(uow, lot_id):
        if offer.waiting_since is not None:
            _wake(uow, offer, negotiation)
            for side in Side:
                tell_side(uow, negotiation=negotiation, offer=offer, side=side, template="offer_counts_again")


def _wake(uow: UnitOfWork, offer: Offer, negotiation: Negotiation) -> None:
    assert offer.waiting_since is not None
    offer.expires_at = offers.revived_until(offer.expires_at, waiting_since=offer.waiting_since, now=uow.now)
    offer.waiting_since = offer.reminded_at = None
    uow.record("offer.revive", offer, negotiation, expires_at=offer.expires_at)


def _open_offers(uow: UnitOfWork, lot_id: UUID) -> Sequence[tuple[Offer, Negotiation]]:
    return [(row.Offer, row.Negotiation) for row in uow.session.execute(_OPEN_OFFERS, {"lot_id": lot_id})]
