"""Documents with their file, their review and their versions."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.core.db import Audited, Base, Key

STATES = ("pending", "accepted", "rejected", "expired")
OWNERS = ("cooperative", "site", "lot", "order")


class Document(Base, Audited):
    """One version of a paper of a cooperative, of its site, of a lot or of an order; its file is sealed in the store.

    `expires_on` is the last day it counts. `number_key` is the number without spaces and dashes, by which twins are
    found; `sent_sha256` is of the file as it was sent, `sha256` of what is kept. `warned_days` says which warning went
    out last. A version that a newer one replaced keeps its state.
    """

    __tablename__ = "document"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint(f"owner IN {OWNERS}", name="owner"),
        CheckConstraint("(owner = 'site') = (site_id IS NOT NULL)", name="of_site"),
        CheckConstraint("(owner = 'lot') = (lot_id IS NOT NULL)", name="of_lot"),
        CheckConstraint("(owner = 'order') = (order_id IS NOT NULL)", name="of_order"),
        CheckConstraint("reviewed_by <> uploaded_by", name="two_people"),
        CheckConstraint("(reviewed_by IS NULL) = (reviewed_at IS NULL)", name="reviewed_by_somebody"),
        CheckConstraint("state NOT IN ('accepted','rejected') OR reviewed_by IS NOT NULL", name="decided_by_somebody"),
        CheckConstraint("state <> 'rejected' OR reason <> ''", name="rejected_for_a_reason"),
        CheckConstraint("expires_on >= issued_on", name="days"),
        CheckConstraint("(replaced_by IS NULL) = (replaced_at IS NULL)", name="replaced_by_one"),
        CheckConstraint("warned_days IN (30, 7)", name="warned_days"),
        Index("ix_document_cooperative", "cooperative_id", "uploaded_at"),
        Index("ix_document_uploaded_at", "uploaded_at", "id"),
        Index("ix_document_number", "kind", "number_key"),
        Index("ix_document_sent", "sent_sha256"),
        Index("ix_document_order", "order_id", postgresql_where="order_id IS NOT NULL"),
        Index("ix_document_expires_on", "expires_on", postgresql_where="replaced_at IS NULL"),
    )
    audit_type = "document"

    id: Mapped[Key]
    reference: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    owner: Mapped[str]
    cooperative_id: Mapped[UUID] = mapped_column(ForeignKey("cooperative.id"))
    site_id: Mapped[UUID | None] = mapped_column(ForeignKey("mine_site.id"))
    lot_id: Mapped[UUID | None] = mapped_column(ForeignKey("lot.id"))
    order_id: Mapped[UUID | None] = mapped_column(ForeignKey("orders.id"))
    version: Mapped[int]
    number: Mapped[str]
    number_key: Mapped[str]
    issuer: Mapped[str]
    issued_on: Mapped[date] = mapped_column(Date)
    expires_on: Mapped[date | None] = mapped_column(Date)
    minerals: Mapped[list[str]]
    sha256: Mapped[str]
    sent_sha256: Mapped[str]
    content_type: Mapped[str]
    size: Mapped[int]
    state: Mapped[str] = mapped_column(default="pending")
    uploaded_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    uploaded_at: Mapped[datetime]
    reviewed_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    reviewed_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="")
    warned_days: Mapped[int | None]
    replaced_by: Mapped[UUID | None] = mapped_column(ForeignKey("document.id"))
    replaced_at: Mapped[datetime | None]
