"""Let a buyer buy within the limits of its level and of 12 months; what goes beyond waits for compliance."""

from uuid import UUID

from marketplace.core.errors import Conflict, NotFound, Unavailable
from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.orders.levels import IDENTITY, check_level
from marketplace.orders.limit_figures import CURRENCY, check_figures
from marketplace.orders.limit_queries import figures_among, lock_group, standings_of_group
from marketplace.unit_of_work import UnitOfWork


class GroupChanged(Conflict):
    """Buyers were found to belong together while this order was made."""

    code = "group_changed"


class ValueUnknown(Unavailable):
    """Without today's rate nobody can say whether the order is within the limit."""

    code = "value_unknown"
    message = N_("We do not know today's value in dollars. Nothing was ordered. Try again when there is a rate.")


def lock_purchases(uow: UnitOfWork, *, buyer_id: UUID) -> frozenset[UUID]:
    """Let nobody else of the buyer's group make an order before this transaction ends; return the buyers locked.

    Call it before the claim is taken: every purchase locks the buyers first, in the order of their ids, then the lot.
    Foreign keys still reach the rows (NO KEY UPDATE), so that other work with the buyer waits for nothing.
    """
    return lock_group(uow.session, buyer_id)


def check_purchase(
    uow: UnitOfWork,
    *,
    buyer_id: UUID,
    kind: str,
    country: str,
    value: Money | None,
    locked: frozenset[UUID] | None = None,
) -> None:
    """Raise why this buyer may not buy goods of this worth in US dollars; None is a worth that nobody knows.

    Raises LevelTooLow, LimitReached or ValueUnknown, and GroupChanged when somebody of the group is not `locked`. The
    figures hold only under `lock_purchases`; a look for a page goes without.
    """
    standings = standings_of_group(uow.session, buyer_id, now=uow.now)
    if buyer_id not in standings:
        raise NotFound
    if locked is not None and not locked.issuperset(standings):
        raise GroupChanged
    own, limits = standings[buyer_id], uow.settings.limits_file
    one_order = limits.of_level(own.level, on=uow.now.date()).one_order
    if own.cleared_minor is not None and own.level >= IDENTITY:
        one_order = max(one_order, own.cleared_minor)
    check_level(own.level, kind=kind, country=country, value=value, one_order=Money(one_order, CURRENCY))
    if value is None:
        raise ValueUnknown
    check_figures(figures_among(uow.session, buyer_id, standings, limits=limits, now=uow.now), value)
