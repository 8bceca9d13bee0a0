"""Applications of cooperatives with appeals, visits, signed declarations, and the warnings that something ends."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, LargeBinary, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.core.db import AppendOnly, Audited, Base, Key

KINDS = ("first", "renewal")
STATES = ("draft", "handed_in", "needs_second", "returned", "approved", "refused")
POLICIES = ("child_labour", "mercury", "grievance")
SUBJECTS = ("approval", "declaration", "policy")


class CooperativeApplication(Base, Audited):
    """What a cooperative tells to be let in, or to stay: step by step, as it was typed.

    `version` rises with every save; a form names the one it began with. `content` is frozen when it is handed in, and
    its digest is what both approvals name. `begun_by` may be a field officer, then `is_on_behalf`. `writers` are all
    who ever wrote a part of it: none of them decides about it; a trigger refuses their answers too (migration 0041).
    `deciders` are all who ever decided in it; `barred` are those of them who decide no more, as an appeal against them
    was right.
    """

    __tablename__ = "cooperative_application"
    __table_args__ = (
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint("kind = 'first' OR cooperative_id IS NOT NULL", name="renewal_of_one"),
        CheckConstraint("second_by <> first_by", name="two_people"),
        CheckConstraint("first_by <> begun_by AND first_by <> handed_in_by", name="first_not_own"),
        CheckConstraint("second_by <> begun_by AND second_by <> handed_in_by", name="second_not_own"),
        CheckConstraint(
            "begun_by = ANY (writers) AND saved_by = ANY (writers) AND handed_in_by = ANY (writers)", name="writers"
        ),
        CheckConstraint("first_by <> ALL (writers)", name="first_not_writer"),
        CheckConstraint("second_by <> ALL (writers)", name="second_not_writer"),
        CheckConstraint(
            "state <> 'approved' OR (first_by IS NOT NULL AND second_by IS NOT NULL)", name="approved_by_two"
        ),
        CheckConstraint("(state = 'approved') = (second_by IS NOT NULL)", name="second_approves"),
        CheckConstraint("state <> 'needs_second' OR first_by IS NOT NULL", name="first_before_second"),
        CheckConstraint(
            "state NOT IN ('handed_in','needs_second','approved') OR"
            " (handed_in_by IS NOT NULL AND content_sha256 IS NOT NULL AND cooperative_id IS NOT NULL)",
            name="handed_in",
        ),
        Index(
            "uq_cooperative_application_open",
            "cooperative_id",
            unique=True,
            postgresql_where="state NOT IN ('approved','refused')",
        ),
        Index("ix_cooperative_application_begun_by", "begun_by"),
        Index("ix_cooperative_application_state", "state", "saved_at", "id"),
    )
    audit_type = "cooperative_application"

    id: Mapped[Key]
    reference: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    cooperative_id: Mapped[UUID | None] = mapped_column(ForeignKey("cooperative.id"))
    state: Mapped[str] = mapped_column(default="draft")
    answers: Mapped[dict[str, Any]]
    version: Mapped[int] = mapped_column(default=1)
    is_on_behalf: Mapped[bool] = mapped_column(default=False)
    begun_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    begun_at: Mapped[datetime]
    saved_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    saved_at: Mapped[datetime]
    writers: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), default=list)
    handed_in_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    handed_in_at: Mapped[datetime | None]
    content: Mapped[dict[str, Any] | None]
    content_sha256: Mapped[str | None]
    first_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    first_at: Mapped[datetime | None]
    first_note: Mapped[str] = mapped_column(default="")
    second_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    second_at: Mapped[datetime | None]
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    answer_note: Mapped[str] = mapped_column(default="")
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    answered_at: Mapped[datetime | None]
    renewal_due_on: Mapped[date | None] = mapped_column(Date)
    deciders: Mapped[list[str]] = mapped_column(default=list)
    barred: Mapped[list[str]] = mapped_column(default=list)


class ApplicationAppeal(Base, Audited):
    """A cooperative's word against the refusal of its application; somebody who decided nothing in it answers, once.

    A trigger refuses an answer of anybody who did, or who wrote a part of the application (migration 0041).
    """

    __tablename__ = "application_appeal"
    __table_args__ = (
        CheckConstraint("state IN ('open','upheld','overturned')", name="state"),
        CheckConstraint(
            "(state = 'open') = (decided_by IS NULL) AND (state = 'open') = (decided_at IS NULL)", name="decided"
        ),
        CheckConstraint("decided_by <> made_by", name="decided_by_another"),
        Index("ix_application_appeal_made_at", "made_at", "id"),
        Index("ix_application_appeal_cooperative", "cooperative_id"),
    )
    audit_type = "application_appeal"

    id: Mapped[Key]
    application_id: Mapped[UUID] = mapped_column(ForeignKey("cooperative_application.id"), unique=True)
    cooperative_id: Mapped[UUID] = mapped_column(ForeignKey("cooperative.id"))
    state: Mapped[str] = mapped_column(default="open")
    words: Mapped[str]
    made_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(default="")
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None]


class FieldVisit(Base, Audited, AppendOnly):
    """What Pact saw at a cooperative or at one of its sites; never changed, a new visit tells the new state.

    `findings_sealed` is under the field key: it may name people. `photos` holds digest, width and height of each.
    """

    __tablename__ = "field_visit"
    __table_args__ = (
        CheckConstraint("site_status BETWEEN 0 AND 3", name="site_status"),
        CheckConstraint("(site_id IS NULL) = (site_status IS NULL)", name="status_of_site"),
        CheckConstraint("next_visit_on > visited_on", name="next_visit"),
        Index("ix_field_visit_cooperative", "cooperative_id", "visited_on"),
        Index("ix_field_visit_site", "site_id", "visited_on"),
    )
    audit_type = "field_visit"

    id: Mapped[Key]
    reference: Mapped[str] = mapped_column(unique=True)
    cooperative_id: Mapped[UUID] = mapped_column(ForeignKey("cooperative.id"))
    site_id: Mapped[UUID | None] = mapped_column(ForeignKey("mine_site.id"))
    visited_on: Mapped[date] = mapped_column(Date)
    visitors: Mapped[str]
    checklist: Mapped[dict[str, Any]]
    findings_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    photos: Mapped[list[dict[str, Any]]]
    site_status: Mapped[int | None]
    next_visit_on: Mapped[date] = mapped_column(Date)
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime]


class Declaration(Base, Audited, AppendOnly):
    """A promise somebody signed for a cooperative, or for one of its sites; a newer one takes its place."""

    __tablename__ = "signed_declaration"
    __table_args__ = (
        CheckConstraint(f"kind IN {POLICIES}", name="kind"),
        CheckConstraint("expires_on > signed_on", name="expires"),
        CheckConstraint("site_id IS NULL OR kind = 'child_labour'", name="of_site"),
        Index("ix_signed_declaration_cooperative", "cooperative_id", "kind", "signed_on"),
    )
    audit_type = "signed_declaration"

    id: Mapped[Key]
    cooperative_id: Mapped[UUID] = mapped_column(ForeignKey("cooperative.id"))
    site_id: Mapped[UUID | None] = mapped_column(ForeignKey("mine_site.id"))
    kind: Mapped[str]
    signed_on: Mapped[date] = mapped_column(Date)
    signed_by: Mapped[str]
    expires_on: Mapped[date] = mapped_column(Date)
    is_on_behalf: Mapped[bool]
    entered_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    entered_at: Mapped[datetime]


class EndingNotice(Base, AppendOnly):
    """A letter that something ends: each warning goes out once for each end."""

    __tablename__ = "ending_notice"
    __table_args__ = (
        CheckConstraint(f"subject IN {SUBJECTS}", name="subject"),
        UniqueConstraint("subject", "subject_id", "ends_on", "days"),
    )

    id: Mapped[Key]
    subject: Mapped[str]
    subject_id: Mapped[UUID]
    ends_on: Mapped[date] = mapped_column(Date)
    days: Mapped[int]
    sent_at: Mapped[datetime]
