"""What happened to the goods: custody events, the lots they name, and the tags of bags as stock."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.core.db import AppendOnly, Audited, Base, Key, Milligrams
from marketplace.custody.record import KINDS, MODELS

TAG_STATES = ("used", "void", "lost")


class CustodyEvent(Base, Audited, AppendOnly):
    """One thing that happened to a lot; never changed: a correction is a later event that `corrects` this one.

    `content` is the public document of the event, `sha256` the digest of its RFC 8785 bytes, which stands in the
    event's audit entry. `kept` is what is not public: prices, taxes, the seller's name. `seq` is the order in which
    events were recorded. `model` is the lot's model of ISO 22095 from here on. `order_id` names the purchase of an
    event that the marketplace recorded by itself.
    """

    __tablename__ = "custody_event"
    __table_args__ = (
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        CheckConstraint(f"model IN {MODELS}", name="model"),
        CheckConstraint("happened_at <= recorded_at", name="not_in_the_future"),
        CheckConstraint("loss_mg >= 0", name="loss"),
        CheckConstraint("weight_before_mg > 0 AND weight_after_mg > 0", name="weights"),
        CheckConstraint("corrects_id <> id", name="corrects_another"),
        UniqueConstraint("seq"),
        Index("ix_custody_event_lot", "lot_id", "seq"),
        Index("ix_custody_event_order", "order_id", postgresql_where="order_id IS NOT NULL"),
        Index("uq_custody_event_corrects", "corrects_id", unique=True, postgresql_where="corrects_id IS NOT NULL"),
    )
    audit_type = "custody_event"

    id: Mapped[Key]
    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"))
    kind: Mapped[str]
    happened_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    entered_for: Mapped[bool] = mapped_column(default=False)
    weight_before_mg: Mapped[Milligrams | None]
    weight_after_mg: Mapped[Milligrams | None]
    loss_mg: Mapped[Milligrams] = mapped_column(default=0)
    model: Mapped[str]
    content: Mapped[dict[str, Any]]
    sha256: Mapped[str]
    kept: Mapped[dict[str, Any]]
    corrects_id: Mapped[UUID | None] = mapped_column(ForeignKey("custody_event.id"))
    order_id: Mapped[UUID | None] = mapped_column(ForeignKey("orders.id"))


class CustodyAmount(Base, AppendOnly):
    """A lot, or a part of one, that an event names: how much of it went in or came out."""

    __tablename__ = "custody_amount"
    __table_args__ = (
        CheckConstraint("direction IN ('in','out')", name="direction"),
        CheckConstraint("weight_mg > 0 AND pieces >= 0", name="amount"),
        Index("ix_custody_amount_lot", "lot_id", postgresql_where="lot_id IS NOT NULL"),
    )

    event_id: Mapped[UUID] = mapped_column(ForeignKey("custody_event.id"), primary_key=True)
    direction: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    lot_id: Mapped[UUID | None] = mapped_column(ForeignKey("lot.id"))
    lot_reference: Mapped[str]
    weight_mg: Mapped[Milligrams]
    pieces: Mapped[int] = mapped_column(default=0)
    tag_number: Mapped[str] = mapped_column(default="")


class TagRange(Base, Audited, AppendOnly):
    """Tags handed to one cooperative: `prefix` and then the numbers `first` to `last`, each of `width` digits."""

    __tablename__ = "tag_range"
    __table_args__ = (
        CheckConstraint("first >= 0 AND last >= first AND last - first < 10000", name="numbers"),
        CheckConstraint("width BETWEEN 1 AND 12", name="width"),
        Index("ix_tag_range_numbers", "prefix", "width", "first"),
        Index("ix_tag_range_cooperative", "cooperative_id", "issued_at"),
    )
    audit_type = "tag_range"

    id: Mapped[Key]
    cooperative_id: Mapped[UUID] = mapped_column(ForeignKey("cooperative.id"))
    issuer: Mapped[str]
    prefix: Mapped[str]
    width: Mapped[int]
    first: Mapped[int] = mapped_column(BigInteger)
    last: Mapped[int] = mapped_column(BigInteger)
    issued_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    issued_at: Mapped[datetime]


class Tag(Base, Audited):
    """A tag that left the stock: on a lot's bag, void, or lost. One of another issuer belongs to no range."""

    __tablename__ = "tag"
    __table_args__ = (
        UniqueConstraint("number"),
        CheckConstraint(f"state IN {TAG_STATES}", name="state"),
        CheckConstraint("state = 'used' OR reason <> ''", name="reason"),
        CheckConstraint("state <> 'used' OR lot_id IS NOT NULL", name="used_by_a_lot"),
        Index("ix_tag_range", "range_id", "number"),
        Index("ix_tag_lot", "lot_id"),
    )
    audit_type = "tag"

    id: Mapped[Key]
    number: Mapped[str]
    range_id: Mapped[UUID | None] = mapped_column(ForeignKey("tag_range.id"))
    cooperative_id: Mapped[UUID] = mapped_column(ForeignKey("cooperative.id"))
    state: Mapped[str]
    lot_id: Mapped[UUID | None] = mapped_column(ForeignKey("lot.id"))
    reason: Mapped[str] = mapped_column(default="")
    changed_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    changed_at: Mapped[datetime]
