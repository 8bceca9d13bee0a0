"""The rate an order was paid at."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.core.db import AppendOnly, Audited, Base, Currency, Minor


class OrderExchange(Base, Audited, AppendOnly):
    """What a buyer pays in another currency than the price, frozen when she orders.

    `worth` is what the paid amount is worth at the same rate, in the price's currency; `rate` is for people to read:
    units of the paid currency for one of the price's, rounded.
    """

    __tablename__ = "order_exchange"
    __table_args__ = (
        CheckConstraint("price_currency <> paid_currency", name="two_currencies"),
        CheckConstraint("price_minor > 0 AND paid_minor > 0", name="amounts"),
        CheckConstraint("cardinality(rate_ids) > 0", name="rates"),
    )
    audit_type = "order_exchange"

    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    price_minor: Mapped[Minor]
    price_currency: Mapped[Currency]
    paid_minor: Mapped[Minor]
    paid_currency: Mapped[Currency]
    worth_minor: Mapped[Minor]
    rate: Mapped[Decimal]
    rate_ids: Mapped[list[str]]
    observed_on: Mapped[date]
    sources: Mapped[list[str]]
    agreed_at: Mapped[datetime]
