"""Tables of papers, their numbers, and how cooperatives share what they are paid."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.core.db import AppendOnly, Audited, Base, Currency, Key, Minor


class Paper(AppendOnly, Audited, Base):
    """A paper as it was issued, one of a kind about each `subject_id`: an order, a refund or a payout.

    `content` is the whole document, `sha256` the digest of its canonical bytes, printed on it.
    """

    __tablename__ = "paper"
    __table_args__ = (
        CheckConstraint("kind IN ('invoice','receipt','credit_note','statement')", name="kind"),
        CheckConstraint("serial > 0", name="serial"),
        UniqueConstraint("kind", "year", "serial"),
        UniqueConstraint("kind", "subject_id"),
        UniqueConstraint("number"),
        Index("ix_paper_cooperative", "cooperative_id", "kind", "id"),
    )
    audit_type = "paper"

    id: Mapped[Key]
    kind: Mapped[str]
    year: Mapped[int]
    serial: Mapped[int]
    number: Mapped[str]
    subject_id: Mapped[UUID]
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), index=True)
    cooperative_id: Mapped[UUID] = mapped_column(ForeignKey("cooperative.id"))
    buyer_id: Mapped[UUID] = mapped_column(ForeignKey("buyer.id"), index=True)
    total_minor: Mapped[Minor]
    currency: Mapped[Currency]
    content: Mapped[dict[str, Any]]
    sha256: Mapped[str]
    issued_at: Mapped[datetime]


class PaperCounter(Base):
    """The last number given in a year to a kind of paper; its row lock is what leaves no gap."""

    __tablename__ = "paper_counter"

    kind: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]


class SharingRule(Audited, Base):
    """How a cooperative shares a payout among its members; the newest rule counts, older ones explain older papers.

    `members` is a list of {"code", "name", "weight"}; papers hold codes only, so a name can be erased here.
    """

    __tablename__ = "sharing_rule"
    __table_args__ = (Index("ix_sharing_rule_newest", "cooperative_id", "entered_at"),)
    audit_type = "sharing_rule"

    id: Mapped[Key]
    cooperative_id: Mapped[UUID] = mapped_column(ForeignKey("cooperative.id"))
    members: Mapped[list[dict[str, Any]]]
    entered_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    entered_at: Mapped[datetime]
