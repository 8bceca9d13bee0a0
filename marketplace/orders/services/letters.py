"""Tell the parties of an order what happened."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select

from marketplace.accounts.models import CooperativeMember, StaffGrant, User
from marketplace.core.actor import StaffRole
from marketplace.notifications.services import tell
from marketplace.orders.letters import LETTERS, NOTICES, PAYMENTS, Audience
from marketplace.orders.models import Order
from marketplace.orders.paid_amounts import paid_amounts, rate_params
from marketplace.orders.queries import net_of, price_of, refund_of
from marketplace.orders.transitions import Action
from marketplace.unit_of_work import UnitOfWork


def tell_parties(uow: UnitOfWork, *, order: Order, action: Action, facts: Mapping[str, object]) -> None:
    """Write the letters of a move."""
    for audience, template in LETTERS.get(action, ()):
        _tell(uow, order, audience, template=template, facts=facts)


def tell_notice(uow: UnitOfWork, *, order: Order, template: str) -> None:
    """Write the letter of a notice before a deadline."""
    _tell(uow, order, NOTICES[template], template=template, facts={})


def _tell(uow: UnitOfWork, order: Order, audience: Audience, *, template: str, facts: Mapping[str, object]) -> None:
    amounts = paid_amounts(uow.session, order) if audience is Audience.BUYER or template in PAYMENTS else None
    params = {
        "reference": order.reference,
        "title": order.title,
        "price": price_of(order) if amounts is None else amounts.paid,
        "net": net_of(order),
        "refund": refund_of(order) if amounts is None else amounts.refund,
        **({} if amounts is None else rate_params(amounts.exchange)),
        "deadline": order.deadline_at,
        "note": str(facts.get("note", "")),
        "path": f"{_PATHS[audience]}/{order.reference}",
    }
    for user_id in readers_of(uow, order, audience):
        tell(uow, user_id=user_id, template=template, params=params)


_PATHS = {
    Audience.BUYER: "/orders",
    Audience.COOPERATIVE: "/cooperative/orders",
    Audience.MODERATORS: "/staff/orders",
    Audience.FINANCE: "/staff/orders",
    Audience.VERIFIERS: "/staff/orders",
}
_ROLES = {
    Audience.MODERATORS: StaffRole.MODERATOR,
    Audience.FINANCE: StaffRole.FINANCE,
    Audience.VERIFIERS: StaffRole.VERIFIER,
}


def readers_of(uow: UnitOfWork, order: Order, audience: Audience) -> list[UUID]:
    """Return who reads the letters to an audience of an order."""
    if audience is Audience.BUYER:
        return [order.buyer_user_id]
    if audience is Audience.COOPERATIVE:
        found = select(CooperativeMember.user_id).where(CooperativeMember.cooperative_id == order.cooperative_id)
    else:
        found = select(StaffGrant.user_id).where(StaffGrant.role == _ROLES[audience])
    wanted = select(User.id).where(User.id.in_(found), User.state == "active").order_by(User.id)
    return list(uow.session.scalars(wanted))
