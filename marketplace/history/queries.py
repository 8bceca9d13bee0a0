"""Reads of subscriptions and their deliveries."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Buyer, CooperativeMember, StaffGrant, User
from marketplace.core.actor import MemberRole, StaffRole
from marketplace.history.models import AuditDelivery, AuditProgress, AuditSubscription
from marketplace.history.slices import Slice

DELIVERIES: Final = 50
MOST_DUE: Final = 100
EVERYTHING: Final = (StaffRole.AUDITOR, StaffRole.ADMINISTRATOR)
WRITERS: Final = (MemberRole.SECRETARY.value, MemberRole.SIGNATORY.value)


def subscriptions(session: Session, slices: Sequence[Slice]) -> Sequence[tuple[AuditSubscription, AuditProgress]]:
    """Return the live subscriptions of some parties, newest first."""
    mine = [_of(whose) for whose in slices]
    found = select(AuditSubscription, AuditProgress).join(
        AuditProgress, AuditProgress.subscription_id == AuditSubscription.id
    )
    found = found.where(or_(false(), *mine), AuditSubscription.state != "deleted")
    return [(row[0], row[1]) for row in session.execute(found.order_by(AuditSubscription.id.desc()).limit(100))]


def deliveries(session: Session, subscription_id: UUID, *, before: int | None) -> Sequence[AuditDelivery]:
    """Return the newest tries of a subscription before a number, one more than a page."""
    found = select(AuditDelivery).where(AuditDelivery.subscription_id == subscription_id)
    if before is not None:
        found = found.where(AuditDelivery.id < before)
    return session.scalars(found.order_by(AuditDelivery.id.desc()).limit(DELIVERIES + 1)).all()


def due(session: Session, *, now: datetime) -> Sequence[UUID]:
    """Return whom the worker serves now, who waits longest first."""
    found = (
        select(AuditProgress.subscription_id)
        .join(AuditSubscription, AuditSubscription.id == AuditProgress.subscription_id)
        .where(AuditSubscription.state == "active", AuditProgress.next_try_at <= now)
    )
    return session.scalars(found.order_by(AuditProgress.next_try_at).limit(MOST_DUE)).all()


def is_still_entitled(session: Session, row: AuditSubscription) -> bool:
    """Say whether who subscribed still has the account and the duty that gave the right to it."""
    user = select(User.id).where(User.id == row.made_by, User.state == "active")
    if row.kind == "staff":
        roles = [role.value for role in EVERYTHING]
        user = user.join(StaffGrant, StaffGrant.user_id == User.id).where(StaffGrant.role.in_(roles))
    elif row.kind == "cooperative":
        is_theirs = (CooperativeMember.cooperative_id == row.party_id) & CooperativeMember.role.in_(WRITERS)
        user = user.join(CooperativeMember, CooperativeMember.user_id == User.id).where(is_theirs)
    else:
        user = user.join(Buyer, Buyer.user_id == User.id).where(Buyer.id == row.party_id)
    return session.scalar(user.limit(1)) is not None


def _of(whose: Slice) -> ColumnElement[bool]:
    party = AuditSubscription.party_id
    is_theirs = party.is_(None) if whose.party_id is None else party == whose.party_id
    return and_(AuditSubscription.kind == whose.kind, is_theirs)
