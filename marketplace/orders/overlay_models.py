"""What lies over an order's own road: time that does not count, alarms about long holds, doubts of compliance."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Interval
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.core.db import Audited, Base, Key


class DeadlinePause(Base, Audited):
    """How much time force majeure gave to the order's present stretch; it is part of the order's deadline already.

    `state_since` names the stretch: the row of an earlier one counts as none.
    """

    __tablename__ = "deadline_pause"
    __table_args__ = (CheckConstraint("given >= interval '0'", name="given"),)
    audit_type = "deadline_pause"

    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    state_since: Mapped[datetime]
    given: Mapped[timedelta] = mapped_column(Interval)
    changed_at: Mapped[datetime]


class HoldAlarm(Base, Audited):
    """A letter to staff that a payment is held for long: the first or the second of an order."""

    __tablename__ = "hold_alarm"
    __table_args__ = (CheckConstraint("stage IN (1, 2)", name="stage"),)
    audit_type = "hold_alarm"

    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    stage: Mapped[int] = mapped_column(primary_key=True)
    sent_at: Mapped[datetime]


class ComplianceHold(Base, Audited):
    """A doubt of compliance about an order: one person sets it, another lifts it; the parties never read the reason.

    `stops_cooperative` stops every payout to the order's cooperative, not only that of the order.
    """

    __tablename__ = "compliance_hold"
    __table_args__ = (
        CheckConstraint("ground IN ('screening','papers','other','incident')", name="ground"),
        CheckConstraint("lifted_by <> set_by", name="two_people"),
        CheckConstraint("(lifted_by IS NULL) = (lifted_at IS NULL)", name="lifted_by_somebody"),
        CheckConstraint("(lifted_at IS NULL) = (lifted_reason IS NULL)", name="lifted_with_reason"),
        Index("uq_compliance_hold_open", "order_id", unique=True, postgresql_where="lifted_at IS NULL"),
        Index("ix_compliance_hold_cooperative", "cooperative_id", postgresql_where="lifted_at IS NULL"),
    )
    audit_type = "compliance_hold"

    id: Mapped[Key]
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), index=True)
    cooperative_id: Mapped[UUID] = mapped_column(ForeignKey("cooperative.id"))
    ground: Mapped[str]
    reason: Mapped[str]
    stops_cooperative: Mapped[bool]
    set_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    set_at: Mapped[datetime]
    lifted_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    lifted_at: Mapped[datetime | None]
    lifted_reason: Mapped[str | None]
