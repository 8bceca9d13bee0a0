"""Cases for Pact staff and the decisions taken on them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.core.db import AppendOnly, Audited, Base, Key

CASE_STATES = (
    "queued",
    "claimed",
    "needs_second",
    "escalated",
    "approved",
    "changes_requested",
    "refused",
    "withdrawn",
)
EDIT_CLASSES = ("", "cosmetic", "material", "identity")
_OPEN = "state IN ('queued','claimed','needs_second','escalated')"


class ModerationCase(Base, Audited):
    """Something waiting for a person: a lot version or a cooperative's application.

    `subject_sha256` is what a decision must name. `subject` keeps the application as it was sent; a lot's is its
    version. `title`, `reference` and `country` are copied so that the queue reads one table. `second_reasons` says why
    two people must approve it; the last of them, chance, is drawn from `draw_seed`. `escalation` is what a reviewer
    wrote who left it to others. `edit_class` says what a change of a lot on sale is (lots/edit_classes.py), empty for a
    first publication. `assigned_to` is who should look at it first; `expired_at` when it was closed for want of an
    answer after it had been sent back.
    """

    __tablename__ = "moderation_case"
    __table_args__ = (
        CheckConstraint(f"state IN {CASE_STATES}", name="state"),
        CheckConstraint("kind IN ('lot','cooperative')", name="kind"),
        CheckConstraint("(kind = 'lot') = (lot_id IS NOT NULL)", name="lot_of_lot_case"),
        Index("uq_moderation_case_open_lot", "lot_id", unique=True, postgresql_where=_OPEN),
        Index(
            "uq_moderation_case_open_cooperative",
            "cooperative_id",
            unique=True,
            postgresql_where=f"{_OPEN} AND kind = 'cooperative'",
        ),
        Index("ix_moderation_case_lot", "lot_id", "opened_at"),
        Index("ix_moderation_case_cooperative", "cooperative_id", "opened_at"),
        CheckConstraint("(escalated_by IS NULL) = (escalation = '')", name="escalated_with_words"),
        Index("ix_moderation_case_queue", "opened_at", "id", postgresql_where=_OPEN),
        Index("ix_moderation_case_next", text("risk DESC"), "opened_at", "id", postgresql_where=_OPEN),
        CheckConstraint(f"edit_class IN {EDIT_CLASSES}", name="edit_class"),
        CheckConstraint("expired_at IS NULL OR state = 'changes_requested'", name="expired_unanswered"),
        Index(
            "ix_moderation_case_unanswered",
            "closed_at",
            "id",
            postgresql_where="state = 'changes_requested' AND kind = 'lot' AND expired_at IS NULL",
        ),
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
    second_reasons: Mapped[list[str]] = mapped_column(default=list)
    draw_seed: Mapped[str] = mapped_column(default="")
    risk: Mapped[int] = mapped_column(SmallInteger, default=0)
    due_at: Mapped[datetime | None]
    escalated_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    escalation: Mapped[str] = mapped_column(default="")
    edit_class: Mapped[str] = mapped_column(default="")
    assigned_to: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    expired_at: Mapped[datetime | None]


class Decision(Base, Audited, AppendOnly):
    """What one reviewer decided about one version, with reasons; never changed afterwards.

    Nobody decides twice in a case, so one person cannot complete both approvals; a trigger refuses whoever entered or
    sent what the case is about, and an approved case with fewer approvals than it needs.
    """

    __tablename__ = "decision"
    __table_args__ = (
        CheckConstraint("verdict IN ('approve','changes','refuse')", name="verdict"),
        UniqueConstraint("case_id", "reviewer_id"),
        Index("ix_decision_reviewer", "reviewer_id", "subject_sha256"),
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


class Appeal(Base, Audited):
    """A cooperative's word against a case that ended without approval; another reviewer answers it, once.

    A trigger refuses an answer of anybody who decided in the case.
    """

    __tablename__ = "appeal"
    __table_args__ = (
        CheckConstraint("state IN ('open','upheld','overturned')", name="state"),
        CheckConstraint(
            "(state = 'open') = (decided_by IS NULL) AND (state = 'open') = (decided_at IS NULL)", name="decided"
        ),
        Index("ix_appeal_made_at", "made_at", "id"),
        Index("ix_appeal_cooperative", "cooperative_id"),
    )
    audit_type = "appeal"

    id: Mapped[Key]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("moderation_case.id"), unique=True)
    cooperative_id: Mapped[UUID] = mapped_column(ForeignKey("cooperative.id"))
    state: Mapped[str] = mapped_column(default="open")
    words: Mapped[str]
    made_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(default="")
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None]


class BlindReview(Base, Audited):
    """A case that one person approved, drawn to be looked at again; `verdict` is empty until somebody else decided.

    It changes nothing on sale: it tells how good single approvals are. A trigger refuses the first reviewer.
    """

    __tablename__ = "blind_review"
    __table_args__ = (
        CheckConstraint("verdict IN ('','approve','changes','refuse')", name="verdict"),
        CheckConstraint(
            "(verdict = '') = (reviewer_id IS NULL) AND (verdict = '') = (decided_at IS NULL)", name="decided"
        ),
        Index("ix_blind_review_opened_at", "opened_at", "id"),
    )
    audit_type = "blind_review"

    id: Mapped[Key]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("moderation_case.id"), unique=True)
    opened_at: Mapped[datetime]
    reviewer_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    verdict: Mapped[str] = mapped_column(default="")
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    note: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime | None]


class CaseNote(Base, Audited, AppendOnly):
    """What a reviewer wrote on a case for other reviewers; the cooperative does not read it."""

    __tablename__ = "case_note"
    __table_args__ = (
        CheckConstraint("words <> ''", name="words"),
        Index("ix_case_note_case", "case_id", "written_at"),
    )
    audit_type = "case_note"

    id: Mapped[Key]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("moderation_case.id"))
    words: Mapped[str]
    written_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    written_at: Mapped[datetime]
