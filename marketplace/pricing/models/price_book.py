"""Tables of the price book: editions, their bands, and books in the making."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.core.db import AppendOnly, Audited, Base, Key, Minor

Carats: Final = Numeric(12, 3)


class EditionState(StrEnum):
    """Where a price-book edition stands."""

    PROPOSED = "proposed"
    PUBLISHED = "published"
    DECLINED = "declined"


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


class PriceBookDraft(Audited, Base):
    """A price book as somebody handed it in: every cell as it stood, so that nothing is lost while errors are mended.

    `rows` is a list of {"row": number in the file, "cells": {column: text}}.
    """

    __tablename__ = "price_book_draft"
    audit_type = "price_book_draft"

    id: Mapped[Key]
    file_name: Mapped[str]
    sha256: Mapped[str]
    rows: Mapped[list[dict[str, Any]]]
    uploaded_by: Mapped[str]
    uploaded_at: Mapped[datetime]
    edition_id: Mapped[UUID | None] = mapped_column(ForeignKey("price_book_edition.id"))
    discarded_at: Mapped[datetime | None]
