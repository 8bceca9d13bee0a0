"""What buyers bought in the last 12 months, who belongs together, and which clearances are in force."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import CTE, func, select
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


class BuyerFigures(NamedTuple):
    """A buyer on the staff's list, with what it used and what was cleared."""

    buyer: Buyer
    figures: Figures
    clearance: LimitClearance | None


def figures_of_buyer(session: Session, buyer_id: UUID, *, limits: Limits, now: datetime) -> Figures:
    """Return what a buyer and the group it belongs to may buy and have bought; raises RateMissing without a rate."""
    members = group_of_buyer(session, buyer_id)
    shares = _shares(session, members, limits=limits, now=now)
    others = [share for member, share in shares.items() if member != buyer_id]
    return figures_of(shares[buyer_id], others)


def group_of_buyer(session: Session, buyer_id: UUID) -> list[UUID]:
    """Return the buyers of one group, itself among them, in the order in which they are locked."""
    return list(session.scalars(select(_group(buyer_id).c.buyer_id).order_by("buyer_id")))


def clearances_in_force(session: Session, buyer_ids: Iterable[UUID], *, now: datetime) -> dict[UUID, LimitClearance]:
    """Return the highest confirmed clearance of each buyer that has one."""
    found = session.scalars(
        select(LimitClearance)
        .where(
            LimitClearance.buyer_id.in_(list(buyer_ids)),
            LimitClearance.confirmed_at.is_not(None),
            LimitClearance.ended_at.is_(None),
            LimitClearance.expires_at > now,
        )
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


def _group(buyer_id: UUID) -> CTE:
    group = select(Buyer.id.label("buyer_id")).where(Buyer.id == buyer_id).cte("related", recursive=True)
    mine, theirs = aliased(BuyerMark), aliased(BuyerMark)
    same = (mine.kind == theirs.kind) & (mine.value == theirs.value)
    further = (
        select(theirs.buyer_id).select_from(group).join(mine, mine.buyer_id == group.c.buyer_id).join(theirs, same)
    )
    return group.union(further)


def _figures_of_many(
    session: Session, buyers: Sequence[Buyer], *, limits: Limits, now: datetime
) -> Iterable[tuple[Buyer, Figures]]:
    marked = set(session.scalars(select(BuyerMark.buyer_id)))
    groups = {buyer.id: group_of_buyer(session, buyer.id) if buyer.id in marked else [buyer.id] for buyer in buyers}
    shares = _shares(session, {member for group in groups.values() for member in group}, limits=limits, now=now)
    for buyer in buyers:
        others = [shares[member] for member in groups[buyer.id] if member != buyer.id]
        yield buyer, figures_of(shares[buyer.id], others)


def _shares(session: Session, buyer_ids: Iterable[UUID], *, limits: Limits, now: datetime) -> dict[UUID, Share]:
    """Return the limit and the sum of each buyer; sums in other currencies count at today's rate."""
    ids, today = list(buyer_ids), now.date()
    levels = {row.id: row.level for row in session.execute(select(Buyer.id, Buyer.level).where(Buyer.id.in_(ids)))}
    cleared = clearances_in_force(session, ids, now=now)
    used = dict.fromkeys(ids, 0)
    sums = (
        select(Order.buyer_id, Order.currency, func.sum(Order.price_minor))
        .where(Order.buyer_id.in_(ids), Order.created_at > twelve_months_before(now), Order.state.not_in(_ENDED))
        .group_by(Order.buyer_id, Order.currency)
    )
    for buyer_id, currency, minor in session.execute(sums):
        used[buyer_id] += convert_between(session, Money(int(minor), currency), CURRENCY, today).money.minor
    return {
        buyer_id: Share(
            max(limits.of_level(levels[buyer_id], on=today).twelve_months, _up_to(cleared.get(buyer_id))),
            used[buyer_id],
        )
        for buyer_id in ids
    }


def _up_to(clearance: LimitClearance | None) -> int:
    return clearance.up_to_minor if clearance is not None else 0
