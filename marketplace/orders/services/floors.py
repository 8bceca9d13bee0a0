"""The private floor of a cooperative: below it the clock declines offers, and no buyer learns that there is one."""

from sqlalchemy import select

from marketplace.core.errors import Forbidden, InvalidInput, NotFound
from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.lots.models import Lot, LotVersion
from marketplace.orders.negotiation_models import OfferFloor
from marketplace.unit_of_work import UnitOfWork


def set_floor(uow: UnitOfWork, *, lot: Lot, amount: Money | None) -> None:
    """Set what the cooperative takes at least for its whole lot on sale, or take the floor away with None.

    It counts for offers made from now on. The audit log says that it changed, and keeps no amount.
    """
    if not uow.actor.may_write_for(lot.cooperative_id) or uow.actor.user_id is None:
        raise Forbidden
    row = uow.session.scalar(select(OfferFloor).where(OfferFloor.lot_id == lot.id).with_for_update())
    if amount is None:
        if row is not None:
            uow.record("offer_floor.clear", row, lot)
            uow.session.delete(row)
        return
    if lot.published_version_id is None:
        raise NotFound
    version = uow.session.get_one(LotVersion, lot.published_version_id)
    price = Money(version.price_minor, version.currency)
    if amount.minor <= 0 or amount > price:
        raise InvalidInput({"floor": N_("Enter an amount above zero, and at most the price of the lot.")})
    if row is None:
        row = OfferFloor(lot_id=lot.id)
        uow.session.add(row)
    row.amount_minor, row.currency = amount.minor, amount.currency
    row.entered_by, row.entered_at = uow.actor.user_id, uow.now
    uow.record("offer_floor.set", row, lot)
