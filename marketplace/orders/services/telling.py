"""Letters about what lies over an order: to both parties in the same words, or to staff."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from sqlalchemy import Select, select

from marketplace.accounts.models import CooperativeMember, StaffGrant, User
from marketplace.core.actor import StaffRole
from marketplace.notifications.services import tell
from marketplace.orders.models import Order
from marketplace.orders.queries import price_of
from marketplace.unit_of_work import UnitOfWork

_NOTHING: Final[Mapping[str, object]] = {}


def tell_both(uow: UnitOfWork, *, order: Order, template: str) -> None:
    """Write to the buyer and to every officer of the cooperative, each with the address of her own page."""
    officers = select(CooperativeMember.user_id).where(CooperativeMember.cooperative_id == order.cooperative_id)
    readers = dict.fromkeys(_active(uow, officers), "/cooperative/orders")
    for user_id, folder in {**readers, order.buyer_user_id: "/orders"}.items():
        params = {**_params(order), "path": f"{folder}/{order.reference}"}
        tell(uow, user_id=user_id, template=template, params=params)


def tell_staff(
    uow: UnitOfWork, *, order: Order, roles: tuple[StaffRole, ...], template: str, more: Mapping[str, object] = _NOTHING
) -> None:
    """Write to everybody who holds one of the roles, once each."""
    holders = select(StaffGrant.user_id).where(StaffGrant.role.in_(roles))
    for user_id in _active(uow, holders):
        params = {**_params(order), **more, "path": f"/staff/orders/{order.reference}"}
        tell(uow, user_id=user_id, template=template, params=params)


def _params(order: Order) -> dict[str, object]:
    return {
        "reference": order.reference,
        "title": order.title,
        "price": price_of(order),
        "deadline": order.deadline_at,
    }


def _active(uow: UnitOfWork, found: Select[UUID]) -> list[UUID]:
    wanted = select(User.id).where(User.id.in_(found), User.state == "active").order_by(User.id)
    return list(uow.session.scalars(wanted))
