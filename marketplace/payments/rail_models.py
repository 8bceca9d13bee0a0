"""Tables of the rails: parts of payouts, batches, the bank's statements, and what nothing explains yet."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.core.db import AppendOnly, Audited, Base, Currency, Key, Minor
from marketplace.core.money import Money


class PayoutBatch(Base, Audited):
    """Approved transfers of one rail, currency and account of ours, frozen; sent by somebody else than the maker.

    The content holds account numbers and is sealed; `sha256` is the digest of what is inside.
    """

    __tablename__ = "payout_batch"
    __table_args__ = (
        CheckConstraint("state IN ('made','sent','cancelled')", name="state"),
        CheckConstraint("sent_by IS NULL OR sent_by <> made_by", name="two_people"),
        CheckConstraint("(state = 'sent') = (sent_by IS NOT NULL)", name="sent_by_somebody"),
        CheckConstraint("transfers > 0 AND total_minor > 0", name="content"),
        Index("ix_payout_batch_made", "made_at"),
    )
    audit_type = "payout_batch"

    id: Mapped[Key]
    reference: Mapped[str] = mapped_column(unique=True)
    rail: Mapped[str]
    account: Mapped[str]
    currency: Mapped[Currency]
    transfers: Mapped[int]
    total_minor: Mapped[Minor]
    content_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str]
    execute_on: Mapped[date]
    state: Mapped[str]
    made_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime]
    sent_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    sent_at: Mapped[datetime | None]


class PayoutPart(Base, Audited):
    """One transfer of a payout. The first tries of all parts sum to the payout; a failed one is followed by another."""

    __tablename__ = "payout_part"
    __table_args__ = (
        CheckConstraint("state IN ('waiting','sent','confirmed','failed','cancelled')", name="state"),
        CheckConstraint("amount_minor > 0 AND number > 0 AND attempt > 0", name="amount"),
        CheckConstraint("(attempt > 1) = (made_by IS NOT NULL AND failed_before_by IS NOT NULL)", name="retried"),
        CheckConstraint("made_by <> failed_before_by", name="two_people"),
        CheckConstraint("state IN ('waiting','cancelled') OR external_reference IS NOT NULL", name="sent_reference"),
        CheckConstraint("state <> 'confirmed' OR proof IS NOT NULL", name="confirmed_proof"),
        CheckConstraint(
            "state <> 'failed' OR (failure IS NOT NULL AND (failed_by IS NOT NULL OR rail = 'stripe'))",
            name="failed_reason",
        ),
        UniqueConstraint("payout_id", "number", "attempt"),
        UniqueConstraint("rail", "external_reference"),
        Index("uq_payout_part_live", "payout_id", "number", unique=True, postgresql_where="state NOT IN ('failed')"),
    )
    audit_type = "payout_part"

    id: Mapped[Key]
    payout_id: Mapped[UUID] = mapped_column(ForeignKey("payout.id"))
    number: Mapped[int]
    attempt: Mapped[int]
    day: Mapped[int]
    reference: Mapped[str] = mapped_column(unique=True)
    rail: Mapped[str]
    amount_minor: Mapped[Minor]
    currency: Mapped[Currency]
    state: Mapped[str]
    batch_id: Mapped[UUID | None] = mapped_column(ForeignKey("payout_batch.id"), index=True)
    made_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    failed_before_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    sent_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    sent_at: Mapped[datetime | None]
    external_reference: Mapped[str | None]
    confirmed_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    confirmed_at: Mapped[datetime | None]
    proof: Mapped[str | None]
    failed_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    failed_at: Mapped[datetime | None]
    failure: Mapped[str | None]


class PayoutReturn(Base, Audited):
    """A transfer that came back after it was confirmed: the cooperative is owed it, and another payout pays it again.

    `repeat_id` is the newest payout that pays it; while that one failed or was cancelled, the next can be prepared.
    """

    __tablename__ = "payout_return"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint("source IN ('bank','provider','person')", name="source"),
        CheckConstraint("(noted_by IS NULL) = (source = 'provider')", name="noted_by_somebody"),
        CheckConstraint("repeat_id <> payout_id", name="other_payout"),
        Index("ix_payout_return_payout", "payout_id"),
    )
    audit_type = "payout_return"

    id: Mapped[Key]
    payout_id: Mapped[UUID] = mapped_column(ForeignKey("payout.id"))
    part_id: Mapped[UUID] = mapped_column(ForeignKey("payout_part.id"), unique=True)
    amount_minor: Mapped[Minor]
    currency: Mapped[Currency]
    source: Mapped[str]
    reason: Mapped[str]
    noted_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    returned_at: Mapped[datetime]
    repeat_id: Mapped[UUID | None] = mapped_column(ForeignKey("payout.id"), unique=True)

    @property
    def amount(self) -> Money:
        """Return what came back."""
        return Money(self.amount_minor, self.currency)


class BankStatement(AppendOnly, Audited, Base):
    """A file of the bank as it was read; `account` is our account's name in the ledger."""

    __tablename__ = "bank_statement"
    __table_args__ = (
        CheckConstraint("kind IN ('camt053','camt054','csv')", name="kind"),
        CheckConstraint("(opening_minor IS NULL) = (closing_minor IS NULL)", name="both_balances"),
        UniqueConstraint("sha256", "place"),
        Index("ix_bank_statement_day", "account", "currency", "last_day"),
    )
    audit_type = "bank_statement"

    id: Mapped[Key]
    sha256: Mapped[str]
    place: Mapped[int]
    kind: Mapped[str]
    number: Mapped[str]
    account: Mapped[str]
    currency: Mapped[Currency]
    first_day: Mapped[date]
    last_day: Mapped[date]
    opening_minor: Mapped[Minor | None]
    closing_minor: Mapped[Minor | None]
    entries: Mapped[int]
    new_entries: Mapped[int]
    imported_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    imported_at: Mapped[datetime]


class BankEntry(AppendOnly, Base):
    """One movement of a statement: above zero arrived, below zero left. The bank's reference names it once for all."""

    __tablename__ = "bank_entry"
    __table_args__ = (
        CheckConstraint("amount_minor <> 0", name="amount"),
        UniqueConstraint("account", "currency", "reference"),
    )

    id: Mapped[Key]
    statement_id: Mapped[UUID] = mapped_column(ForeignKey("bank_statement.id"), index=True)
    account: Mapped[str]
    currency: Mapped[Currency]
    reference: Mapped[str]
    booked_on: Mapped[date]
    amount_minor: Mapped[Minor]
    end_to_end_id: Mapped[str]
    remittance: Mapped[str]
    counterparty: Mapped[str]


class BankMatch(AppendOnly, Audited, Base):
    """What an entry is about: one entry has one match, and one part is confirmed and returned by one entry each.

    `journal_ref` names the journal by which the provider's payout to our bank, or its return, was booked before.
    """

    __tablename__ = "bank_match"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('payout','payout_return','send_back','provider_payout','provider_return')", name="kind"
        ),
        CheckConstraint("(kind = 'send_back') = (receipt_id IS NOT NULL)", name="about_receipt"),
        CheckConstraint("(kind IN ('payout','payout_return')) = (part_id IS NOT NULL)", name="about_part"),
        CheckConstraint(
            "(kind IN ('provider_payout','provider_return')) = (journal_ref IS NOT NULL)", name="about_journal"
        ),
        UniqueConstraint("part_id", "kind"),
    )
    audit_type = "bank_match"

    entry_id: Mapped[UUID] = mapped_column(ForeignKey("bank_entry.id"), primary_key=True)
    kind: Mapped[str]
    part_id: Mapped[UUID | None] = mapped_column(ForeignKey("payout_part.id"))
    receipt_id: Mapped[UUID | None] = mapped_column(ForeignKey("unmatched_receipt.id"), unique=True)
    journal_ref: Mapped[str | None] = mapped_column(unique=True)
    matched_at: Mapped[datetime]


class UnmatchedReceipt(Base, Audited):
    """An entry that nothing explains: finance works it off, above the threshold as two people.

    `why` says what kept it from being matched; order and part are what its text names, if anything.
    """

    __tablename__ = "unmatched_receipt"
    __table_args__ = (
        CheckConstraint("state IN ('open','proposed','done')", name="state"),
        CheckConstraint(
            "action IN ('send_back','credit','owe_again','bank_charge','bank_correction','explained')", name="action"
        ),
        CheckConstraint("(state = 'open') = (action IS NULL)", name="open_without_action"),
        CheckConstraint(
            "state = 'open' OR (proposed_by IS NOT NULL AND length(reason) > 0)", name="proposed_with_reason"
        ),
        CheckConstraint("(state = 'done') = (decided_by IS NOT NULL)", name="done_by_somebody"),
        CheckConstraint(
            "NOT needs_second OR decided_by IS NULL OR decided_by <> proposed_by OR action = 'explained'",
            name="two_people",
        ),
        Index("ix_unmatched_receipt_state", "state", "id"),
    )
    audit_type = "unmatched_receipt"

    id: Mapped[Key]
    reference: Mapped[str] = mapped_column(unique=True)
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("bank_entry.id"), unique=True)
    state: Mapped[str]
    needs_second: Mapped[bool]
    why: Mapped[str]
    order_id: Mapped[UUID | None] = mapped_column(ForeignKey("orders.id"))
    # A foreign key would lock the part before its payout, the other way round than everybody else.
    part_id: Mapped[UUID | None]
    action: Mapped[str | None]
    buyer_id: Mapped[UUID | None] = mapped_column(ForeignKey("buyer.id"))
    cooperative_id: Mapped[UUID | None] = mapped_column(ForeignKey("cooperative.id"))
    reason: Mapped[str | None]
    opened_at: Mapped[datetime]
    proposed_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    proposed_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None]


class CashReceipt(AppendOnly, Audited, Base):
    """The signed paper of a cash payout: who took the money, two witnesses, and the photo or PDF of the paper."""

    __tablename__ = "cash_receipt"
    __table_args__ = (
        CheckConstraint("witness_one <> witness_two AND receiver NOT IN (witness_one, witness_two)", name="witnesses"),
        CheckConstraint("kind IN ('webp','pdf')", name="kind"),
    )
    audit_type = "cash_receipt"

    part_id: Mapped[UUID] = mapped_column(ForeignKey("payout_part.id"), primary_key=True)
    receiver: Mapped[str]
    witness_one: Mapped[str]
    witness_two: Mapped[str]
    kind: Mapped[str]
    sha256: Mapped[str] = mapped_column(unique=True)
    uploaded_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    uploaded_at: Mapped[datetime]
