"""What is told for the monitoring report: payments to miners, trainings, receipts of taxes, counts of officers.

Nothing is changed afterwards: what was wrong is withdrawn and entered again. No table holds the name of a miner.
"""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from marketplace.core.db import AppendOnly, Audited, Base, Currency, Key, Minor

AGE_BANDS = ("18-24", "25-34", "35-49", "50+", "unknown")
SEXES = ("f", "m", "u")
MINERALS = ("gold", "gem")


class Entered:
    """Who entered a record, and who withdrew it because it was wrong."""

    @declared_attr
    def cooperative_id(cls) -> Mapped[UUID]:  # noqa: N805 - SQLAlchemy gives the class
        """Return the column of the cooperative the record is about."""
        return mapped_column(ForeignKey("cooperative.id"))

    @declared_attr
    def entered_by(cls) -> Mapped[UUID]:  # noqa: N805
        """Return the column of who entered it."""
        return mapped_column(ForeignKey("user_account.id"))

    @declared_attr
    def withdrawn_by(cls) -> Mapped[UUID | None]:  # noqa: N805
        """Return the column of who withdrew it."""
        return mapped_column(ForeignKey("user_account.id"))

    entered_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class MinerSheet(Entered, Base, Audited):
    """What a cooperative paid its miners on one day, as its payment sheet says.

    `units_per_usd` is the rate of that day, frozen, so that a report never changes when rates do. `sha256` is of the
    lines as they were read: one sheet is not handed in twice.
    """

    __tablename__ = "miner_sheet"
    __table_args__ = (
        CheckConstraint(f"mineral IN {MINERALS}", name="mineral"),
        CheckConstraint("units_per_usd > 0", name="rate"),
        CheckConstraint("payments > 0 AND total_minor > 0", name="payments"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name="withdrawn_by_somebody"),
        Index("uq_miner_sheet_once", "cooperative_id", "sha256", unique=True, postgresql_where="withdrawn_at IS NULL"),
        Index("ix_miner_sheet_paid_on", "paid_on"),
        Index("ix_miner_sheet_cooperative", "cooperative_id", "entered_at"),
    )
    audit_type = "miner_sheet"

    id: Mapped[Key]
    reference: Mapped[str] = mapped_column(unique=True)
    paid_on: Mapped[date] = mapped_column(Date)
    mineral: Mapped[str]
    currency: Mapped[Currency]
    units_per_usd: Mapped[Decimal]
    rate_id: Mapped[str | None]
    payments: Mapped[int]
    total_minor: Mapped[Minor]
    sha256: Mapped[str]


class MinerPayment(Base, AppendOnly):
    """One line of a sheet. `miner` is a keyed digest of the number that the cooperative gave the person."""

    __tablename__ = "miner_payment"
    __table_args__ = (
        CheckConstraint(f"sex IN {SEXES}", name="sex"),
        CheckConstraint(f"age_band IN {AGE_BANDS}", name="age_band"),
        CheckConstraint("amount_minor > 0", name="amount"),
    )

    sheet_id: Mapped[UUID] = mapped_column(ForeignKey("miner_sheet.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    miner: Mapped[str]
    sex: Mapped[str]
    age_band: Mapped[str]
    amount_minor: Mapped[Minor]


class TrainingSession(Entered, Base, Audited):
    """A training of miners about one topic: how many women and men came. Names are not kept."""

    __tablename__ = "training_session"
    __table_args__ = (
        CheckConstraint("women >= 0 AND men >= 0 AND women + men > 0", name="people"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name="withdrawn_by_somebody"),
        Index("ix_training_session_held_on", "held_on"),
    )
    audit_type = "training_session"

    id: Mapped[Key]
    topic: Mapped[str]
    held_on: Mapped[date] = mapped_column(Date)
    women: Mapped[int]
    men: Mapped[int]


class TaxReceipt(Entered, Base, Audited):
    """A tax or royalty that was paid, with the number of its receipt; the rate is that of the day it was paid."""

    __tablename__ = "tax_receipt"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint("units_per_usd > 0", name="rate"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name="withdrawn_by_somebody"),
        Index("uq_tax_receipt_once", "authority", "number", unique=True, postgresql_where="withdrawn_at IS NULL"),
        Index("ix_tax_receipt_paid_on", "paid_on"),
    )
    audit_type = "tax_receipt"

    id: Mapped[Key]
    authority: Mapped[str]
    number: Mapped[str]
    paid_on: Mapped[date] = mapped_column(Date)
    amount_minor: Mapped[Minor]
    currency: Mapped[Currency]
    units_per_usd: Mapped[Decimal]
    rate_id: Mapped[str | None]


class OfficerCount(Entered, Base, Audited):
    """How many officers a cooperative had on a day, how many of them were women, and how that is known."""

    __tablename__ = "officer_count"
    __table_args__ = (
        CheckConstraint("women BETWEEN 0 AND officers AND officers > 0", name="women_among_officers"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name="withdrawn_by_somebody"),
        Index("ix_officer_count_counted_on", "counted_on"),
    )
    audit_type = "officer_count"

    id: Mapped[Key]
    counted_on: Mapped[date] = mapped_column(Date)
    officers: Mapped[int]
    women: Mapped[int]
    basis: Mapped[str]
