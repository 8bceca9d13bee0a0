"""Tables of reference rates, charges of countries, standards and the price book."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.core.db import AppendOnly, Audited, Base, Key, Minor

# A rate keeps every digit its source gave; a share is written to at most six decimals.
Share = Numeric(9, 6)
Carats = Numeric(12, 3)


class EditionState(StrEnum):
    """Where a price-book edition stands."""

    PROPOSED = "proposed"
    PUBLISHED = "published"
    DECLINED = "declined"


class RuleStatus(StrEnum):
    """Whether a country's charge is counted."""

    APPLIED = "applied"
    NOT_APPLIED = "not_applied"
    UNKNOWN = "unknown"


class ReferenceSeries(Audited, Base):
    """One kind of rate, such as XAU/USD in US dollars a troy ounce or USD/TZS in shillings a dollar."""

    __tablename__ = "reference_series"
    __table_args__ = (
        CheckConstraint("max_age_working_days > 0", name="max_age"),
        CheckConstraint("jump_limit > 0", name="jump_limit"),
    )
    audit_type = "reference_series"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    unit: Mapped[str]
    source: Mapped[str]
    licence: Mapped[str]
    max_age_working_days: Mapped[int]
    jump_limit: Mapped[Decimal] = mapped_column(Share)


class ReferenceRate(AppendOnly, Audited, Base):
    """One observation. Never changed: a correction is a later row that supersedes it.

    A quarantined row is outside that chain; when a curator releases it, a new row `releases` it and joins the chain.
    """

    __tablename__ = "reference_rate"
    __table_args__ = (
        CheckConstraint("value > 0", name="value"),
        CheckConstraint("quarantined = (quarantine_reason IS NOT NULL)", name="quarantine"),
        CheckConstraint("NOT quarantined OR (supersedes_id IS NULL AND releases_id IS NULL)", name="outside_chain"),
        Index(
            "uq_reference_rate_first",
            "series",
            "observed_on",
            unique=True,
            postgresql_where="supersedes_id IS NULL AND NOT quarantined",
        ),
        Index("ix_reference_rate_newest", "series", "observed_on"),
    )
    audit_type = "reference_rate"

    id: Mapped[Key]
    series: Mapped[str] = mapped_column(ForeignKey("reference_series.code"))
    observed_on: Mapped[date]
    value: Mapped[Decimal]
    source: Mapped[str]
    licence: Mapped[str]
    imported_at: Mapped[datetime]
    imported_by: Mapped[str]
    supersedes_id: Mapped[UUID | None] = mapped_column(ForeignKey("reference_rate.id"), unique=True)
    releases_id: Mapped[UUID | None] = mapped_column(ForeignKey("reference_rate.id"), unique=True)
    quarantined: Mapped[bool] = mapped_column(default=False)
    quarantine_reason: Mapped[str | None]


class DeductionRule(Audited, Base):
    """A charge of a country on a kind of goods, with why it is counted or not."""

    __tablename__ = "deduction_rule"
    __table_args__ = (
        UniqueConstraint("country", "kind", "form", "code", "valid_from", postgresql_nulls_not_distinct=True),
        CheckConstraint("rate >= 0 AND rate < 1", name="rate"),
        CheckConstraint("base_share > 0 AND base_share <= 1", name="base_share"),
        CheckConstraint("status <> 'applied' OR rate IS NOT NULL", name="applied_has_rate"),
        CheckConstraint("status = 'applied' OR reason <> ''", name="reason"),
        CheckConstraint("valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from", name="validity"),
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
    payee: Mapped[str]
    status: Mapped[str]
    reason: Mapped[str]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    evidence: Mapped[str]
    source: Mapped[str]
    verified_by: Mapped[str | None]


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


class PriceBookEdition(Audited, Base):
    """A set of bands proposed by one curator and approved by another; its bands never change."""

    __tablename__ = "price_book_edition"
    __table_args__ = (
        UniqueConstraint("number"),
        CheckConstraint("approved_by <> proposed_by", name="two_people"),
        CheckConstraint(
            "state <> 'published' OR (approved_by IS NOT NULL AND published_at IS NOT NULL)", name="published"
        ),
        Index("ix_price_book_edition_published", "published_at", postgresql_where="state = 'published'"),
    )
    audit_type = "price_book_edition"

    id: Mapped[Key]
    number: Mapped[int]
    state: Mapped[str]
    proposed_by: Mapped[str]
    approved_by: Mapped[str | None]
    proposed_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    note: Mapped[str]


class PriceBand(AppendOnly, Base):
    """US cents per carat, low to high, for stones of a variety, form, weight and grade."""

    __tablename__ = "price_band"
    __table_args__ = (
        UniqueConstraint(
            "edition_id", "variety", "form", "treatment", "origin", "weight_from_ct", "grade",
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint("low_minor_per_ct > 0 AND high_minor_per_ct >= low_minor_per_ct", name="prices"),
        CheckConstraint("weight_from_ct >= 0 AND weight_to_ct > weight_from_ct", name="weights"),
    )  # fmt: skip

    id: Mapped[Key]
    edition_id: Mapped[UUID] = mapped_column(ForeignKey("price_book_edition.id"))
    variety: Mapped[str]
    form: Mapped[str]
    treatment: Mapped[str | None]
    origin: Mapped[str | None]
    weight_from_ct: Mapped[Decimal] = mapped_column(Carats)
    weight_to_ct: Mapped[Decimal] = mapped_column(Carats)
    grade: Mapped[str]
    low_minor_per_ct: Mapped[Minor]
    high_minor_per_ct: Mapped[Minor]
    evidence: Mapped[str]
    source: Mapped[str]
    dated: Mapped[date | None]
