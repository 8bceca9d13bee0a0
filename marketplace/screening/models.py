"""Sanctions lists with their entries, beneficial owners, when each name was compared last, and hits with decisions."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.core.db import Audited, Base, Key

LISTS = ("ofac", "un", "eu", "uk")
KINDS = ("person", "entity", "vessel")
SUBJECTS = ("cooperative", "officer", "owner", "buyer", "company")
STATES = ("open", "proposed", "dismissed", "match", "no_match", "gone")
# Money and large orders wait while one of these runs; see migration 0039, which holds payouts by the same.
STOPPING = ("open", "proposed", "dismissed", "match")
# What a person still has to do.
WAITING = ("open", "proposed", "dismissed")
LEAST_SHARE_BPS, WHOLE_BPS = 2_500, 10_000


class ScreeningEdition(Base, Audited):
    """A list as it was published on a day. The entries of a replaced one are gone, this row and its age stay."""

    __tablename__ = "screening_edition"
    __table_args__ = (
        CheckConstraint(f"list IN {LISTS}", name="list"),
        CheckConstraint("entries > 0", name="entries"),
        Index("uq_screening_edition_in_force", "list", unique=True, postgresql_where="replaced_at IS NULL"),
    )
    audit_type = "screening_edition"

    id: Mapped[Key]
    list: Mapped[str]
    published_on: Mapped[date] = mapped_column(Date)
    sha256: Mapped[str]
    file_name: Mapped[str]
    entries: Mapped[int]
    names: Mapped[int]
    imported_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    imported_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]


class ScreeningEntry(Base):
    """One listed party of the edition in force. `keys` are the sounds it is found by, `digest` tells when it changed.

    `needed` is how many sounds a company's name must share with it.
    """

    __tablename__ = "screening_entry"
    __table_args__ = (
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        Index("ix_screening_entry_keys", "keys", postgresql_using="gin"),
        Index("ix_screening_entry_company_keys", "company_keys", postgresql_using="gin"),
    )

    edition_id: Mapped[UUID] = mapped_column(ForeignKey("screening_edition.id"), primary_key=True)
    uid: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    names: Mapped[list[dict[str, Any]]]
    births: Mapped[list[str]]
    countries: Mapped[list[str]]
    programme: Mapped[str]
    listed_on: Mapped[date | None] = mapped_column(Date)
    digest: Mapped[str]
    keys: Mapped[list[str]]
    company_keys: Mapped[list[str]]
    needed: Mapped[int] = mapped_column(SmallInteger)


class BeneficialOwner(Base, Audited):
    """Who owns or controls 25 % or more of a cooperative; `share_bps` is in hundredths of a per cent."""

    __tablename__ = "beneficial_owner"
    __table_args__ = (
        CheckConstraint(f"share_bps BETWEEN {LEAST_SHARE_BPS} AND {WHOLE_BPS}", name="share"),
        CheckConstraint("birth_year BETWEEN 1900 AND 2100", name="birth_year"),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended_by_somebody"),
        Index("ix_beneficial_owner_cooperative", "cooperative_id"),
    )
    audit_type = "beneficial_owner"

    id: Mapped[Key]
    cooperative_id: Mapped[UUID] = mapped_column(ForeignKey("cooperative.id"))
    name: Mapped[str]
    native_name: Mapped[str] = mapped_column(default="")
    share_bps: Mapped[int]
    birth_year: Mapped[int | None] = mapped_column(SmallInteger)
    country: Mapped[str]
    entered_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    entered_at: Mapped[datetime]
    ended_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    ended_at: Mapped[datetime | None]


class ScreenedName(Base):
    """When a name was compared last: with which spelling (`digest`) and which editions (`lists`)."""

    __tablename__ = "screened_name"
    __table_args__ = (
        CheckConstraint(f"kind IN {SUBJECTS}", name="kind"),
        Index("ix_screened_name_cooperative", "cooperative_id"),
        Index("ix_screened_name_buyer", "buyer_id"),
    )

    kind: Mapped[str] = mapped_column(primary_key=True)
    subject_id: Mapped[UUID] = mapped_column(primary_key=True)
    # An officer of two cooperatives is screened for each.
    owner_id: Mapped[UUID] = mapped_column(primary_key=True)
    cooperative_id: Mapped[UUID | None] = mapped_column(ForeignKey("cooperative.id"))
    buyer_id: Mapped[UUID | None] = mapped_column(ForeignKey("buyer.id"))
    digest: Mapped[str]
    lists: Mapped[str]
    screened_at: Mapped[datetime]


class ScreeningHit(Base, Audited):
    """A name that looks like a listed one, what speaks for it, and who decided. `evidence` and `listed` are as found.

    A match takes two people: `proposed_by` and `decided_by`. So does a dismissal, unless the name is not very near
    and facts differ: `dismissed_by` and `decided_by` (a trigger, see migration 0039). One that was decided and opened
    again is dismissed by another person than `reopened_by`.
    """

    __tablename__ = "screening_hit"
    __table_args__ = (
        CheckConstraint(f"subject_kind IN {SUBJECTS}", name="subject_kind"),
        CheckConstraint(f"list IN {LISTS}", name="list"),
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint("score BETWEEN 0 AND 1000", name="score"),
        CheckConstraint("(cooperative_id IS NULL) <> (buyer_id IS NULL)", name="about_one"),
        CheckConstraint("(state IN ('proposed','match')) = (proposed_by IS NOT NULL)", name="proposed_by_somebody"),
        CheckConstraint("state <> 'match' OR decided_by IS NOT NULL", name="match_by_two"),
        CheckConstraint("decided_by <> proposed_by", name="two_people"),
        CheckConstraint("decided_by <> reopened_by", name="reopened_by_another"),
        CheckConstraint("state <> 'dismissed' OR dismissed_by IS NOT NULL", name="dismissed_by_somebody"),
        CheckConstraint("decided_by <> dismissed_by", name="dismissed_by_two"),
        CheckConstraint("dismissed_by <> reopened_by", name="dismissed_by_another"),
        CheckConstraint(
            "state <> 'no_match' OR (decided_by IS NOT NULL AND reason <> '')", name="no_match_with_reason"
        ),
        CheckConstraint("(state IN ('match','no_match','gone')) = (ended_at IS NOT NULL)", name="ended"),
        Index(
            "uq_screening_hit_running",
            "subject_kind",
            "subject_id",
            "list",
            "uid",
            "cooperative_id",
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where="state IN ('open','proposed','dismissed','match')",
        ),
        Index("ix_screening_hit_opened_at", "opened_at", "id"),
        Index("ix_screening_hit_cooperative", "cooperative_id"),
        Index("ix_screening_hit_buyer", "buyer_id"),
    )
    audit_type = "screening_hit"

    id: Mapped[Key]
    reference: Mapped[str] = mapped_column(unique=True)
    subject_kind: Mapped[str]
    subject_id: Mapped[UUID]
    cooperative_id: Mapped[UUID | None] = mapped_column(ForeignKey("cooperative.id"))
    buyer_id: Mapped[UUID | None] = mapped_column(ForeignKey("buyer.id"))
    subject: Mapped[dict[str, Any]]
    subject_digest: Mapped[str]
    list: Mapped[str]
    uid: Mapped[str]
    listed: Mapped[dict[str, Any]]
    listed_digest: Mapped[str]
    evidence: Mapped[dict[str, Any]]
    score: Mapped[int] = mapped_column(SmallInteger)
    state: Mapped[str] = mapped_column(default="open")
    reason: Mapped[str] = mapped_column(default="")
    opened_at: Mapped[datetime]
    proposed_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    proposed_at: Mapped[datetime | None]
    dismissed_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    dismissed_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    reopened_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    ended_at: Mapped[datetime | None]
