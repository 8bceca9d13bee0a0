"""Which entries are whose: a cooperative's, a buyer's, or all of them for staff.

An entry belongs to a party when it is about something of theirs and its action is one they may read. Only entries with
a place in the log's tree are listed, in the order of the tree: whoever reads on from a place misses none, however late
its transaction committed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, String, cast, literal, select, union_all
from sqlalchemy.orm import Session

from marketplace.accounts.models import Buyer, CooperativeMember, StaffGrant
from marketplace.audit.models import AuditEvent, AuditSearch, AuditTarget
from marketplace.audit.queries import AuditRow, rows_of
from marketplace.audit.registry import KINDS, Seen
from marketplace.checks.models import LotCheck
from marketplace.compliance.models import MineSite
from marketplace.core.errors import NotFound
from marketplace.history.models import AuditSubscription
from marketplace.lots.models import Lot
from marketplace.orders.models import Order
from marketplace.orders.negotiation_models import Negotiation
from marketplace.papers.models import Paper, SharingRule
from marketplace.payments.models import Payment, Payout, PayoutDestination, Refund
from marketplace.payments.provider_models import RecipientAccount

PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Slice:
    """Whose entries: `kind` is staff, cooperative or buyer; `user_id` adds a buyer's own account."""

    kind: str
    party_id: UUID | None = None
    user_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class OwnEntry:
    """An entry of a party's slice with its leaf."""

    row: AuditRow
    leaf: bytes


STAFF: Final = Slice("staff")


def older(session: Session, whose: Slice, *, before: int | None, limit: int = PAGE) -> Sequence[OwnEntry]:
    """Return the newest entries before a place."""
    found = _entries(whose).order_by(AuditEvent.idx.desc()).limit(limit)
    return _read(session, found if before is None else found.where(AuditEvent.idx < before))


def newer(session: Session, whose: Slice, *, since: int, limit: int = PAGE) -> Sequence[OwnEntry]:
    """Return the oldest entries from a place on."""
    return _read(session, _entries(whose).where(AuditEvent.idx >= since).order_by(AuditEvent.idx).limit(limit))


def one(session: Session, whose: Slice, event_id: UUID) -> OwnEntry:
    """Return one entry of the slice; raises NotFound, also for an entry of somebody else."""
    found = _read(session, _entries(whose).where(AuditEvent.event_id == event_id))
    if not found:
        raise NotFound
    return found[0]


def actors_of_staff(session: Session, entries: Sequence[OwnEntry]) -> frozenset[UUID]:
    """Return which of the people who acted hold a role of Pact."""
    acted = {entry.row.actor_id for entry in entries if entry.row.actor_id}
    return frozenset(session.scalars(select(StaffGrant.user_id).where(StaffGrant.user_id.in_(acted))))


def members_of(session: Session, cooperative_id: UUID) -> frozenset[UUID]:
    """Return who the officers of a cooperative are."""
    mine = select(CooperativeMember.user_id).where(CooperativeMember.cooperative_id == cooperative_id)
    return frozenset(session.scalars(mine))


def slice_of_buyer(session: Session, buyer_id: UUID) -> Slice:
    """Return a buyer's slice with the account of the person who buys."""
    return Slice("buyer", buyer_id, session.scalar(select(Buyer.user_id).where(Buyer.id == buyer_id)))


def _entries(whose: Slice) -> Select[AuditEvent, AuditSearch]:
    found = select(AuditEvent, AuditSearch).outerjoin(AuditSearch, AuditSearch.seq == AuditEvent.seq)
    found = found.where(AuditEvent.idx.is_not(None))
    if whose.kind == "staff":
        return found
    mine = _things(whose).cte("mine").prefix_with("MATERIALIZED")
    about = select(AuditTarget.seq).join(mine, (AuditTarget.type == mine.c.type) & (AuditTarget.id == mine.c.id))
    return found.where(AuditEvent.seq.in_(about), AuditEvent.action.in_(_readable(whose.kind)))


def _readable(kind: str) -> list[str]:
    seen = {Seen.BOTH, Seen.COOPERATIVE} if kind == "cooperative" else {Seen.BOTH, Seen.BUYER, Seen.PERSON}
    return [name for name, found in KINDS.items() if found.seen in seen]


def _things(whose: Slice) -> Any:
    """Return type and id of everything that is theirs."""
    party = whose.party_id
    if whose.kind == "cooperative":
        columns = [(each.audit_type, each.id, each.cooperative_id == party) for each in _OF_COOPERATIVE]
        own = [(kind, str(party)) for kind in ("cooperative",)]
    else:
        columns = [(each.audit_type, each.id, each.buyer_id == party) for each in _OF_BUYER]
        orders = select(Order.id).where(Order.buyer_id == party)
        columns += [(each.audit_type, each.id, each.order_id.in_(orders)) for each in (Payment, Refund)]
        own = [("buyer", str(party)), ("user", str(whose.user_id))]
    mine = (AuditSubscription.kind == whose.kind) & (AuditSubscription.party_id == party)
    columns.append(("audit_subscription", AuditSubscription.id, mine))
    rows = [
        select(literal(kind).label("type"), cast(key, String).label("id")).where(where) for kind, key, where in columns
    ]
    return union_all(*rows, *(select(literal(kind), literal(key)) for kind, key in own))


_OF_COOPERATIVE: Final[tuple[Any, ...]] = (
    Lot, Order, Negotiation, MineSite, Payout, PayoutDestination, RecipientAccount, Paper, SharingRule,
)  # fmt: skip
_OF_BUYER: Final[tuple[Any, ...]] = (Order, Negotiation, Paper, LotCheck)


def _read(session: Session, found: Select[AuditEvent, AuditSearch]) -> list[OwnEntry]:
    rows = session.execute(found).all()
    # The details are for staff: they may tell of others.
    own = [replace(row, details={}) for row in rows_of(session, rows)]
    return [OwnEntry(row, event.leaf) for row, (event, _) in zip(own, rows, strict=True)]
