"""Let a buyer buy within the limits of its level and of 12 months; what goes beyond waits for compliance."""

from uuid import UUID

from sqlalchemy import select

from marketplace.accounts.models import Buyer
from marketplace.core.errors import Conflict, NotFound, Unavailable
from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.orders.levels import IDENTITY, check_level
from marketplace.orders.limit_figures import CURRENCY, check_figures
from marketplace.orders.limit_queries import clearances_in_force, figures_of_buyer, group_of_buyer
from marketplace.unit_of_work import UnitOfWork


class GroupChanged(Conflict):
    """Buyers were found to belong together while this order was made."""

    code = "group_changed"


class ValueUnknown(Unavailable):
    """Without today's rate nobody can say whether the order is within the limit."""

    code = "value_unknown"
    message = N_("We do not know today's value in dollars. Nothing was ordered. Try again when there is a rate.")


def lock_purchases(uow: UnitOfWork, *, buyer_id: UUID) -> None:
    """Let nobody else of the buyer's group make an order before this transaction ends.

    Call it before the claim is taken: every purchase locks the buyers first, in the order of their ids, then the lot.
    Foreign keys still reach the rows (NO KEY UPDATE), so that other work with the buyer waits for nothing.
    """
    wanted = group_of_buyer(uow.session, buyer_id)
    rows = select(Buyer.id).where(Buyer.id.in_(wanted)).order_by(Buyer.id).with_for_update(key_share=True)
    locked = set(uow.session.scalars(rows))
    if not locked.issuperset(group_of_buyer(uow.session, buyer_id)):
        raise GroupChanged


def check_purchase(uow: UnitOfWork, *, buyer_id: UUID, kind: str, country: str, value: Money | None) -> None:
    """Raise why this buyer may not buy goods of this worth in US dollars; None is a worth that nobody knows.

    Raises LevelTooLow, LimitReached or ValueUnknown. The figures hold only under `lock_purchases`.
    """
    buyer = uow.session.get(Buyer, buyer_id)
    if buyer is None:
        raise NotFound
    limits = uow.settings.limits_file
    one_order = limits.of_level(buyer.level, on=uow.now.date()).one_order
    cleared = clearances_in_force(uow.session, [buyer_id], now=uow.now).get(buyer_id)
    if cleared is not None and buyer.level >= IDENTITY:
        one_order = max(one_order, cleared.up_to_minor)
    check_level(buyer.level, kind=kind, country=country, value=value, one_order=Money(one_order, CURRENCY))
    if value is None:
        raise ValueUnknown
    figures = figures_of_buyer(uow.session, buyer_id, limits=limits, now=uow.now)
    check_figures(figures, value)
