"""Messages to people."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.core.db import Base, Key


class Message(Base):
    """A mail or a text message that was decided; the worker sends it.

    `params` hold what the template needs, never a password. `address` is a mail address or a telephone number.
    """

    __tablename__ = "message"
    __table_args__ = (
        CheckConstraint("channel IN ('mail','sms')", name="channel"),
        Index("ix_message_waiting", "created_at", postgresql_where="sent_at IS NULL"),
    )

    id: Mapped[Key]
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    channel: Mapped[str] = mapped_column(default="mail")
    address: Mapped[str]
    language: Mapped[str]
    template: Mapped[str]
    params: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None]
