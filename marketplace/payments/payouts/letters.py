"""Letters to a cooperative about the transfers of its payouts: each part with its amount, and the sums.

A payout of one part is told by the order's own letters; only what comes back later is told here too.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from sqlalchemy import select

from marketplace.accounts.models import CooperativeMember, User
from marketplace.core.money import Money
from marketplace.notifications.services import tell
from marketplace.payments.models import Payment, Payout
from marketplace.payments.payouts.part_amounts import amount_of_part
from marketplace.payments.payouts.transitions import PartState
from marketplace.payments.rail_models import PayoutPart
from marketplace.unit_of_work import UnitOfWork

_ON_THE_WAY: Final = PartState.SENT


def part_sent(uow: UnitOfWork, *, payout: Payout, part: PayoutPart, parts: Sequence[PayoutPart]) -> None:
    """Tell the officers that a part of several is on its way."""
    _tell(uow, payout, part, parts, template="payout_part_sent")


def part_confirmed(uow: UnitOfWork, *, payout: Payout, part: PayoutPart, parts: Sequence[PayoutPart]) -> None:
    """Tell the officers that a part of several arrived."""
    _tell(uow, payout, part, parts, template="payout_part_confirmed")


def part_returned(uow: UnitOfWork, *, payout: Payout, part: PayoutPart, parts: Sequence[PayoutPart]) -> None:
    """Tell the officers that a part of several came back and is sent again."""
    _tell(uow, payout, part, parts, template="payout_part_returned")


def came_back(uow: UnitOfWork, *, payout: Payout, part: PayoutPart) -> None:
    """Tell the officers that a transfer came back after it was confirmed, and what they must check."""
    _write(uow, payout, template="payout_came_back", params={"amount": amount_of_part(part), "number": part.number})


def _tell(uow: UnitOfWork, payout: Payout, part: PayoutPart, parts: Sequence[PayoutPart], *, template: str) -> None:
    if len(parts) < 2:
        return
    params = {
        "number": part.number,
        "count": len(parts),
        "amount": amount_of_part(part),
        "numbers": [each.number for each in parts],
        "amounts": [amount_of_part(each) for each in parts],
        "states": [each.state for each in parts],
        "total": Money(payout.amount_minor, payout.currency),
        "arrived": _sum(payout, (each for each in parts if each.state == PartState.CONFIRMED)),
        "on_its_way": _sum(payout, (each for each in parts if each.state == _ON_THE_WAY)),
    }
    _write(uow, payout, template=template, params=params)


def _write(uow: UnitOfWork, payout: Payout, *, template: str, params: dict[str, object]) -> None:
    reference = uow.session.scalar(select(Payment.order_reference).where(Payment.order_id == payout.order_id))
    params = {"reference": reference or payout.reference, "payout": payout.reference, **params}
    path = f"/cooperative/orders/{reference}" if reference else "/cooperative/money"
    officers = select(User.id).join(CooperativeMember, CooperativeMember.user_id == User.id)
    mine = officers.where(CooperativeMember.cooperative_id == payout.cooperative_id, User.state == "active")
    for user_id in uow.session.scalars(mine.order_by(User.id)).all():
        tell(uow, user_id=user_id, template=template, params={**params, "path": path})


def _sum(payout: Payout, parts: Iterable[PayoutPart]) -> Money:
    return Money(sum(each.amount_minor for each in parts), payout.currency)
