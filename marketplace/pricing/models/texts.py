"""The table of who gets the price of the day as a text message."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.core.db import Audited, Base


class PriceTextSubscription(Audited, Base):
    """A wish to get the reference price of the day as a text message; active once the code sent was typed in."""

    __tablename__ = "price_text_subscription"
    __table_args__ = (
        CheckConstraint("state IN ('waiting','active','ended')", name="state"),
        Index("ix_price_text_subscription_active", "user_id", postgresql_where="state = 'active'"),
    )
    audit_type = "price_text_subscription"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    phone: Mapped[str]
    currency: Mapped[str]
    state: Mapped[str]
    code_digest: Mapped[str | None]
    code_expires_at: Mapped[datetime | None]
    code_tries: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    last_sent_on: Mapped[date | None]
