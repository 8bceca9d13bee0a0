"""Tables of the audit log. Only an unset `idx` is ever set, a disclosure erased, a key ended; nothing is deleted."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    SmallInteger,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.core.db import AppendOnly, Audited, Base, Key


class AuditEvent(Base):
    """One change: `leaf` is the evidence (RFC 8785 bytes); the other columns repeat it for searching."""

    __tablename__ = "audit_event"
    __table_args__ = (
        UniqueConstraint("event_id"),
        UniqueConstraint("idx"),
        Index("ix_audit_event_action", "action", "seq", postgresql_ops={"action": "text_pattern_ops"}),
        Index("ix_audit_event_at", "at", "seq"),
        Index("ix_audit_event_outcome", "outcome", "seq", postgresql_where="outcome <> 'ok'"),
        Index("ix_audit_event_unsequenced", "seq", postgresql_where="idx IS NULL"),
    )

    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    event_id: Mapped[UUID]
    at: Mapped[datetime]
    action: Mapped[str]
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
    __table_args__ = (
        Index("ix_audit_search_actor", "actor_id", "seq"),
        Index("ix_audit_search_name", "actor_name", "seq"),
        Index("ix_audit_search_address", "address", "seq"),
        Index(
            "ix_audit_search_words",
            text("""jsonb_to_tsvector('simple'::regconfig, details, '["string", "numeric", "boolean"]'::jsonb)"""),
            postgresql_using="gin",
        ),
    )

    seq: Mapped[int] = mapped_column(BigInteger, ForeignKey("audit_event.seq"), primary_key=True)
    actor_kind: Mapped[str]
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str]
    address: Mapped[str]
    request_id: Mapped[str] = mapped_column(index=True)
    details: Mapped[dict[str, Any]]


class AuditNode(Base, AppendOnly):
    """A complete node of the Merkle tree (RFC 6962): at level 0 the leaf hashes, `idx` counts from the left."""

    __tablename__ = "audit_node"
    __table_args__ = (
        CheckConstraint("level BETWEEN 0 AND 62 AND idx >= 0", name="place"),
        CheckConstraint("octet_length(hash) = 32", name="hash"),
    )

    level: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    idx: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


class AuditCheckpoint(Base, AppendOnly):
    """A signed size and root; `note` is the C2SP signed note as it was published."""

    __tablename__ = "audit_checkpoint"
    __table_args__ = (
        UniqueConstraint("origin", "size"),
        CheckConstraint("size > 0", name="size"),
        CheckConstraint("octet_length(root) = 32", name="root"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    origin: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    root: Mapped[bytes] = mapped_column(LargeBinary)
    note: Mapped[str]
    signed_at: Mapped[datetime]


class AuditCosignature(Base, AppendOnly):
    """A signature line of a witness under one checkpoint."""

    __tablename__ = "audit_cosignature"

    checkpoint_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("audit_checkpoint.id"), primary_key=True)
    witness: Mapped[str] = mapped_column(primary_key=True)
    key_id: Mapped[str] = mapped_column(primary_key=True)
    line: Mapped[str]
    received_at: Mapped[datetime]


class AuditKey(Base, Audited):
    """A public key of the log, as a C2SP verifier key; it is never dropped, only ended."""

    __tablename__ = "audit_key"
    __table_args__ = (
        UniqueConstraint("vkey"),
        CheckConstraint("end_reason IN ('rotated','compromised')", name="end_reason"),
        CheckConstraint("(ended_at IS NULL) = (end_reason IS NULL)", name="ended_with_reason"),
    )
    audit_type = "audit_key"

    id: Mapped[Key]
    origin: Mapped[str]
    key_id: Mapped[str]
    vkey: Mapped[str]
    added_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None]


class AuditVerification(Base, AppendOnly):
    """A full verification: up to which size, against which checkpoint, and what it found."""

    __tablename__ = "audit_verification"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    size: Mapped[int] = mapped_column(BigInteger)
    checkpoint_size: Mapped[int | None] = mapped_column(BigInteger)
    is_sound: Mapped[bool]
    findings: Mapped[list[dict[str, Any]]]
