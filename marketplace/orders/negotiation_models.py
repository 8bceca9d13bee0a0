"""Negotiations, their offers, and the private floors of cooperatives."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.core.db import Audited, Base, Currency, Key, Milligrams, Minor


class Negotiation(Base, Audited):
    """The offers between one buyer and a cooperative about one version of a lot."""

    __tablename__ = "negotiation"
    __table_args__ = (
        UniqueConstraint("version_id", "buyer_id"),
        Index("ix_negotiation_buyer", "buyer_id", "updated_at"),
        Index("ix_negotiation_cooperative", "cooperative_id", "updated_at"),
        Index("ix_negotiation_newest", "updated_at", "id"),
    )
    audit_type = "negotiation"

    id: Mapped[Key]
    reference: Mapped[str] = mapped_column(unique=True)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"), index=True)
    version_id: Mapped[UUID] = mapped_column(ForeignKey("lot_version.id"))
    buyer_id: Mapped[UUID] = mapped_column(ForeignKey("buyer.id"))
    buyer_user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    cooperative_id: Mapped[UUID] = mapped_column(ForeignKey("cooperative.id"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class Offer(Base, Audited):
    """One amount that one side named, in whole minor units of the lot's currency.

    While another buyer has the lot, `waiting_since` is set and the time stands still. `decline_at` is when an offer
    below the cooperative's floor is declined in its name; nobody but the clock reads it. `claim_id` is the claim that
    accepting took.
    """

    __tablename__ = "offer"
    __table_args__ = (
        UniqueConstraint("negotiation_id", "round"),
        CheckConstraint("state IN ('open','accepted','declined','countered','withdrawn','expired')", name="state"),
        CheckConstraint("made_by IN ('buyer','cooperative')", name="made_by"),
        CheckConstraint("round BETWEEN 1 AND 5", name="round"),
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint("quantity_mg IS NULL OR quantity_mg > 0", name="quantity"),
        CheckConstraint("(state = 'open') = (ended_at IS NULL)", name="ended"),
        CheckConstraint("(state = 'accepted') = (claim_id IS NOT NULL)", name="accepted_has_claim"),
        Index("uq_offer_open", "negotiation_id", unique=True, postgresql_where="state = 'open'"),
        Index("ix_offer_open_lot", "lot_id", postgresql_where="state = 'open'"),
        Index("ix_offer_due", "expires_at", postgresql_where="state = 'open'"),
        Index("ix_offer_claim", "claim_id", postgresql_where="claim_id IS NOT NULL"),
    )
    audit_type = "offer"

    id: Mapped[Key]
    negotiation_id: Mapped[UUID] = mapped_column(ForeignKey("negotiation.id"))
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"))
    round: Mapped[int]
    made_by: Mapped[str]
    maker_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    amount_minor: Mapped[Minor]
    currency: Mapped[Currency]
    quantity_mg: Mapped[Milligrams | None]
    state: Mapped[str] = mapped_column(default="open")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    waiting_since: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    decline_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    claim_id: Mapped[UUID | None] = mapped_column(ForeignKey("lot_claim.id"))


class OfferFloor(Base, Audited):
    """The least a cooperative takes for a whole lot; below it offers are declined, and no buyer learns why."""

    __tablename__ = "offer_floor"
    __table_args__ = (CheckConstraint("amount_minor > 0", name="amount"),)
    audit_type = "offer_floor"

    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"), primary_key=True)
    amount_minor: Mapped[Minor]
    currency: Mapped[Currency]
    entered_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    entered_at: Mapped[datetime]
