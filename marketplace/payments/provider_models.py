"""What we keep of the provider's other objects: customers, chargebacks, recipients, transfers, payouts to our bank."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.core.db import Audited, Base, Currency, Key, Minor


class ProviderCustomer(Base, Audited):
    """A buyer as the provider knows her: bank transfers arrive for her, and what no order used is her credit."""

    __tablename__ = "provider_customer"
    audit_type = "provider_customer"

    id: Mapped[Key]
    buyer_id: Mapped[UUID] = mapped_column(ForeignKey("buyer.id"), unique=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    provider_ref: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]


class Chargeback(Base, Audited):
    """A payment that the buyer's bank takes back. `frozen_minor` is the part that was still held when it opened.

    One person proposes to give it up, with a reason; another accepts the loss. What the provider decided by itself has
    neither.
    """

    __tablename__ = "chargeback"
    __table_args__ = (
        CheckConstraint("state IN ('inquiry','open','won','lost')", name="state"),
        CheckConstraint("amount_minor > 0 AND frozen_minor BETWEEN 0 AND amount_minor", name="amount"),
        CheckConstraint("(closed_at IS NULL) = (state IN ('inquiry','open'))", name="closed"),
        CheckConstraint("loss_accepted_by <> loss_proposed_by", name="two_people"),
        CheckConstraint("loss_accepted_by IS NULL OR loss_proposed_by IS NOT NULL", name="loss_proposed"),
        CheckConstraint("(loss_proposed_by IS NULL) = (loss_reason IS NULL)", name="loss_reason"),
        Index("ix_chargeback_open", "opened_at", postgresql_where="closed_at IS NULL"),
    )
    audit_type = "chargeback"

    id: Mapped[Key]
    payment_id: Mapped[UUID] = mapped_column(ForeignKey("payment.id"), index=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), index=True)
    provider_ref: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str]
    reason: Mapped[str]
    amount_minor: Mapped[Minor]
    currency: Mapped[Currency]
    frozen_minor: Mapped[Minor] = mapped_column(default=0)
    evidence_due: Mapped[datetime | None]
    evidence: Mapped[str | None]
    evidence_sent_at: Mapped[datetime | None]
    loss_proposed_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    loss_reason: Mapped[str | None]
    loss_accepted_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class RecipientAccount(Base, Audited):
    """A cooperative's account at the provider. `wanted` is what the provider still asks of its owner."""

    __tablename__ = "recipient_account"
    __table_args__ = (
        CheckConstraint("state IN ('requested','onboarding','ready','restricted','failed')", name="state"),
        CheckConstraint("state IN ('requested','failed') OR provider_ref IS NOT NULL", name="known"),
    )
    audit_type = "recipient_account"

    id: Mapped[Key]
    cooperative_id: Mapped[UUID] = mapped_column(ForeignKey("cooperative.id"), unique=True)
    country: Mapped[str]
    state: Mapped[str]
    provider_ref: Mapped[str | None] = mapped_column(unique=True)
    wanted: Mapped[list[str]]
    link_url: Mapped[str | None]
    link_expires_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class ProviderTransfer(Base, Audited):
    """Money from our balance at the provider to a recipient, in the name of one payout of ours."""

    __tablename__ = "provider_transfer"
    __table_args__ = (
        CheckConstraint("state IN ('decided','sent','failed','reversed')", name="state"),
        CheckConstraint("amount_minor > 0 AND reversed_minor BETWEEN 0 AND amount_minor", name="amount"),
        CheckConstraint("state IN ('decided','failed') OR provider_ref IS NOT NULL", name="sent_is_known"),
        CheckConstraint("reversal_agreed_by <> reversal_proposed_by", name="reversal_two_people"),
        CheckConstraint("reversal_agreed_by IS NULL OR reversal_proposed_by IS NOT NULL", name="reversal_proposed"),
        CheckConstraint("(reversal_proposed_by IS NULL) = (reversal_reason IS NULL)", name="reversal_reason"),
    )
    audit_type = "provider_transfer"

    id: Mapped[Key]
    payout_id: Mapped[UUID] = mapped_column(ForeignKey("payout.id"), unique=True)
    recipient_id: Mapped[UUID] = mapped_column(ForeignKey("recipient_account.id"), index=True)
    reference: Mapped[str]
    state: Mapped[str]
    amount_minor: Mapped[Minor]
    reversed_minor: Mapped[Minor] = mapped_column(default=0)
    currency: Mapped[Currency]
    provider_ref: Mapped[str | None] = mapped_column(unique=True)
    balance_transaction_id: Mapped[str | None] = mapped_column(unique=True)
    reversal_proposed_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    reversal_reason: Mapped[str | None]
    reversal_agreed_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]


class BankPayout(Base, Audited):
    """Money from our balance at the provider to our own bank account."""

    __tablename__ = "bank_payout"
    __table_args__ = (
        CheckConstraint("state IN ('decided','pending','in_transit','paid','failed','canceled')", name="state"),
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint("state IN ('decided','failed') OR provider_ref IS NOT NULL", name="sent_is_known"),
    )
    audit_type = "bank_payout"

    id: Mapped[Key]
    reference: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str]
    amount_minor: Mapped[Minor]
    currency: Mapped[Currency]
    provider_ref: Mapped[str | None] = mapped_column(unique=True)
    arrival: Mapped[datetime | None]
    balance_transaction_id: Mapped[str | None] = mapped_column(unique=True)
    failure: Mapped[str | None]
    requested_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
