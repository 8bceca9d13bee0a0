"""Who may deal with a lot as a buyer at all, whatever it costs."""

from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, select

from marketplace.accounts.models import Buyer, User
from marketplace.compliance.queries import approved_cooperative
from marketplace.core.errors import DomainError
from marketplace.core.text import N_
from marketplace.orders.hold_limits import check_road_fits
from marketplace.orders.screening_checks import AccountStopped, is_on_a_list
from marketplace.unit_of_work import UnitOfWork


class NotABuyer(DomainError):
    """The person cannot buy this lot, whatever its price."""

    code = "not_a_buyer"


class Dealer(NamedTuple):
    """The buyer who acts, and the person behind it."""

    buyer_id: UUID
    user_id: UUID
    email: str


# Built once: every purchase sends it.
_DEALER: Final = (
    select(Buyer.user_id, User.email, is_on_a_list(Buyer.id).label("is_stopped"))
    .join(User, User.id == Buyer.user_id)
    .where(Buyer.id == bindparam("buyer_id"))
)


def check_may_deal(uow: UnitOfWork, *, cooperative_id: UUID) -> Dealer:
    """Return the buyer who acts; raise NotABuyer or CooperativeNotApproved unless she may be its customer.

    Raises AccountStopped for one who is on a sanctions list, and HoldTooShort where the payment provider lets no order
    take its time: offers and holds would lead nowhere.
    """
    actor = uow.actor
    if actor.buyer_id is None:
        raise NotABuyer(N_("To buy, open a buyer's account first."))
    if actor.is_staff:
        raise NotABuyer(N_("Staff do not buy here: they review and release."))
    if cooperative_id in actor.memberships:
        raise NotABuyer(N_("This lot is your own cooperative's."))
    found = uow.session.execute(_DEALER, {"buyer_id": actor.buyer_id}).one()
    if found.is_stopped:
        raise AccountStopped
    check_road_fits(maximum_days=uow.settings.maximum_hold_days)
    approved_cooperative(uow.session, cooperative_id)
    return Dealer(actor.buyer_id, found.user_id, found.email)
