"""What was erased from the log by itself."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.core.db import AppendOnly, Audited, Base, Key


class RetentionErasure(Base, Audited, AppendOnly):
    """One batch: the disclosures of `entries` entries of a class, all from before `before`, were erased."""

    __tablename__ = "retention_erasure"
    __table_args__ = (
        CheckConstraint("entries > 0 AND disclosures > 0", name="something"),
        Index("ix_retention_erasure_erased_at", "erased_at"),
    )
    audit_type = "retention_erasure"

    id: Mapped[Key]
    retention_class: Mapped[str]
    before: Mapped[datetime]
    entries: Mapped[int] = mapped_column(BigInteger)
    disclosures: Mapped[int] = mapped_column(BigInteger)
    erased_at: Mapped[datetime]
