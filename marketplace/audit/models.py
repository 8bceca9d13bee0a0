"""Tables of the audit log. Nothing here is ever updated but an unset `idx`, nothing is ever deleted."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.core.db import Base


class AuditEvent(Base):
    """One change: `leaf` is the evidence (RFC 8785 bytes); the other columns repeat it for searching."""

    __tablename__ = "audit_event"
    __table_args__ = (
        UniqueConstraint("event_id"),
        UniqueConstraint("idx"),
        Index("ix_audit_event_at", "at"),
        Index("ix_audit_event_unsequenced", "seq", postgresql_where="idx IS NULL"),
    )

    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    event_id: Mapped[UUID]
    at: Mapped[datetime]
    action: Mapped[str] = mapped_column(index=True)
    target_type: Mapped[str]
    target_id: Mapped[str]
    outcome: Mapped[str]
    leaf: Mapped[bytes] = mapped_column(LargeBinary)
    idx: Mapped[int | None] = mapped_column(BigInteger)


class AuditTarget(Base):
    """Each thing an event is about, so that a lot or an order can show its own history."""

    __tablename__ = "audit_target"
    __table_args__ = (Index("ix_audit_target_thing", "type", "id", "seq"),)

    seq: Mapped[int] = mapped_column(BigInteger, ForeignKey("audit_event.seq"), primary_key=True)
    type: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)


class AuditDisclosure(Base):
    """A salted name and value (RFC 9901) whose digest is in the leaf; erasing a person empties `encoded`."""

    __tablename__ = "audit_disclosure"

    seq: Mapped[int] = mapped_column(BigInteger, ForeignKey("audit_event.seq"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str]
    encoded: Mapped[str | None]


class AuditSearch(Base):
    """A staff index over events: convenient, erasable, not evidence."""

    __tablename__ = "audit_search"
    __table_args__ = (Index("ix_audit_search_actor", "actor_id", "seq"),)

    seq: Mapped[int] = mapped_column(BigInteger, ForeignKey("audit_event.seq"), primary_key=True)
    actor_kind: Mapped[str]
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str]
    address: Mapped[str]
    request_id: Mapped[str] = mapped_column(index=True)
    details: Mapped[dict[str, Any]]
