"""Payments at the provider, commands to it, news from it, and payouts to cooperatives."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.core.db import AppendOnly, Audited, Base, Currency, Key, Minor


class Payment(Base, Audited):
    """The payment of one order at the provider; a declined card stays inside one checkout session.

    One by bank transfer names its buyer, `started_at` when she promised it, and what of it is still missing.
    """

    __tablename__ = "payment"
    __table_args__ = (
        CheckConstraint("state IN ('creating','open','paid','expired','failed')", name="state"),
        CheckConstraint("method IN ('card','bank_transfer')", name="method"),
        CheckConstraint("(method = 'bank_transfer') = (buyer_id IS NOT NULL)", name="transfer_has_buyer"),
        UniqueConstraint("order_id"),
    )
    audit_type = "payment"

    id: Mapped[Key]
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"))
    order_reference: Mapped[str] = mapped_column(unique=True)
    provider: Mapped[str]
    state: Mapped[str]
    amount_minor: Mapped[Minor]
    currency: Mapped[Currency]
    session_id: Mapped[str | None] = mapped_column(unique=True)
    session_url: Mapped[str | None]
    payment_intent_id: Mapped[str | None] = mapped_column(unique=True)
    charge_id: Mapped[str | None]
    balance_transaction_id: Mapped[str | None] = mapped_column(unique=True)
    fee_minor: Mapped[Minor | None]
    method: Mapped[str] = mapped_column(default="card")
    buyer_id: Mapped[UUID | None] = mapped_column(ForeignKey("buyer.id"))
    missing_minor: Mapped[Minor | None]
    started_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    paid_at: Mapped[datetime | None]


class Refund(Base, Audited):
    """Money going back to the buyer. A refund tried again keeps the provider's earlier ids, so old news stays old.

    Where the provider exchanges by itself, it took `booked` of its currency for it, and gave `returned` back when it
    failed.
    """

    __tablename__ = "refund"
    __table_args__ = (
        CheckConstraint("state IN ('decided','sent','done','failed')", name="state"),
        CheckConstraint("amount_minor > 0", name="amount"),
        UniqueConstraint("order_id", "kind"),
    )
    audit_type = "refund"

    id: Mapped[Key]
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"))
    payment_id: Mapped[UUID] = mapped_column(ForeignKey("payment.id"))
    kind: Mapped[str]
    state: Mapped[str]
    amount_minor: Mapped[Minor]
    currency: Mapped[Currency]
    provider_ref: Mapped[str | None] = mapped_column(unique=True)
    former_refs: Mapped[list[str]]
    tries: Mapped[int] = mapped_column(default=1)
    balance_transaction_id: Mapped[str | None] = mapped_column(unique=True)
    booked_minor: Mapped[Minor | None]
    returned_minor: Mapped[Minor | None]
    booked_currency: Mapped[Currency | None]
    reason: Mapped[str]
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]


class ProviderCommand(Base, Audited):
    """Outbox: a call to the provider, written with the decision, sent by the worker under its stored key.

    Its times are the machine's, not business time: they say when another machine was called.
    """

    __tablename__ = "provider_command"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('checkout','expiry','refund','evidence','dispute_close','recipient','onboarding','transfer',"
            "'reversal','bank_payout')",
            name="kind",
        ),
        CheckConstraint("state IN ('waiting','leased','done','failed')", name="state"),
        Index("ix_provider_command_waiting", "created_at", postgresql_where="state IN ('waiting','leased')"),
    )
    audit_type = "provider_command"

    id: Mapped[Key]
    kind: Mapped[str]
    subject_id: Mapped[UUID] = mapped_column(index=True)
    key: Mapped[str] = mapped_column(unique=True)
    request: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]
    retry_at: Mapped[datetime | None]
    first_sent_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    last_error: Mapped[str | None]


class ProviderNews(Base):
    """Inbox: a signed webhook event, stored once by its id, applied by a job that re-fetches the object."""

    __tablename__ = "provider_news"
    __table_args__ = (
        CheckConstraint("state IN ('received','applied','ignored','quarantined')", name="state"),
        Index("ix_provider_news_waiting", "received_at", postgresql_where="state = 'received'"),
    )

    event_id: Mapped[str] = mapped_column(primary_key=True)
    type: Mapped[str]
    object_type: Mapped[str]
    object_id: Mapped[str] = mapped_column(index=True)
    payload: Mapped[dict[str, Any]]
    received_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="received")
    applied_at: Mapped[datetime | None]
    reason: Mapped[str | None]


class ProviderCursor(Base):
    """How far the sweep has read one of the provider's lists. Webhooks never move it: one of them may be missing."""

    __tablename__ = "provider_cursor"

    name: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[str | None]
    read_at: Mapped[datetime]


class ProviderEntry(Base, AppendOnly):
    """One line of the provider's own books, copied as it stands: `net` is signed as our balance there moves."""

    __tablename__ = "provider_entry"

    id: Mapped[str] = mapped_column(primary_key=True)
    type: Mapped[str]
    source_id: Mapped[str | None]
    amount_minor: Mapped[Minor]
    fee_minor: Mapped[Minor]
    net_minor: Mapped[Minor]
    currency: Mapped[Currency]
    created_at: Mapped[datetime]


class PaymentProblem(Base, Audited):
    """Something about money that the program must not decide: a person looks, writes what she did, and closes it."""

    __tablename__ = "payment_problem"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('unknown_order','other_order','other_amount','unknown_refund','not_found','refused','late',"
            "'chargeback','credit','returned')",
            name="kind",
        ),
        CheckConstraint("(resolved_at IS NULL) = (note IS NULL)", name="resolved_with_note"),
        Index("uq_payment_problem_open", "kind", "subject", unique=True, postgresql_where="resolved_at IS NULL"),
    )
    audit_type = "payment_problem"

    id: Mapped[Key]
    kind: Mapped[str]
    subject: Mapped[str]
    order_id: Mapped[UUID | None] = mapped_column(ForeignKey("orders.id"), index=True)
    detail: Mapped[str]
    opened_at: Mapped[datetime]
    resolved_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    resolved_at: Mapped[datetime | None]
    note: Mapped[str | None]


class PayoutDestination(Base, Audited):
    """Where a cooperative is paid. Details are sealed; a change waits out a cooling-off time and a second person.

    `fingerprint` is a keyed digest of the account: equal for equal accounts, and telling nothing else.
    """

    __tablename__ = "payout_destination"
    __table_args__ = (
        CheckConstraint("rail IN ('bank','mobile_money','cash','stripe')", name="rail"),
        CheckConstraint("verified_by IS NULL OR verified_by <> created_by", name="four_eyes"),
        CheckConstraint("(verified_by IS NULL) = (verified_at IS NULL)", name="verified_by_somebody"),
        Index("uq_payout_destination_live", "cooperative_id", unique=True, postgresql_where="retired_at IS NULL"),
    )
    audit_type = "payout_destination"

    id: Mapped[Key]
    cooperative_id: Mapped[UUID] = mapped_column(ForeignKey("cooperative.id"), index=True)
    rail: Mapped[str]
    holder: Mapped[str]
    institution: Mapped[str]
    details_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    fingerprint: Mapped[str | None] = mapped_column(index=True)
    masked: Mapped[str]
    currency: Mapped[Currency]
    created_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime]
    usable_from: Mapped[datetime]
    verified_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    verified_at: Mapped[datetime | None]
    retired_at: Mapped[datetime | None]


class Payout(Base, Audited):
    """Money on its way to a cooperative: prepared by one person, approved by another, confirmed with a reference.

    A repeat pays what came back after another payout of the order had been confirmed. The provider confirms by itself
    what it transfers.
    """

    __tablename__ = "payout"
    __table_args__ = (
        CheckConstraint("state IN ('prepared','approved','sent','confirmed','failed','cancelled')", name="state"),
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint("approved_by IS NULL OR approved_by <> prepared_by", name="two_people"),
        CheckConstraint(
            "prepared_by <> destination_entered_by AND (approved_by IS NULL OR approved_by <> destination_entered_by)",
            name="not_who_entered_the_destination",
        ),
        CheckConstraint("state IN ('prepared','cancelled') OR approved_by IS NOT NULL", name="approved_before_sent"),
        CheckConstraint(
            "state NOT IN ('sent','confirmed','failed') OR (sent_by IS NOT NULL AND external_reference IS NOT NULL)",
            name="sent_has_reference",
        ),
        CheckConstraint(
            "state <> 'confirmed' OR (proof IS NOT NULL AND (confirmed_by IS NOT NULL OR rail = 'stripe'))",
            name="confirmed_has_proof",
        ),
        UniqueConstraint("rail", "external_reference"),
        Index(
            "uq_payout_order_live",
            "order_id",
            unique=True,
            postgresql_where="state NOT IN ('failed','cancelled') AND NOT is_repeat",
        ),
        Index("ix_payout_state", "state", "prepared_at"),
    )
    audit_type = "payout"

    id: Mapped[Key]
    reference: Mapped[str] = mapped_column(unique=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"))
    cooperative_id: Mapped[UUID] = mapped_column(ForeignKey("cooperative.id"), index=True)
    destination_id: Mapped[UUID] = mapped_column(ForeignKey("payout_destination.id"))
    destination_entered_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    rail: Mapped[str]
    institution: Mapped[str]
    amount_minor: Mapped[Minor]
    currency: Mapped[Currency]
    is_repeat: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str]
    prepared_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    prepared_at: Mapped[datetime]
    approved_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    approved_at: Mapped[datetime | None]
    sent_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    sent_at: Mapped[datetime | None]
    confirmed_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    confirmed_at: Mapped[datetime | None]
    external_reference: Mapped[str | None]
    proof: Mapped[str | None]
    failure: Mapped[str | None]
