"""Lots, their frozen versions, their photos and the flat rows that browsing reads."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, ForeignKey, Index, Integer, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, BIT, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.core import likeness as patterns
from marketplace.core.db import AppendOnly, Audited, Base, Currency, Key, Milligrams, Minor

LOT_STATES = ("draft", "submitted", "changes_requested", "published", "refused", "withdrawn", "sold")
EDIT_MARKS = ("", "review", "paused")
PHOTO_SLOTS = ("front", "side", "scale", "daylight")


class Lot(Base, Audited):
    """Goods a cooperative wants to sell. Answers live in `draft`; what buyers see is a LotVersion.

    `draft` maps a step to {"typed": answers as typed, "revision": the save that wrote them}; `draft_revision` counts
    saves, so that a second tab is noticed. `tag_number` is that of the submitted goods: one sealed bag, one lot.
    `edit_mark` says what a change does to the sale: review, a correction is on sale and a person looks at it after;
    paused, buyers do not see the lot until the change is decided.
    """

    __tablename__ = "lot"
    __table_args__ = (
        CheckConstraint(f"state IN {LOT_STATES}", name="state"),
        CheckConstraint("kind IS NULL OR kind IN ('gold','gem')", name="kind"),
        CheckConstraint("state <> 'published' OR published_version_id IS NOT NULL", name="published_has_version"),
        CheckConstraint(f"edit_mark IN {EDIT_MARKS}", name="edit_mark"),
    )
    audit_type = "lot"

    id: Mapped[Key]
    reference: Mapped[str] = mapped_column(unique=True)
    cooperative_id: Mapped[UUID] = mapped_column(ForeignKey("cooperative.id"), index=True)
    state: Mapped[str] = mapped_column(default="draft")
    kind: Mapped[str | None]
    draft: Mapped[dict[str, Any]]
    draft_revision: Mapped[int] = mapped_column(default=0)
    tag_number: Mapped[str | None] = mapped_column(unique=True)
    submitted_version_id: Mapped[UUID | None] = mapped_column(ForeignKey("lot_version.id", use_alter=True))
    published_version_id: Mapped[UUID | None] = mapped_column(ForeignKey("lot_version.id", use_alter=True))
    created_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    edit_mark: Mapped[str] = mapped_column(default="")


class LotVersion(Base, Audited, AppendOnly):
    """What was submitted, word for word: `sha256` is of the RFC 8785 bytes of `content`.

    `content` holds every answer, the photo hashes, the price, the split lines and the cooperative's and site's
    public facts; `guidance` is the stored GuidanceSnapshot.
    """

    __tablename__ = "lot_version"
    __table_args__ = (
        UniqueConstraint("lot_id", "number"),
        CheckConstraint("price_minor > 0", name="price"),
        Index("ix_lot_version_tag_number", text("upper(content ->> 'tag_number')")),
        Index("ix_lot_version_report_number", text("upper(content ->> 'report_number')")),
    )
    audit_type = "lot_version"

    id: Mapped[Key]
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"))
    number: Mapped[int]
    content: Mapped[dict[str, Any]]
    sha256: Mapped[str] = mapped_column(index=True)
    guidance: Mapped[dict[str, Any]]
    price_minor: Mapped[Minor]
    net_minor: Mapped[Minor]
    currency: Mapped[Currency]
    submitted_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    submitted_at: Mapped[datetime]


class LotPhoto(Base, Audited):
    """A re-encoded photo: `sha256` names the largest size; sizes are stored under `<sha256>/<width>.webp`.

    `hints` says what the file told that was sent, without the place itself (core/photo_hints.py).
    """

    __tablename__ = "lot_photo"
    __table_args__ = (CheckConstraint(f"slot IN {PHOTO_SLOTS}", name="slot"),)
    audit_type = "lot_photo"

    id: Mapped[Key]
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"), index=True)
    slot: Mapped[str]
    sha256: Mapped[str] = mapped_column(index=True)
    width: Mapped[int]
    height: Mapped[int]
    widths: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    likeness: Mapped[str | None] = mapped_column(BIT(patterns.BITS), deferred=True)
    uploaded_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    uploaded_at: Mapped[datetime]
    hints: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    removed_at: Mapped[datetime | None]


class LotStock(Base, Audited):
    """What is left of a published lot that is sold in parts; the checks stop a sale of more than there is.

    Of `whole_mg`, `free_mg` may be taken, `sold_mg` was accepted, and the rest lies in orders on their way.
    `free_minor` is what the free part costs: with the prices of the parts taken it sums to the price of the lot.
    """

    __tablename__ = "lot_stock"
    __table_args__ = (
        CheckConstraint("least_mg > 0 AND whole_mg >= 2 * least_mg", name="least"),
        CheckConstraint("free_mg >= 0 AND sold_mg >= 0 AND free_mg + sold_mg <= whole_mg", name="quantity"),
        CheckConstraint("free_minor >= 0 AND free_minor <= price_minor", name="price"),
        CheckConstraint("free_mg > 0 OR free_minor = 0", name="nothing_left_costs_nothing"),
    )
    audit_type = "lot_stock"

    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"), primary_key=True)
    version_id: Mapped[UUID] = mapped_column(ForeignKey("lot_version.id"))
    unit: Mapped[str]
    whole_mg: Mapped[Milligrams]
    least_mg: Mapped[Milligrams]
    free_mg: Mapped[Milligrams]
    sold_mg: Mapped[Milligrams] = mapped_column(default=0)
    price_minor: Mapped[Minor]
    free_minor: Mapped[Minor]
    currency: Mapped[Currency]


class LotListing(Base):
    """One published lot, flat, for browsing and search; written in the transaction that publishes or sells."""

    __tablename__ = "lot_listing"
    __table_args__ = (
        # withheld: the cooperative is suspended, so buyers do not see the lot
        CheckConstraint("availability IN ('available','reserved','sold','withheld')", name="availability"),
        Index("ix_lot_listing_new", "published_at", "lot_id"),
        Index("ix_lot_listing_price", "price_minor", "lot_id"),
        Index("ix_lot_listing_weight", "weight_mg", "lot_id"),
        Index("ix_lot_listing_share", "miner_share_bp", "lot_id"),
        Index("ix_lot_listing_facets", "kind", "variety", "country", "form"),
        Index("ix_lot_listing_words", "words", postgresql_using="gin"),
    )

    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"), primary_key=True)
    version_id: Mapped[UUID] = mapped_column(ForeignKey("lot_version.id"))
    reference: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    kind: Mapped[str]
    form: Mapped[str]
    variety: Mapped[str | None]
    treatment: Mapped[str | None]
    country: Mapped[str]
    place: Mapped[str]
    cooperative_id: Mapped[UUID] = mapped_column(ForeignKey("cooperative.id"), index=True)
    cooperative_name: Mapped[str]
    is_women_led: Mapped[bool]
    weight_mg: Mapped[Milligrams]
    pieces: Mapped[int]
    fineness_permille: Mapped[str | None]
    price_minor: Mapped[Minor]
    currency: Mapped[Currency]
    unit_price_minor: Mapped[Minor]
    miner_share_bp: Mapped[int]
    photo_sha256: Mapped[str | None]
    availability: Mapped[str]
    published_at: Mapped[datetime]
    search_text: Mapped[str]
    words: Mapped[Any] = mapped_column(
        TSVECTOR,
        Computed(
            "setweight(to_tsvector('simple', title), 'A') || setweight(to_tsvector('simple', search_text), 'B')",
            persisted=True,
        ),
    )
