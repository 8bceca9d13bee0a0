"""What buyers bought in the last 12 months, who belongs together, and which clearances are in force."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import CTE, BindParameter, ColumnElement, Select, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from config.limits import Limits
from marketplace.accounts.models import Buyer
from marketplace.compliance.models import BuyerMark, LimitClearance
from marketplace.core.money import Money
from marketplace.orders.limit_figures import CURRENCY, Figures, Share, figures_of, twelve_months_before
from marketplace.orders.models import Order
from marketplace.orders.transitions import State
from marketplace.pricing.queries import convert_between

# Nothing was bought by these; every other order runs or is completed.
NOT_BOUGHT: Final = (State.CANCELLED, State.EXPIRED, State.REFUNDED)
PAGE: Final = 25
# More buyers than any list of staff holds: their purchases are summed before the list is cut to a page.
MOST_BUYERS: Final = 2_000


class Standing(NamedTuple):
    """What counts of one buyer: its level, the highest amount cleared in cents of dollars, and what it bought."""

    level: int
    cleared_minor: int | None
    bought: list[Money]


class BuyerFigures(NamedTuple):
    """A buyer on the staff's list, with what it used and what was cleared."""

    buyer: Buyer
    figures: Figures
    clearance: LimitClearance | None


def figures_of_buyer(session: Session, buyer_id: UUID, *, limits: Limits, now: datetime) -> Figures:
    """Return what a buyer and the group it belongs to may buy and have bought; raises RateMissing without a rate."""
    return figures_among(session, buyer_id, standings_of_group(session, buyer_id, now=now), limits=limits, now=now)


def figures_among(
    session: Session, buyer_id: UUID, standings: Mapping[UUID, Standing], *, limits: Limits, now: datetime
) -> Figures:
    """Return the figures of a buyer among the standings of its group; raises RateMissing without a rate."""
    shares = {member: _share(session, standing, limits=limits, now=now) for member, standing in standings.items()}
    others = [share for member, share in shares.items() if member != buyer_id]
    return figures_of(shares[buyer_id], others)


def standings_of_group(session: Session, buyer_id: UUID, *, now: datetime) -> dict[UUID, Standing]:
    """Return the standing of every buyer of a group; empty when there is no such buyer."""
    return _standings(session, _STANDINGS_OF_GROUP, now=now, buyer_id=buyer_id)


def lock_group(session: Session, buyer_id: UUID) -> frozenset[UUID]:
    """Lock the buyers of a group in the order of their ids; foreign keys still reach them (NO KEY UPDATE)."""
    return frozenset(session.scalars(_LOCK_GROUP, {"buyer_id": buyer_id}))


def group_of_buyer(session: Session, buyer_id: UUID) -> list[UUID]:
    """Return the buyers of one group, itself among them, in the order in which they are locked."""
    return list(session.scalars(_GROUP_IN_ORDER, {"buyer_id": buyer_id}))


def clearances_in_force(session: Session, buyer_ids: Iterable[UUID], *, now: datetime) -> dict[UUID, LimitClearance]:
    """Return the highest confirmed clearance of each buyer that has one."""
    found = session.scalars(
        select(LimitClearance)
        .where(LimitClearance.buyer_id.in_(list(buyer_ids)), _is_in_force(now))
        .order_by(LimitClearance.up_to_minor, LimitClearance.expires_at)
    )
    return {clearance.buyer_id: clearance for clearance in found}


def clearances_of(session: Session, buyer_id: UUID) -> Sequence[LimitClearance]:
    """Return the newest clearances of a buyer, open or not."""
    query = select(LimitClearance).where(LimitClearance.buyer_id == buyer_id).order_by(LimitClearance.id.desc())
    return session.scalars(query.limit(PAGE)).all()


def buyers_to_watch(session: Session, *, limits: Limits, now: datetime) -> list[BuyerFigures]:
    """Return who asked for a higher limit, waits for a second person, or is near or above the limit; worst first."""
    asked = select(Buyer.id).where(Buyer.limit_asked_at.is_not(None))
    waiting = select(LimitClearance.buyer_id).where(
        LimitClearance.confirmed_at.is_(None), LimitClearance.ended_at.is_(None)
    )
    bought = select(Order.buyer_id).where(Order.created_at > twelve_months_before(now), Order.state.not_in(_ENDED))
    wanted = Buyer.id.in_(asked.union(waiting, bought))
    buyers = session.scalars(select(Buyer).where(wanted).order_by(Buyer.id.desc()).limit(MOST_BUYERS)).all()
    cleared = clearances_in_force(session, [buyer.id for buyer in buyers], now=now)
    always = set(session.scalars(asked.union(waiting)))
    rows = [
        BuyerFigures(buyer, figures, cleared.get(buyer.id))
        for buyer, figures in _figures_of_many(session, buyers, limits=limits, now=now)
        if figures.is_near or buyer.id in always
    ]
    return sorted(rows, key=lambda row: (row.figures.left.minor, -row.figures.used.minor, str(row.buyer.id)))


def marks_of_buyer(session: Session, buyer_id: UUID) -> Sequence[BuyerMark]:
    """Return what shows with whom a buyer belongs together."""
    query = select(BuyerMark).where(BuyerMark.buyer_id == buyer_id).order_by(BuyerMark.kind, BuyerMark.entered_at)
    return session.scalars(query.limit(PAGE)).all()


def buyers_by_ids(session: Session, buyer_ids: Iterable[UUID]) -> Sequence[Buyer]:
    """Return buyers by their ids, in the order of their names."""
    return session.scalars(select(Buyer).where(Buyer.id.in_(list(buyer_ids))).order_by(Buyer.company).limit(100)).all()


_ENDED: Final = tuple(state.value for state in NOT_BOUGHT)


def _group() -> CTE:
    """Return the buyers linked to the one in the parameter `buyer_id`, over any number of shared marks."""
    group = select(Buyer.id.label("buyer_id")).where(Buyer.id == bindparam("buyer_id")).cte("related", recursive=True)
    mine, theirs = aliased(BuyerMark), aliased(BuyerMark)
    same = (mine.kind == theirs.kind) & (mine.value == theirs.value)
    further = (
        select(theirs.buyer_id).select_from(group).join(mine, mine.buyer_id == group.c.buyer_id).join(theirs, same)
    )
    return group.union(further)


def _is_in_force(now: datetime | BindParameter[Any]) -> ColumnElement[bool]:
    """Tell of a clearance that a second person confirmed and that has not ended."""
    is_confirmed = LimitClearance.confirmed_at.is_not(None) & LimitClearance.ended_at.is_(None)
    return is_confirmed & (LimitClearance.expires_at > now)


def _standings_query(members: Select[Any]) -> Select[Any]:
    """Return a row for each member and each currency it bought in; parameters `now` and `since`."""
    cleared = (
        select(func.max(LimitClearance.up_to_minor))
        .where(LimitClearance.buyer_id == Buyer.id, _is_in_force(bindparam("now")))
        .scalar_subquery()
    )
    counts = (Order.buyer_id == Buyer.id) & (Order.created_at > bindparam("since")) & Order.state.not_in(_ENDED)
    return (
        select(
            Buyer.id, Buyer.level, cleared.label("cleared"), Order.currency, func.sum(Order.price_minor).label("sum")
        )
        .outerjoin(Order, counts)
        .where(Buyer.id.in_(members))
        .group_by(Buyer.id, Order.currency)
    )


# Built once: every purchase sends them.
_GROUP_IN_ORDER: Final = select(_group().c.buyer_id).order_by("buyer_id")
_LOCK_GROUP: Final = (
    select(Buyer.id).where(Buyer.id.in_(select(_group().c.buyer_id))).order_by(Buyer.id).with_for_update(key_share=True)
)
_STANDINGS_OF_GROUP: Final = _standings_query(select(_group().c.buyer_id))
_STANDINGS_OF_MANY: Final = _standings_query(select(Buyer.id).where(Buyer.id.in_(bindparam("ids", expanding=True))))


def _standings(session: Session, query: Select[Any], *, now: datetime, **values: object) -> dict[UUID, Standing]:
    found: dict[UUID, Standing] = {}
    for row in session.execute(query, {"now": now, "since": twelve_months_before(now), **values}):
        standing = found.setdefault(row.id, Standing(row.level, row.cleared, []))
        if row.currency is not None:
            standing.bought.append(Money(int(row.sum), row.currency))
    return found


def _share(session: Session, standing: Standing, *, limits: Limits, now: datetime) -> Share:
    """Return the limit and the sum of a buyer; sums in other currencies count at today's rate."""
    today = now.date()
    used = sum(convert_between(session, sum_, CURRENCY, today).money.minor for sum_ in standing.bought)
    return Share(max(limits.of_level(standing.level, on=today).twelve_months, standing.cleared_minor or 0), used)


def _figures_of_many(
    session: Session, buyers: Sequence[Buyer], *, limits: Limits, now: datetime
) -> Iterable[tuple[Buyer, Figures]]:
    marked = set(session.scalars(select(BuyerMark.buyer_id)))
    groups = {buyer.id: group_of_buyer(session, buyer.id) if buyer.id in marked else [buyer.id] for buyer in buyers}
    ids = list({member for group in groups.values() for member in group})
    standings = _standings(session, _STANDINGS_OF_MANY, now=now, ids=ids)
    for buyer in buyers:
        among = {member: standings[member] for member in groups[buyer.id]}
        yield buyer, figures_among(session, buyer.id, among, limits=limits, now=now)
