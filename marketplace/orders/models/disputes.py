"""What stands beside an order when something is wrong: reports, evidence, offers to settle, checks, freezes."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
)
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.core.db import Audited, Base, Currency, Key, Milligrams, Minor


class ProblemReport(Base, Audited):
    """A dispute: while one is open nothing is released. The clock opens one about late goods, an appeal another one.

    `came_from` is the state it interrupted, `deadline_was` that state's deadline.
    """

    __tablename__ = "problem_report"
    __table_args__ = (
        Index("uq_problem_report_open", "order_id", unique=True, postgresql_where="resolved_at IS NULL"),
        CheckConstraint(
            "resolution IN ('continue','withdrawn','settled','release','refund','split','return')", name="resolution"
        ),
        CheckConstraint("resolution = 'withdrawn' OR resolved_by <> reported_by", name="not_self"),
        CheckConstraint("proposed_by <> resolved_by", name="two_people"),
    )
    audit_type = "problem_report"

    id: Mapped[Key]
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), index=True)
    kind: Mapped[str]
    text: Mapped[str]
    reported_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    reported_at: Mapped[datetime]
    proposed_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    resolved_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    resolved_at: Mapped[datetime | None]
    resolution: Mapped[str | None]
    resolution_note: Mapped[str | None]
    opened_as: Mapped[str]
    came_from: Mapped[str]
    deadline_was: Mapped[datetime | None]
    refund_minor: Mapped[Minor | None]
    by_rule: Mapped[bool] = mapped_column(default=False)


class OrderEvidence(Base, Audited):
    """What a party says or shows about an order: a text, a photo drawn anew, or both. Never changed."""

    __tablename__ = "order_evidence"
    __table_args__ = (CheckConstraint("party IN ('buyer','cooperative','verifier','moderator')", name="party"),)
    audit_type = "order_evidence"

    id: Mapped[Key]
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), index=True)
    party: Mapped[str]
    text: Mapped[str]
    photo_sha256: Mapped[str | None]
    photo_width: Mapped[int | None]
    given_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    given_at: Mapped[datetime]


class SettlementOffer(Base, Audited):
    """An offer of one side to the other: a lower price during the inspection, or how to end a dispute."""

    __tablename__ = "settlement_offer"
    __table_args__ = (
        Index("one_open_settlement", "order_id", unique=True, postgresql_where="state = 'open'"),
        CheckConstraint("kind IN ('adjustment','settlement')", name="kind"),
        CheckConstraint("party IN ('buyer','cooperative')", name="party"),
        CheckConstraint("state IN ('open','accepted','declined','replaced','withdrawn','lapsed')", name="state"),
        CheckConstraint("refund_minor >= 0", name="refund"),
    )
    audit_type = "settlement_offer"

    id: Mapped[Key]
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), index=True)
    kind: Mapped[str]
    party: Mapped[str]
    refund_minor: Mapped[Minor]
    currency: Mapped[Currency]
    text: Mapped[str]
    state: Mapped[str] = mapped_column(default="open")
    made_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]


class VerificationReport(Base, Audited):
    """What an independent verifier found; there is another when a dispute about the first led back to the check."""

    __tablename__ = "verification_report"
    audit_type = "verification_report"

    id: Mapped[Key]
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), index=True)
    is_match: Mapped[bool]
    seal_intact: Mapped[bool]
    weight_mg: Mapped[Milligrams]
    fineness_permille: Mapped[Decimal | None]
    certificate: Mapped[str]
    note: Mapped[str]
    verified_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    verified_at: Mapped[datetime]


class OrderFreeze(Base, Audited):
    """A reason why an order's money may not move: a chargeback, or a hold of compliance. Somebody else lifts it."""

    __tablename__ = "order_freeze"
    __table_args__ = (
        Index("one_open_freeze", "order_id", "kind", unique=True, postgresql_where="lifted_at IS NULL"),
        CheckConstraint("kind IN ('chargeback','compliance')", name="kind"),
        CheckConstraint("lifted_by <> frozen_by", name="two_people"),
    )
    audit_type = "order_freeze"

    id: Mapped[Key]
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), index=True)
    kind: Mapped[str]
    reason: Mapped[str]
    frozen_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    frozen_at: Mapped[datetime]
    lifted_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    lifted_at: Mapped[datetime | None]
    lift_reason: Mapped[str | None]
