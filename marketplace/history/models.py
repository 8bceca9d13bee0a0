"""Subscriptions to the news of the audit log, and what became of each try to deliver some."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.core.db import AppendOnly, Audited, Base, Key


class AuditSubscription(Base, Audited):
    """Where entries are told: all of them to staff, or a cooperative's or buyer's own.

    How far it was served stands in `AuditProgress`.
    """

    __tablename__ = "audit_subscription"
    __table_args__ = (
        CheckConstraint("kind IN ('staff','cooperative','buyer')", name="kind"),
        CheckConstraint("(kind = 'staff') = (party_id IS NULL)", name="party"),
        CheckConstraint("state IN ('active','paused','disabled','deleted')", name="state"),
        Index("ix_audit_subscription_party", "kind", "party_id"),
    )
    audit_type = "audit_subscription"

    id: Mapped[Key]
    kind: Mapped[str]
    party_id: Mapped[UUID | None]
    made_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    host: Mapped[str]
    address_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    secret_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(default="active")
    created_at: Mapped[datetime]


class AuditProgress(Base):
    """How far a subscription was served; the cursor of a queue, not a decision of anybody."""

    __tablename__ = "audit_progress"
    __table_args__ = (
        CheckConstraint("next_idx >= 0 AND failures >= 0", name="counts"),
        Index("ix_audit_progress_due", "next_try_at"),
    )

    subscription_id: Mapped[UUID] = mapped_column(ForeignKey("audit_subscription.id"), primary_key=True)
    next_idx: Mapped[int] = mapped_column(BigInteger)
    failures: Mapped[int] = mapped_column(default=0)
    failing_since: Mapped[datetime | None]
    next_try_at: Mapped[datetime]


class AuditDelivery(Base, AppendOnly):
    """One try to deliver one entry, and the answer: a status, or why there was none."""

    __tablename__ = "audit_delivery"
    __table_args__ = (Index("ix_audit_delivery_newest", "subscription_id", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    subscription_id: Mapped[UUID] = mapped_column(ForeignKey("audit_subscription.id"))
    event_id: Mapped[UUID]
    idx: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime]
    outcome: Mapped[str]
    is_delivered: Mapped[bool]
