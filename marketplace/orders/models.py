"""Claims, orders, shipments and reported problems."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.core.db import AppendOnly, Audited, Base, Currency, Key, Milligrams, Minor


class LotClaim(Base, Audited):
    """The exclusive right of one buyer to a lot. The partial unique index is what stops a second sale."""

    __tablename__ = "lot_claim"
    __table_args__ = (
        CheckConstraint("kind IN ('hold','offer','checkout','order')", name="kind"),
        CheckConstraint("state IN ('active','settling','released','consumed')", name="state"),
        Index(
            "one_live_claim",
            "lot_id",
            unique=True,
            postgresql_where="state IN ('active','settling','consumed')",
        ),
    )
    audit_type = "lot_claim"

    id: Mapped[Key]
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"))
    kind: Mapped[str]
    buyer_id: Mapped[UUID] = mapped_column(ForeignKey("buyer.id"), index=True)
    order_id: Mapped[UUID | None] = mapped_column(ForeignKey("orders.id"), index=True)
    state: Mapped[str] = mapped_column(default="active")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    released_at: Mapped[datetime | None]
    release_reason: Mapped[str | None]


class Order(Base, Audited):
    """One purchase. Everything the parties agreed to is frozen here at creation.

    `deadline_at` is what people are told, `next_due_at` when the clock looks again (a notice comes before it).
    `stopping` says why the provider was asked to close the payment page; only its answer ends the order. While
    `frozen_since` is set nothing is paid and no deadline runs. `refund_minor` is the part of the price that goes back
    to the buyer by agreement or decision; `settled_split` and `settled_net_minor` then share out the rest. Gold priced
    by assay has a provisional price below what was paid.
    """

    __tablename__ = "orders"
    __table_args__ = (
        CheckConstraint("price_minor > 0 AND net_minor > 0 AND net_minor <= price_minor", name="money"),
        CheckConstraint("stopping IS NULL OR stopping IN ('cancelled','expired')", name="stopping"),
        CheckConstraint(
            "state NOT IN ('released','refunded','split_settled','cancelled','expired')"
            " OR (deadline_at IS NULL AND next_due_at IS NULL AND closed_at IS NOT NULL)",
            name="closed_has_no_deadline",
        ),
        Index("ix_orders_due", "next_due_at", postgresql_where="next_due_at IS NOT NULL"),
        CheckConstraint("state <> 'disputed' OR disputed_from IS NOT NULL", name="disputed_from_somewhere"),
        CheckConstraint("refund_minor BETWEEN 0 AND price_minor", name="refund_within_price"),
        CheckConstraint("provisional_minor BETWEEN 1 AND price_minor", name="provisional_within_price"),
        CheckConstraint("outcome IN ('release','refund','split','return')", name="outcome"),
        Index("ix_orders_frozen", "frozen_since", postgresql_where="frozen_since IS NOT NULL"),
        Index("ix_orders_buyer", "buyer_id", "created_at"),
        Index("ix_orders_cooperative", "cooperative_id", "created_at"),
        Index("ix_orders_state", "state", "created_at"),
    )
    audit_type = "order"

    id: Mapped[Key]
    reference: Mapped[str] = mapped_column(unique=True)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"), index=True)
    version_id: Mapped[UUID] = mapped_column(ForeignKey("lot_version.id"))
    version_sha256: Mapped[str]
    photo_hashes: Mapped[list[str]]
    buyer_id: Mapped[UUID] = mapped_column(ForeignKey("buyer.id"))
    buyer_user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    cooperative_id: Mapped[UUID] = mapped_column(ForeignKey("cooperative.id"))
    title: Mapped[str]
    state: Mapped[str]
    price_minor: Mapped[Minor]
    provisional_minor: Mapped[Minor | None]
    net_minor: Mapped[Minor]
    currency: Mapped[Currency]
    split: Mapped[list[dict[str, Any]]]
    rate_ids: Mapped[list[str]]
    inspection_days: Mapped[int]
    tolerance_version: Mapped[str]
    terms_version: Mapped[str]
    delivery: Mapped[dict[str, Any]]
    deadline_at: Mapped[datetime | None]
    next_due_at: Mapped[datetime | None]
    reminded_stage: Mapped[int] = mapped_column(default=0)
    reminded_at: Mapped[datetime | None]
    needs_second_person: Mapped[bool]
    stopping: Mapped[str | None]
    proposed_resolution: Mapped[str | None]
    proposed_refund_minor: Mapped[Minor | None]
    proposed_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    wants_verification: Mapped[bool] = mapped_column(default=False)
    extensions: Mapped[list[str]] = mapped_column(default=list)
    frozen_since: Mapped[datetime | None]
    disputed_from: Mapped[str | None]
    disputed_by: Mapped[str | None]
    settlement_by: Mapped[str | None]
    outcome: Mapped[str | None]
    is_appealable: Mapped[bool] = mapped_column(default=True)
    barred_reviewers: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), default=list)
    refund_minor: Mapped[Minor | None]
    settled_split: Mapped[list[dict[str, Any]] | None]
    settled_net_minor: Mapped[Minor | None]
    backstop_at: Mapped[datetime | None]
    state_since: Mapped[datetime]
    created_at: Mapped[datetime]
    funded_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class OrderStep(Base, AppendOnly):
    """One move of an order, for its timeline; the audit entry beside it is the evidence."""

    __tablename__ = "order_step"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), index=True)
    action: Mapped[str]
    from_state: Mapped[str]
    to_state: Mapped[str]
    party: Mapped[str]
    at: Mapped[datetime]
    facts: Mapped[dict[str, Any]]


class Shipment(Base, Audited):
    """One leg of the goods' road: out to the buyer or the verifier, onward from there to the buyer, or back."""

    __tablename__ = "shipment"
    __table_args__ = (
        UniqueConstraint("order_id", "leg"),
        UniqueConstraint("carrier", "tracking"),
        CheckConstraint("leg IN ('out','onward','back')", name="leg"),
    )
    audit_type = "shipment"

    id: Mapped[Key]
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"))
    leg: Mapped[str] = mapped_column(default="out")
    carrier: Mapped[str]
    tracking: Mapped[str]
    seal_number: Mapped[str]
    weight_mg: Mapped[Milligrams]
    insured_minor: Mapped[Minor]
    currency: Mapped[Currency]
    shipped_at: Mapped[datetime]
    delivered_at: Mapped[datetime | None]
    seal_intact: Mapped[bool | None]
    received_weight_mg: Mapped[Milligrams | None]


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
    """What an independent verifier found when the goods passed through."""

    __tablename__ = "verification_report"
    __table_args__ = (UniqueConstraint("order_id"),)
    audit_type = "verification_report"

    id: Mapped[Key]
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"))
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
