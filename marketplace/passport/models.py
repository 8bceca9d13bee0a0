"""Passports of lots: each version as it was issued, what was revoked, and every key that ever signed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.core.db import AppendOnly, Audited, Base, Key


class Passport(AppendOnly, Audited, Base):
    """One version: `credential`, `token` and `events` are the files as they were signed, byte for byte (UTF-8).

    `record_sha256` is of the lot's public record; `last_seq` is the newest custody event in it; `status_index` is the
    bit in the lists of revoked passports, never used twice.
    """

    __tablename__ = "passport"
    __table_args__ = (
        UniqueConstraint("lot_id", "number"),
        UniqueConstraint("status_index"),
        CheckConstraint("number > 0 AND status_index >= 0 AND last_seq >= 0", name="numbers"),
    )
    audit_type = "passport"

    id: Mapped[Key]
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"))
    version_id: Mapped[UUID] = mapped_column(ForeignKey("lot_version.id"))
    number: Mapped[int]
    record_sha256: Mapped[str]
    last_seq: Mapped[int] = mapped_column(BigInteger)
    status_index: Mapped[int] = mapped_column(BigInteger)
    credential: Mapped[str] = mapped_column(Text)
    token: Mapped[str] = mapped_column(Text)
    events: Mapped[str] = mapped_column(Text)
    credential_sha256: Mapped[str]
    issued_at: Mapped[datetime]
    valid_until: Mapped[datetime]


class PassportRevocation(AppendOnly, Audited, Base):
    """Every version of a lot up to `up_to_number` was revoked, by whom and why."""

    __tablename__ = "passport_revocation"
    __table_args__ = (UniqueConstraint("lot_id", "up_to_number"), CheckConstraint("up_to_number > 0", name="number"))
    audit_type = "passport_revocation"

    id: Mapped[Key]
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"))
    up_to_number: Mapped[int]
    reason: Mapped[str]
    revoked_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    revoked_at: Mapped[datetime]


class PassportKey(AppendOnly, Audited, Base):
    """The public half of a key that signs, or once signed, passports; none is ever dropped."""

    __tablename__ = "passport_key"
    audit_type = "passport_key"

    id: Mapped[Key]
    issuer: Mapped[str]
    multikey: Mapped[str] = mapped_column(unique=True)
    added_at: Mapped[datetime]
