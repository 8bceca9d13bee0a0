"""People, their roles, their sessions and the links we mail to them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.core.db import Audited, Base, Key


class User(Base, Audited):
    """A person who can sign in."""

    __tablename__ = "user_account"
    __table_args__ = (
        UniqueConstraint("email"),
        CheckConstraint("email = lower(email)", name="email_lower"),
        CheckConstraint("state IN ('active','disabled')", name="state"),
    )
    audit_type = "user"

    id: Mapped[Key]
    email: Mapped[str]
    name: Mapped[str]
    language: Mapped[str] = mapped_column(default="en")
    phone: Mapped[str | None]
    password_hash: Mapped[str | None]
    email_confirmed_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(default="active")
    created_at: Mapped[datetime]
    totp_secret_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    totp_confirmed_at: Mapped[datetime | None]
    totp_last_step: Mapped[int | None]


class StaffGrant(Base, Audited):
    """A staff role a person holds; nobody grants a role to himself."""

    __tablename__ = "staff_grant"
    __table_args__ = (
        CheckConstraint("granted_by IS NULL OR granted_by <> user_id", name="not_self"),
        CheckConstraint("role IN ('moderator','verifier','curator','finance','auditor','administrator')", name="role"),
    )
    audit_type = "staff_grant"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    granted_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    granted_at: Mapped[datetime]


class CooperativeMember(Base, Audited):
    """An officer of a cooperative and what she may do for it."""

    __tablename__ = "cooperative_member"
    __table_args__ = (CheckConstraint("role IN ('secretary','signatory','viewer')", name="role"),)
    audit_type = "cooperative_member"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    cooperative_id: Mapped[UUID] = mapped_column(ForeignKey("cooperative.id"), primary_key=True, index=True)
    role: Mapped[str]
    added_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    added_at: Mapped[datetime]


class Buyer(Base, Audited):
    """A buying company; its level (L0 to L3) says what it may do, `level_asked_at` that it waits for a check.

    `limit_asked_at` says that it waits for a higher limit than that of its level.
    """

    __tablename__ = "buyer"
    __table_args__ = (CheckConstraint("level BETWEEN 0 AND 3", name="level"), UniqueConstraint("user_id"))
    audit_type = "buyer"

    id: Mapped[Key]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    company: Mapped[str]
    country: Mapped[str]
    level: Mapped[int] = mapped_column(default=0)
    level_set_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    level_set_at: Mapped[datetime | None]
    level_asked_at: Mapped[datetime | None]
    limit_asked_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class SignInSession(Base):
    """A signed-in browser: the cookie holds a random id, the row its digest; ended rows never come back.

    `device` is the digest of a random number that the browser keeps between sign-ins: two people with the same one
    use the same device.
    """

    __tablename__ = "sign_in_session"
    __table_args__ = (Index("ix_sign_in_session_device", "device", postgresql_where="device IS NOT NULL"),)

    digest: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    second_factor_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    address: Mapped[str]
    agent: Mapped[str]
    device: Mapped[str | None]


class RecoveryCode(Base):
    """A single-use way past a lost telephone, stored as a digest."""

    __tablename__ = "recovery_code"

    id: Mapped[Key]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    digest: Mapped[str] = mapped_column(unique=True)
    used_at: Mapped[datetime | None]


class MailedLink(Base):
    """A link sent by mail: single-use, dated, stored as a digest."""

    __tablename__ = "mailed_link"
    __table_args__ = (
        CheckConstraint("purpose IN ('confirm_email','reset_password','invitation','change_email')", name="purpose"),
    )

    digest: Mapped[str] = mapped_column(primary_key=True)
    purpose: Mapped[str]
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    invitation_id: Mapped[UUID | None] = mapped_column(ForeignKey("invitation.id"), index=True)
    email: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Invitation(Base, Audited):
    """An invitation of a staff member or of an officer of a cooperative."""

    __tablename__ = "invitation"
    __table_args__ = (CheckConstraint("kind IN ('staff','member')", name="kind"),)
    audit_type = "invitation"

    id: Mapped[Key]
    kind: Mapped[str]
    email: Mapped[str]
    name: Mapped[str]
    language: Mapped[str] = mapped_column(default="en")
    staff_roles: Mapped[list[str]]
    cooperative_id: Mapped[UUID | None] = mapped_column(ForeignKey("cooperative.id"), index=True)
    member_role: Mapped[str | None]
    invited_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    accepted_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))


class SignInAttempt(Base):
    """A try to sign in, counted per account and per address (both as digests) for throttling."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (Index("ix_sign_in_attempt_subject", "subject", "at"),)

    id: Mapped[Key]
    subject: Mapped[str]
    at: Mapped[datetime]
    succeeded: Mapped[bool]


class ApiToken(Base, Audited):
    """A bearer token for the API, stored as a digest; acts with its owner's rights and its own scopes."""

    __tablename__ = "api_token"
    audit_type = "api_token"

    id: Mapped[Key]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    digest: Mapped[str] = mapped_column(unique=True)
    label: Mapped[str]
    scopes: Mapped[list[str]]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    last_used_on: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class SentForm(Base):
    """A POST already answered: the same key and body get the same answer, another body gets 409."""

    __tablename__ = "sent_form"

    key: Mapped[str] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(primary_key=True)
    body_digest: Mapped[str]
    status: Mapped[int]
    location: Mapped[str | None]
    answer: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime]
