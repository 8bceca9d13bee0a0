"""Tables of reference rates: series, observations, tries to read a source."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.core.db import AppendOnly, Audited, Base, Key

# A rate keeps every digit its source gave; a share is written to at most six decimals.
Share: Final = Numeric(9, 6)


class ReferenceSeries(Audited, Base):
    """One kind of rate from one source, such as gold in US dollars a troy ounce or shillings a dollar.

    `pair` says what is measured (XAU/USD, USD/TZS); several series may measure one pair, then the one with the highest
    `priority` counts as long as it is not stale. The first series of a pair has the pair as its code.
    """

    __tablename__ = "reference_series"
    __table_args__ = (
        CheckConstraint("max_age_working_days > 0", name="max_age"),
        CheckConstraint("jump_limit > 0", name="jump_limit"),
        Index("ix_reference_series_pair", "pair", "priority"),
    )
    audit_type = "reference_series"

    code: Mapped[str] = mapped_column(primary_key=True)
    pair: Mapped[str]
    priority: Mapped[int] = mapped_column(default=0)
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
    fetch_id: Mapped[UUID | None] = mapped_column(ForeignKey("rate_fetch.id"))


class RateDismissal(AppendOnly, Audited, Base):
    """A curator's word that a quarantined rate is wrong and will never be used."""

    __tablename__ = "rate_dismissal"
    __table_args__ = (CheckConstraint("reason <> ''", name="reason"),)
    audit_type = "rate_dismissal"

    rate_id: Mapped[UUID] = mapped_column(ForeignKey("reference_rate.id"), primary_key=True)
    reason: Mapped[str]
    dismissed_by: Mapped[str]
    dismissed_at: Mapped[datetime]


class RateFetch(Base):
    """One try to read a source: what came back and what became of it. The newest of a source is its state.

    `etag` and `last_modified` are sent with the next try, so that an unchanged answer costs nothing.
    """

    __tablename__ = "rate_fetch"
    __table_args__ = (
        CheckConstraint("outcome IN ('running','imported','unchanged','refused','failed')", name="outcome"),
        Index("ix_rate_fetch_newest", "source", "started_at"),
    )

    id: Mapped[Key]
    source: Mapped[str]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    outcome: Mapped[str]
    reason: Mapped[str | None]
    status: Mapped[int | None]
    bytes_read: Mapped[int | None]
    sha256: Mapped[str | None]
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    new_rates: Mapped[int] = mapped_column(default=0)
    quarantined: Mapped[int] = mapped_column(default=0)
    refused_rows: Mapped[list[dict[str, Any]]]
