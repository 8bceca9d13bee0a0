"""Letters to everybody of Pact who holds a duty."""

from collections.abc import Collection, Mapping
from typing import Final
from uuid import UUID

from sqlalchemy import select

from marketplace.accounts.models import Buyer, CooperativeMember, StaffGrant, User
from marketplace.core.actor import StaffRole
from marketplace.notifications.services import tell
from marketplace.unit_of_work import UnitOfWork

_NOTHING: Final[Mapping[str, object]] = {}


def tell_duty(
    uow: UnitOfWork,
    *,
    roles: Collection[StaffRole],
    template: str,
    params: Mapping[str, object] = _NOTHING,
    cooperative_id: UUID | None = None,
    buyer_id: UUID | None = None,
) -> int:
    """Write to everybody who holds one of the roles, once each; return to how many.

    Who acts now knows it already. Officers of `cooperative_id` and the buyer herself get none: it is about them.
    """
    holders = select(StaffGrant.user_id).where(StaffGrant.role.in_([role.value for role in roles]))
    wanted = select(User.id).where(User.id.in_(holders), User.state == "active").order_by(User.id)
    if cooperative_id is not None:
        officers = select(CooperativeMember.user_id).where(CooperativeMember.cooperative_id == cooperative_id)
        wanted = wanted.where(User.id.not_in(officers))
    if buyer_id is not None:
        wanted = wanted.where(User.id.not_in(select(Buyer.user_id).where(Buyer.id == buyer_id)))
    if uow.actor.user_id is not None:
        wanted = wanted.where(User.id != uow.actor.user_id)
    found = uow.session.scalars(wanted).all()
    for user_id in found:
        tell(uow, user_id=user_id, template=template, params=params)
    return len(found)
