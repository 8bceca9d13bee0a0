"""Double-entry ledger. The guarantees are in the database: see the triggers in the migrations."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.core.db import AppendOnly, Audited, Base, Currency, Minor


class LedgerAccount(Base, AppendOnly):
    """An account of one currency. `rule` bounds the balance of a tracked account."""

    __tablename__ = "ledger_account"
    __table_args__ = (
        UniqueConstraint("id", "currency"),
        CheckConstraint("rule IN ('any','credit_min0','debit_min0')", name="rule"),
        CheckConstraint("kind IN ('asset','liability','income','expense')", name="kind"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    currency: Mapped[Currency]
    kind: Mapped[str]
    rule: Mapped[str]
    tracked: Mapped[bool]


class LedgerPosting(Base, AppendOnly):
    """One line: the same amount on both sides, in the one currency of both accounts, by construction."""

    __tablename__ = "ledger_posting"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("debit_account <> credit_account", name="two_accounts"),
        ForeignKeyConstraint(["debit_account", "currency"], ["ledger_account.id", "ledger_account.currency"]),
        ForeignKeyConstraint(["credit_account", "currency"], ["ledger_account.id", "ledger_account.currency"]),
        Index("ix_ledger_posting_debit", "debit_account"),
        Index("ix_ledger_posting_credit", "credit_account"),
    )

    journal_id: Mapped[UUID] = mapped_column(
        ForeignKey("ledger_journal.id", deferrable=True, initially="DEFERRED"), primary_key=True
    )
    line: Mapped[int] = mapped_column(primary_key=True)
    debit_account: Mapped[int] = mapped_column(BigInteger)
    credit_account: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[Currency]
    amount: Mapped[Minor]


class LedgerJournal(Base, Audited, AppendOnly):
    """One event of money, inserted after its postings; its trigger counts the lines and seals it.

    `rate_ids` are the reference rates an exchange was made or valued by.
    """

    __tablename__ = "ledger_journal"
    __table_args__ = (
        UniqueConstraint("external_ref", "kind"),
        CheckConstraint("lines > 0", name="lines"),
        Index("ix_ledger_journal_order", "order_id"),
        Index("ix_ledger_journal_created", "created_at", "id"),
    )
    audit_type = "ledger_journal"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    idempotency_key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    lines: Mapped[int]
    order_id: Mapped[UUID | None] = mapped_column(ForeignKey("orders.id"))
    external_ref: Mapped[str | None]
    event_at: Mapped[datetime]
    created_at: Mapped[datetime]
    actor: Mapped[str]
    reverses: Mapped[UUID | None] = mapped_column(ForeignKey("ledger_journal.id"), unique=True)
    memo: Mapped[str]
    rate_ids: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))


class LedgerBalance(Base):
    """The live balance of a tracked account, kept by a trigger; `balance` is debits minus credits."""

    __tablename__ = "ledger_balance"
    __table_args__ = (
        CheckConstraint(
            "rule = 'any' OR (rule = 'credit_min0' AND balance <= 0) OR (rule = 'debit_min0' AND balance >= 0)",
            name="no_overdraft",
        ),
    )

    account_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("ledger_account.id"), primary_key=True)
    rule: Mapped[str]
    balance: Mapped[Minor]


class LedgerSnapshot(Base, AppendOnly):
    """What an untracked account had taken in and given out by the end of a day: sums begin here, not at the start."""

    __tablename__ = "ledger_snapshot"
    __table_args__ = (CheckConstraint("debit >= 0 AND credit >= 0", name="sums"),)

    account_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("ledger_account.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    debit: Mapped[Minor]
    credit: Mapped[Minor]
    taken_at: Mapped[datetime]
