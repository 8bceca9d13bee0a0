"""Who sells and where it comes from: cooperatives and mine sites."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.core.db import Audited, Base, Key

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
