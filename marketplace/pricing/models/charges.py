"""Tables of the charges of countries and of what standards promise."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

from sqlalchemy import CheckConstraint, Index, Numeric
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.core.db import Audited, Base, Key, Milligrams

# A share is written to at most six decimals.
Share: Final = Numeric(9, 6)


class RuleStatus(StrEnum):
    """Whether a country's charge is counted."""

    APPLIED = "applied"
    NOT_APPLIED = "not_applied"
    UNKNOWN = "unknown"


class ChargeBasis(StrEnum):
    """Of what a country's charge is a share."""

    SALE = "sale"  # what the goods bring: the seller gross
    REFERENCE = "reference"  # the reference value of the fine content, whatever the sale brings
    HIGHEST_VALUATION = "highest_valuation"  # the highest of the sale and the valuations made of the goods
    FIRST_MASS = "first_mass"  # the sale, for the part within the first `limit_mg` exported in a calendar month


class Approval(StrEnum):
    """Where a row that one person proposes and another approves stands."""

    IN_FORCE = "in_force"
    PROPOSED = "proposed"
    DECLINED = "declined"


class DeductionRule(Audited, Base):
    """A charge of a country on a kind of goods, with why it is counted or not.

    `approval`: only rows in force are counted; a proposed one waits for somebody else than `entered_by`.
    `verified_by`, `verified_at`, `verification`: who compared the row with the law, when, and with what.
    """

    __tablename__ = "deduction_rule"
    __table_args__ = (
        Index(
            "uq_deduction_rule_in_force",
            "country",
            "kind",
            "form",
            "code",
            "valid_from",
            unique=True,
            postgresql_where="approval = 'in_force'",
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint("rate >= 0 AND rate < 1", name="rate"),
        CheckConstraint("base_share > 0 AND base_share <= 1", name="base_share"),
        CheckConstraint("status <> 'applied' OR rate IS NOT NULL", name="applied_has_rate"),
        CheckConstraint("status = 'applied' OR reason <> ''", name="reason"),
        CheckConstraint("valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from", name="validity"),
        CheckConstraint("basis IN ('sale','reference','highest_valuation','first_mass')", name="basis"),
        CheckConstraint("(basis = 'first_mass') = (limit_mg IS NOT NULL) AND limit_mg > 0", name="limit"),
        CheckConstraint("approval IN ('in_force','proposed','declined')", name="approval"),
        CheckConstraint("approved_by <> entered_by", name="two_people"),
        # What is shipped was entered by nobody; what somebody proposed counts only with a second name.
        CheckConstraint(
            "approval <> 'in_force' OR entered_by IS NULL OR approved_by IS NOT NULL", name="in_force_has_approver"
        ),
        CheckConstraint("(verified_by IS NULL) = (verified_at IS NULL)", name="verified_at"),
    )
    audit_type = "deduction_rule"

    id: Mapped[Key]
    country: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]
    form: Mapped[str]
    code: Mapped[str]
    label: Mapped[str]
    rate: Mapped[Decimal | None] = mapped_column(Share)
    base: Mapped[str]
    base_share: Mapped[Decimal] = mapped_column(Share)
    basis: Mapped[str] = mapped_column(default=ChargeBasis.SALE.value)
    limit_mg: Mapped[Milligrams | None]
    payee: Mapped[str]
    status: Mapped[str]
    reason: Mapped[str]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    evidence: Mapped[str]
    source: Mapped[str]
    verified_by: Mapped[str | None]
    verified_at: Mapped[datetime | None]
    verification: Mapped[str] = mapped_column(default="")
    approval: Mapped[str] = mapped_column(default=Approval.IN_FORCE.value)
    entered_by: Mapped[str | None]
    entered_at: Mapped[datetime | None]
    approved_by: Mapped[str | None]
    approved_at: Mapped[datetime | None]


class PriceStandardRow(Audited, Base):
    """What a standard such as Fairmined promises the miners."""

    __tablename__ = "price_standard"
    __table_args__ = (
        CheckConstraint("floor_share > 0 AND floor_share <= 1", name="floor_share"),
        CheckConstraint(
            "(premium_kind = 'none' AND premium_usd_per_kg IS NULL AND premium_share IS NULL)"
            " OR (premium_kind = 'per_kg_fine' AND premium_usd_per_kg > 0 AND premium_share IS NULL)"
            " OR (premium_kind = 'share_of_reference' AND premium_share > 0 AND premium_usd_per_kg IS NULL)",
            name="premium",
        ),
        CheckConstraint("(verified_by IS NULL) = (verified_at IS NULL)", name="verified_at"),
    )
    audit_type = "price_standard"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    floor_share: Mapped[Decimal] = mapped_column(Share)
    premium_kind: Mapped[str]
    premium_usd_per_kg: Mapped[Decimal | None]
    premium_share: Mapped[Decimal | None] = mapped_column(Share)
    evidence: Mapped[str]
    source: Mapped[str]
    since: Mapped[date | None]
    verified_by: Mapped[str | None]
    verified_at: Mapped[datetime | None]
    verification: Mapped[str] = mapped_column(default="")
