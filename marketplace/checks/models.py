"""Independent checks of published lots, asked for by buyers."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.core.db import Audited, Base, Key

STATES = ("asked", "assigned", "done", "declined", "withdrawn")
FINDINGS = ("as_described", "differs", "open")
SEEN = ("photos", "goods", "laboratory")


class LotCheck(Base, Audited):
    """A check of one version of a lot. The note is about that version and no later one.

    The checker never asked for it, never decided about the lot, and does not belong to its cooperative. `assigned_to`
    stays as the checker's name under the note.
    """

    __tablename__ = "lot_check"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint(f"finding IN {FINDINGS}", name="finding"),
        CheckConstraint(f"seen IN {SEEN}", name="seen"),
        CheckConstraint("assigned_to <> asked_by", name="not_who_asked"),
        CheckConstraint("state NOT IN ('assigned','done') OR assigned_to IS NOT NULL", name="assigned_to_somebody"),
        CheckConstraint(
            "(state = 'done') = (finding IS NOT NULL AND seen IS NOT NULL AND note IS NOT NULL)", name="done_with_note"
        ),
        CheckConstraint("(state IN ('done','declined','withdrawn')) = (ended_at IS NOT NULL)", name="ended"),
        CheckConstraint("state <> 'declined' OR decline_reason IS NOT NULL", name="declined_with_reason"),
        Index("uq_lot_check_open", "lot_id", unique=True, postgresql_where="state IN ('asked','assigned')"),
        Index("ix_lot_check_lot", "lot_id", "asked_at"),
        Index("ix_lot_check_asked_at", "asked_at", "id"),
        Index("ix_lot_check_buyer", "buyer_id", "asked_at"),
    )
    audit_type = "lot_check"

    id: Mapped[Key]
    reference: Mapped[str] = mapped_column(unique=True)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"))
    version_id: Mapped[UUID] = mapped_column(ForeignKey("lot_version.id"))
    version_sha256: Mapped[str]
    buyer_id: Mapped[UUID] = mapped_column(ForeignKey("buyer.id"))
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[datetime]
    question: Mapped[str]
    state: Mapped[str] = mapped_column(default="asked")
    assigned_to: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    assigned_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    assigned_at: Mapped[datetime | None]
    due_on: Mapped[date | None] = mapped_column(Date)
    finding: Mapped[str | None]
    seen: Mapped[str | None]
    note: Mapped[str | None]
    decline_reason: Mapped[str | None]
    ended_at: Mapped[datetime | None]
