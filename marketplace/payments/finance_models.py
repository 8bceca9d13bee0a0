"""What finance wrote about money that waits, how payouts were exchanged, and the daily comparison of all books."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.core.db import AppendOnly, Audited, Base, Currency, Key, Minor


class FinanceNote(Base, Audited, AppendOnly):
    """A person of finance tried a command, news or a line of the provider's books again, or closed it with a reason."""

    __tablename__ = "finance_note"
    __table_args__ = (
        CheckConstraint("about IN ('command','news','entry')", name="about"),
        CheckConstraint("action IN ('retry','resolve')", name="action"),
        Index("ix_finance_note_subject", "about", "subject"),
    )
    audit_type = "finance_note"

    id: Mapped[Key]
    about: Mapped[str]
    subject: Mapped[str]
    action: Mapped[str]
    reason: Mapped[str]
    written_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    written_at: Mapped[datetime]


class ProviderSettlement(Base, Audited, AppendOnly):
    """A payment that the provider exchanged by itself: what it counted to our balance, in the balance's currency.

    `worth` is what the payment was worth in that currency by the dated rates of `rate_ids`, or by the provider's own
    rate where no dated one was young enough; `gross` less `worth` was gain or loss when it was booked.
    """

    __tablename__ = "provider_settlement"
    __table_args__ = (
        CheckConstraint("paid_currency <> currency", name="two_currencies"),
        CheckConstraint(
            "paid_minor > 0 AND gross_minor > 0 AND worth_minor > 0 AND fee_minor >= 0",
            name="amounts",
        ),
        CheckConstraint("cardinality(rate_ids) > 0", name="rates"),
    )
    audit_type = "provider_settlement"

    payment_id: Mapped[UUID] = mapped_column(ForeignKey("payment.id"), primary_key=True)
    paid_minor: Mapped[Minor]
    paid_currency: Mapped[Currency]
    gross_minor: Mapped[Minor]
    fee_minor: Mapped[Minor]
    currency: Mapped[Currency]
    worth_minor: Mapped[Minor]
    provider_rate: Mapped[Decimal | None]
    rate_ids: Mapped[list[str]]
    booked_at: Mapped[datetime]


class PayoutExchange(Base, Audited):
    """A payout in another currency than the payable: what the cooperative gets, and what the bank took for it.

    `given` is the payable at the reference rate; `cost` is what left our account, in the payable's currency.
    """

    __tablename__ = "payout_exchange"
    __table_args__ = (
        CheckConstraint("given_minor > 0 AND cost_minor > 0", name="amounts"),
        CheckConstraint("cardinality(rate_ids) > 0", name="rates"),
    )
    audit_type = "payout_exchange"

    payout_id: Mapped[UUID] = mapped_column(ForeignKey("payout.id"), primary_key=True)
    given_minor: Mapped[Minor]
    given_currency: Mapped[Currency]
    worth_minor: Mapped[Minor]
    cost_minor: Mapped[Minor]
    bank_rate: Mapped[Decimal]
    proof: Mapped[str]
    rate_ids: Mapped[list[str]]
    observed_on: Mapped[date]
    entered_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    entered_at: Mapped[datetime]


class DailyReport(Base, Audited, AppendOnly):
    """One day and currency: our ledger beside the provider's books and the bank's statements, written once a run.

    `bank_minor` is None while no statement of the day is there. `left_out` counts differences beyond those listed.
    """

    __tablename__ = "daily_report"
    __table_args__ = (
        UniqueConstraint("day", "currency", "run"),
        CheckConstraint("run > 0 AND left_out >= 0", name="counts"),
    )
    audit_type = "daily_report"

    id: Mapped[Key]
    day: Mapped[date]
    currency: Mapped[Currency]
    run: Mapped[int]
    clearing_minor: Mapped[Minor]
    provider_minor: Mapped[Minor]
    bank_ledger_minor: Mapped[Minor]
    on_the_way_minor: Mapped[Minor] = mapped_column(default=0)
    bank_minor: Mapped[Minor | None]
    is_even: Mapped[bool]
    differences: Mapped[list[dict[str, Any]]]
    left_out: Mapped[int]
    books_read_at: Mapped[datetime | None]
    written_at: Mapped[datetime]
