"""Tell the two sides of a negotiation, and who keeps a lot, what happened and what ends when."""

from typing import Final
from uuid import UUID

from sqlalchemy import select

from marketplace.accounts.models import CooperativeMember, User
from marketplace.lots.models import Lot, LotVersion
from marketplace.lots.parts import content_of_part
from marketplace.notifications.services import tell
from marketplace.orders.models import LotClaim
from marketplace.orders.negotiation_models import Negotiation, Offer
from marketplace.orders.offer_prices import list_price_of
from marketplace.orders.offer_queries import amount_of
from marketplace.orders.offers import Side
from marketplace.unit_of_work import UnitOfWork

_PATHS: Final = {Side.BUYER: "/offers", Side.COOPERATIVE: "/cooperative/offers"}


def tell_side(uow: UnitOfWork, *, negotiation: Negotiation, offer: Offer, side: Side, template: str) -> None:
    """Write a letter about an offer to the buyer, or to every officer of the cooperative."""
    version = uow.session.get_one(LotVersion, negotiation.version_id)
    params = {
        "title": content_of_part(version.content, offer.quantity_mg)["title"],
        "amount": amount_of(offer),
        "price": list_price_of(version, offer.quantity_mg),
        "until": offer.expires_at,
        "path": f"{_PATHS[side]}/{negotiation.reference}",
    }
    for user_id in _readers(uow, negotiation, side):
        tell(uow, user_id=user_id, template=template, params=params)


def tell_keeper(uow: UnitOfWork, *, claim: LotClaim, user_id: UUID, template: str) -> None:
    """Write a letter about a hold or an agreement to the buyer who keeps the lot."""
    lot = uow.session.get_one(Lot, claim.lot_id)
    params = {"title": title_of(uow, lot, claim), "until": claim.expires_at, "path": f"/lots/{lot.reference}/buy"}
    tell(uow, user_id=user_id, template=template, params=params)


def title_of(uow: UnitOfWork, lot: Lot, claim: LotClaim) -> str:
    """Return what the goods of a claim are called; a lot that was taken off is called by its reference."""
    if lot.published_version_id is None:
        return lot.reference
    version = uow.session.get_one(LotVersion, lot.published_version_id)
    return str(content_of_part(version.content, claim.quantity_mg)["title"])


def _readers(uow: UnitOfWork, negotiation: Negotiation, side: Side) -> list[UUID]:
    if side is Side.BUYER:
        return [negotiation.buyer_user_id]
    found = select(CooperativeMember.user_id).where(CooperativeMember.cooperative_id == negotiation.cooperative_id)
    wanted = select(User.id).where(User.id.in_(found), User.state == "active").order_by(User.id)
    return list(uow.session.scalars(wanted))
