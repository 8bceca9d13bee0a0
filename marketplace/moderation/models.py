"""Cases for Pact staff and the decisions taken on them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.core.db import AppendOnly, Audited, Base, Key

CASE_STATES = ("queued", "claimed", "approved", "changes_requested", "refused", "withdrawn")


class ModerationCase(Base, Audited):
    """Something waiting for a person: a lot version or a cooperative's application.

    `subject_sha256` is what a decision must name. `subject` keeps the application as it was sent; a lot's is its
    version. `title`, `reference` and `country` are copied so that the queue reads one table.
    """

    __tablename__ = "moderation_case"
    __table_args__ = (
        CheckConstraint(f"state IN {CASE_STATES}", name="state"),
        CheckConstraint("kind IN ('lot','cooperative')", name="kind"),
        CheckConstraint("(kind = 'lot') = (lot_id IS NOT NULL)", name="lot_of_lot_case"),
        Index("uq_moderation_case_open_lot", "lot_id", unique=True, postgresql_where="state IN ('queued','claimed')"),
        Index(
            "uq_moderation_case_open_cooperative",
            "cooperative_id",
            unique=True,
            postgresql_where="state IN ('queued','claimed') AND kind = 'cooperative'",
        ),
        Index("ix_moderation_case_lot", "lot_id", "opened_at"),
        Index("ix_moderation_case_cooperative", "cooperative_id", "opened_at"),
        Index("ix_moderation_case_queue", "opened_at", "id", postgresql_where="state IN ('queued','claimed')"),
    )
    audit_type = "moderation_case"

    id: Mapped[Key]
    kind: Mapped[str]
    lot_id: Mapped[UUID | None] = mapped_column(ForeignKey("lot.id"))
    version_id: Mapped[UUID | None] = mapped_column(ForeignKey("lot_version.id"))
    cooperative_id: Mapped[UUID] = mapped_column(ForeignKey("cooperative.id"))
    reference: Mapped[str]
    title: Mapped[str]
    country: Mapped[str]
    subject_sha256: Mapped[str]
    subject: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(default="queued")
    flags: Mapped[list[dict[str, Any]]]
    is_return: Mapped[bool] = mapped_column(default=False)
    opened_at: Mapped[datetime]
    claimed_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    claimed_until: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class Decision(Base, Audited, AppendOnly):
    """What one reviewer decided about one version, with reasons; never changed afterwards."""

    __tablename__ = "decision"
    __table_args__ = (
        CheckConstraint("verdict IN ('approve','changes','refuse')", name="verdict"),
        UniqueConstraint("case_id", "reviewer_id"),
    )
    audit_type = "decision"

    id: Mapped[Key]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("moderation_case.id"))
    verdict: Mapped[str]
    subject_sha256: Mapped[str]
    reviewer_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    reasons: Mapped[list[dict[str, Any]]]
    checklist: Mapped[dict[str, Any]]
    note: Mapped[str]
    decided_at: Mapped[datetime]
