"""Who sells and where it comes from: cooperatives and mine sites; what binds buyers; regions where nobody can act."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.core.db import Audited, Base, Currency, Key, Minor

COOPERATIVE_STATES = ("draft", "submitted", "approved", "changes_requested", "refused", "suspended")


class Cooperative(Base, Audited):
    """A cooperative of artisanal miners. Its state is the gate before anything of it is published."""

    __tablename__ = "cooperative"
    __table_args__ = (
        CheckConstraint(f"state IN {COOPERATIVE_STATES}", name="state"),
        CheckConstraint("members_women BETWEEN 0 AND members_total", name="women_among_members"),
    )
    audit_type = "cooperative"

    id: Mapped[Key]
    reference: Mapped[str] = mapped_column(unique=True)
    legal_name: Mapped[str]
    legal_form: Mapped[str]
    registration_number: Mapped[str]
    country: Mapped[str]
    region: Mapped[str]
    district: Mapped[str]
    founded_on: Mapped[date | None] = mapped_column(Date)
    members_total: Mapped[int]
    members_women: Mapped[int]
    is_women_led: Mapped[bool]
    about: Mapped[str] = mapped_column(default="")
    contact_phone: Mapped[str | None]
    payout_currency: Mapped[str]
    state: Mapped[str] = mapped_column(default="draft")
    state_reason: Mapped[str | None]
    screened_on: Mapped[date | None] = mapped_column(Date)
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    submitted_at: Mapped[datetime | None]
    submitted_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    suspended_at: Mapped[datetime | None]
    suspended_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))


class MineSite(Base, Audited):
    """Where it was dug. Coordinates are sealed and never public; the district is what is shown."""

    __tablename__ = "mine_site"
    __table_args__ = (
        CheckConstraint("status BETWEEN 0 AND 3", name="status"),
        CheckConstraint("activity IN ('active','inactive','abandoned')", name="activity"),
        CheckConstraint("verified_by IS NULL OR verified_by <> created_by", name="four_eyes"),
    )
    audit_type = "mine_site"

    id: Mapped[Key]
    cooperative_id: Mapped[UUID] = mapped_column(ForeignKey("cooperative.id"), index=True)
    reference: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    country: Mapped[str]
    region: Mapped[str]
    district: Mapped[str]
    coordinates_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    minerals: Mapped[list[str]]
    status: Mapped[int]
    status_on: Mapped[date | None] = mapped_column(Date)
    activity: Mapped[str] = mapped_column(default="active")
    mercury_practice: Mapped[str]
    right_kind: Mapped[str]
    right_number: Mapped[str]
    right_valid_from: Mapped[date | None] = mapped_column(Date)
    right_valid_to: Mapped[date | None] = mapped_column(Date)
    child_labour_attested_on: Mapped[date | None] = mapped_column(Date)
    child_labour_attested_by: Mapped[str | None]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime]
    verified_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    verified_at: Mapped[datetime | None]


class BuyerMark(Base, Audited):
    """What shows that buyers belong together: a company registration, or the fingerprint of what they pay with."""

    __tablename__ = "buyer_mark"
    __table_args__ = (
        CheckConstraint("kind IN ('registration','payment')", name="kind"),
        CheckConstraint("value <> ''", name="value"),
        UniqueConstraint("buyer_id", "kind", "value"),
        Index("ix_buyer_mark_value", "kind", "value"),
    )
    audit_type = "buyer_mark"

    id: Mapped[Key]
    buyer_id: Mapped[UUID] = mapped_column(ForeignKey("buyer.id"))
    kind: Mapped[str]
    value: Mapped[str]
    entered_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    entered_at: Mapped[datetime]


class LimitClearance(Base, Audited):
    """A higher limit for one buyer until a day: one person proposes it with a reason, another confirms it."""

    __tablename__ = "limit_clearance"
    __table_args__ = (
        CheckConstraint("up_to_minor > 0", name="up_to"),
        CheckConstraint("confirmed_by <> proposed_by", name="two_people"),
        CheckConstraint("(confirmed_by IS NULL) = (confirmed_at IS NULL)", name="confirmed_by_somebody"),
        CheckConstraint("(ended_by IS NULL) = (ended_at IS NULL)", name="ended_by_somebody"),
        CheckConstraint("expires_at > proposed_at", name="expires"),
        Index("ix_limit_clearance_buyer", "buyer_id", "expires_at"),
        Index(
            "uq_limit_clearance_waiting",
            "buyer_id",
            unique=True,
            postgresql_where="confirmed_at IS NULL AND ended_at IS NULL",
        ),
    )
    audit_type = "limit_clearance"

    id: Mapped[Key]
    buyer_id: Mapped[UUID] = mapped_column(ForeignKey("buyer.id"))
    up_to_minor: Mapped[Minor]
    currency: Mapped[Currency]
    reason: Mapped[str]
    expires_at: Mapped[datetime]
    proposed_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    proposed_at: Mapped[datetime]
    confirmed_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    confirmed_at: Mapped[datetime | None]
    ended_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    ended_at: Mapped[datetime | None]


class ForceMajeure(Base, Audited):
    """A region where nobody can act for a time: one person declares it, another confirms it.

    `region` empty means the whole country. `ended_at` ends it before `ends_at`, or takes an unconfirmed one back.
    """

    __tablename__ = "force_majeure"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="period"),
        CheckConstraint("confirmed_by <> declared_by", name="two_people"),
        CheckConstraint("(confirmed_by IS NULL) = (confirmed_at IS NULL)", name="confirmed_by_somebody"),
        CheckConstraint("(ended_by IS NULL) = (ended_at IS NULL)", name="ended_by_somebody"),
        Index("ix_force_majeure_country", "country", "ends_at"),
    )
    audit_type = "force_majeure"

    id: Mapped[Key]
    country: Mapped[str]
    region: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    reason: Mapped[str]
    declared_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    declared_at: Mapped[datetime]
    confirmed_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    confirmed_at: Mapped[datetime | None]
    ended_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    ended_at: Mapped[datetime | None]
