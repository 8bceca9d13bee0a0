"""Claims, orders, shipments and reported problems."""

from datetime import datetime
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
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.core.db import AppendOnly, Audited, Base, Currency, Key, Milligrams, Minor


class LotClaim(Base, Audited):
    """The exclusive right of one buyer to a lot, or to a part of one that is sold in parts.

    The partial unique index is what stops a second sale of a whole lot. A part has `quantity_mg`, and the `list_minor`
    that it took of the lot's price; there the checks of the lot's stock stop a sale of more than there is.
    """

    __tablename__ = "lot_claim"
    __table_args__ = (
        CheckConstraint("kind IN ('hold','offer','checkout','order')", name="kind"),
        CheckConstraint("state IN ('active','settling','released','consumed')", name="state"),
        Index(
            "one_live_claim",
            "lot_id",
            unique=True,
            postgresql_where="state IN ('active','settling','consumed') AND quantity_mg IS NULL",
        ),
        Index("ix_lot_claim_due", "expires_at", postgresql_where="state = 'active'"),
        CheckConstraint("quantity_mg IS NULL OR (quantity_mg > 0 AND list_minor > 0)", name="part"),
    )
    audit_type = "lot_claim"

    id: Mapped[Key]
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"))
    quantity_mg: Mapped[Milligrams | None]
    list_minor: Mapped[Minor | None]
    kind: Mapped[str]
    buyer_id: Mapped[UUID] = mapped_column(ForeignKey("buyer.id"), index=True)
    order_id: Mapped[UUID | None] = mapped_column(ForeignKey("orders.id"), index=True)
    state: Mapped[str] = mapped_column(default="active")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    reminded_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]
    release_reason: Mapped[str | None]


class Order(Base, Audited):
    """One purchase. Everything the parties agreed to is frozen here at creation.

    `deadline_at` is what people are told, `next_due_at` when the clock looks again (a notice comes before it).
    `stopping` says why the provider was asked to close the payment page; only its answer ends the order. While
    `frozen_since` is set nothing is paid and no deadline runs. `stopped_times` are the beginnings and ends of what did
    not count in the present state: force majeure, and freezes that ended. `refund_minor` is the part of the price that
    goes back to the buyer by agreement or decision; `settled_split` and `settled_net_minor` then share out the rest.
    Gold priced by assay has a provisional price below what was paid.
    `quantity_mg` is the part bought of a lot sold in parts; None means the whole lot. `gross_minor` is the price of the
    goods alone, without platform fee and premium; orders of before it was kept have it in their lot version.
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
    gross_minor: Mapped[Minor | None]
    quantity_mg: Mapped[Milligrams | None]
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
    stopped_times: Mapped[list[list[str]]] = mapped_column(JSONB, default=list)
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
