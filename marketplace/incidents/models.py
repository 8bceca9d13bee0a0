"""Incidents with their steps and their story, reports from outside, and lists of conflict-affected areas.

What somebody told is sealed (`…_sealed`, under the field key): it may name people.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.core.db import AppendOnly, Audited, Base, Key

SEVERITIES = ("low", "medium", "severe")
SOURCES = ("field_visit", "public_report", "staff", "press", "authority")
STATES = ("open", "doubted", "substantiated", "remediating", "closing", "closed", "unfounded")


class Incident(Base, Audited):
    """Something that went wrong, under a code of Annex II. Without a site it concerns the whole cooperative.

    `proposed_by` is who wants it closed or found unfounded now; `stopped_by` is who made it severe. The other person
    agrees.
    """

    __tablename__ = "incident"
    __table_args__ = (
        CheckConstraint(f"severity IN {SEVERITIES}", name="severity"),
        CheckConstraint(f"source IN {SOURCES}", name="source"),
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint("agreed_by <> proposed_by", name="two_people"),
        CheckConstraint("state <> 'closed' OR agreed_by IS NOT NULL", name="closed_by_two"),
        CheckConstraint(
            "severity <> 'severe' OR state <> 'unfounded' OR agreed_by IS NOT NULL", name="severe_unfounded_by_two"
        ),
        CheckConstraint("(severity = 'severe') = (stopped_by IS NOT NULL)", name="stopped_by_somebody"),
        CheckConstraint("(state IN ('closed','unfounded')) = (ended_at IS NOT NULL)", name="ended"),
        Index("ix_incident_cooperative", "cooperative_id", "opened_at"),
        Index("ix_incident_opened_at", "opened_at", "id"),
    )
    audit_type = "incident"

    id: Mapped[Key]
    reference: Mapped[str] = mapped_column(unique=True)
    code: Mapped[str]
    severity: Mapped[str]
    source: Mapped[str]
    cooperative_id: Mapped[UUID] = mapped_column(ForeignKey("cooperative.id"))
    site_id: Mapped[UUID | None] = mapped_column(ForeignKey("mine_site.id"))
    state: Mapped[str] = mapped_column(default="open")
    told_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    happened_on: Mapped[date | None] = mapped_column(Date)
    opened_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    opened_at: Mapped[datetime]
    stopped_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    substantiated_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    substantiated_at: Mapped[datetime | None]
    proposed_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    agreed_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    ended_at: Mapped[datetime | None]


class IncidentStep(Base, Audited):
    """One step of the plan to put an incident right: what, who, until when, and how it is known to be done."""

    __tablename__ = "incident_step"
    __table_args__ = (
        CheckConstraint("(done_at IS NULL) = (done_by IS NULL)", name="done_by_somebody"),
        CheckConstraint("done_at IS NULL OR evidence <> ''", name="done_with_evidence"),
        Index("ix_incident_step_incident", "incident_id", "due_on"),
    )
    audit_type = "incident_step"

    id: Mapped[Key]
    incident_id: Mapped[UUID] = mapped_column(ForeignKey("incident.id"))
    what: Mapped[str]
    who: Mapped[str]
    due_on: Mapped[date] = mapped_column(Date)
    evidence: Mapped[str] = mapped_column(default="")
    planned_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    planned_at: Mapped[datetime]
    done_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    done_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]


class IncidentNote(Base, AppendOnly):
    """One line of an incident's story: which move, by whom, and the reason in words; never changed."""

    __tablename__ = "incident_note"
    __table_args__ = (Index("ix_incident_note_incident", "incident_id", "at"),)

    id: Mapped[Key]
    incident_id: Mapped[UUID] = mapped_column(ForeignKey("incident.id"))
    action: Mapped[str]
    at: Mapped[datetime]
    by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    words_sealed: Mapped[bytes] = mapped_column(LargeBinary)


class IncidentReport(Base, Audited):
    """What somebody outside told us. Who it was is not asked, and not kept beside it.

    `secret_digest` is a keyed digest of the passphrase; `contact_sealed` and `number_sealed` are erased once the case
    is closed. `message_digest` names a text message, so that the gateway's repeat is not a second report.
    """

    __tablename__ = "incident_report"
    __table_args__ = (
        CheckConstraint("channel IN ('web','sms')", name="channel"),
        CheckConstraint("state IN ('new','joined','closed')", name="state"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed"),
        CheckConstraint("state <> 'joined' OR incident_id IS NOT NULL", name="joined_to_one"),
        Index("ix_incident_report_received_at", "received_at", "id"),
        Index("ix_incident_report_incident", "incident_id"),
    )
    audit_type = "incident_report"

    id: Mapped[Key]
    reference: Mapped[str] = mapped_column(unique=True)
    channel: Mapped[str]
    language: Mapped[str]
    state: Mapped[str] = mapped_column(default="new")
    place_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    site_id: Mapped[UUID | None] = mapped_column(ForeignKey("mine_site.id"))
    incident_id: Mapped[UUID | None] = mapped_column(ForeignKey("incident.id"))
    secret_digest: Mapped[str]
    contact_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    number_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    message_digest: Mapped[str | None] = mapped_column(unique=True)
    received_at: Mapped[datetime]
    answer_by: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class ReportWords(Base, AppendOnly):
    """What a reporter or staff wrote in a case, sealed; never changed."""

    __tablename__ = "incident_report_words"
    __table_args__ = (
        CheckConstraint("side IN ('reporter','staff')", name="side"),
        Index("ix_incident_report_words_report", "report_id", "at"),
    )

    id: Mapped[Key]
    report_id: Mapped[UUID] = mapped_column(ForeignKey("incident_report.id"))
    side: Mapped[str]
    at: Mapped[datetime]
    words_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    written_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))


class CahraEdition(Base, Audited, AppendOnly):
    """A list of conflict-affected and high-risk areas as it was imported; the one published last counts."""

    __tablename__ = "cahra_edition"
    __table_args__ = (UniqueConstraint("sha256"), Index("ix_cahra_edition_published_on", "published_on"))
    audit_type = "cahra_edition"

    id: Mapped[Key]
    published_on: Mapped[date] = mapped_column(Date)
    sha256: Mapped[str]
    rows: Mapped[int]
    imported_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    imported_at: Mapped[datetime]


class CahraArea(Base, AppendOnly):
    """One area of an edition; an empty region means the whole country, no last day means until further notice."""

    __tablename__ = "cahra_area"
    __table_args__ = (CheckConstraint("until_on >= from_on", name="days"),)

    edition_id: Mapped[UUID] = mapped_column(ForeignKey("cahra_edition.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    country: Mapped[str]
    region: Mapped[str]
    region_name: Mapped[str]
    from_on: Mapped[date] = mapped_column(Date)
    until_on: Mapped[date | None] = mapped_column(Date)
    source: Mapped[str]
