"""Finished sales of stones, as the price guide reads them: what each lot was when it was sold, and for how much."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import Row, Select, exists, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import CooperativeMember
from marketplace.core.money import Money
from marketplace.lots.models import LotVersion
from marketplace.orders.models import Order, ProblemReport
from marketplace.orders.transitions import State
from marketplace.pricing.comparables import OLDEST_MONTHS, Sale, months_before
from marketplace.pricing.description import LotDescription

# Accepted is accepted: a payout that failed is sent again and says nothing about the price.
SOLD: Final = (State.ACCEPTED, State.RELEASING, State.RELEASED, State.RELEASE_FAILED)
MOST: Final = 500


def sales_like(session: Session, description: LotDescription, *, on: date) -> tuple[Sale, ...]:
    """Return the newest sales of the variety in the 24 months until `on`, 500 at most; nothing for gold.

    Orders accepted only: those refunded or sent back are never among them, so `is_returned` stays False.
    """
    if description.kind != "gem" or description.variety is None:
        return ()
    return tuple(_sale(row) for row in session.execute(_query(description.variety, on)))


def _query(variety: str, on: date) -> Select[*tuple[Any, ...]]:
    reported = exists().where(ProblemReport.order_id == Order.id)
    is_officer = exists().where(
        CooperativeMember.user_id == Order.buyer_user_id, CooperativeMember.cooperative_id == Order.cooperative_id
    )
    return (
        select(
            Order.reference,
            Order.buyer_id,
            Order.cooperative_id,
            Order.accepted_at,
            LotVersion.content,
            reported.label("is_disputed"),
            is_officer.label("is_related"),
        )
        .join(LotVersion, LotVersion.id == Order.version_id)
        .where(
            Order.state.in_([state.value for state in SOLD]),
            Order.accepted_at >= _midnight(months_before(on, OLDEST_MONTHS)),
            Order.accepted_at < _midnight(on + timedelta(days=1)),
            LotVersion.content["kind"].astext == "gem",
            LotVersion.content["variety"].astext == variety,
        )
        .order_by(Order.accepted_at.desc(), Order.id.desc())
        .limit(MOST)
    )


def _sale(row: Row[*tuple[Any, ...]]) -> Sale:
    price = row.content["price"]
    return Sale(
        reference=row.reference,
        seller=str(row.cooperative_id),
        buyer=str(row.buyer_id),
        sold_on=row.accepted_at.date(),
        # The goods alone: what the buyer paid without platform fee and premium.
        value=Money(price["gross_minor"], price["currency"]),
        description=_description(row.content),
        is_disputed=row.is_disputed,
        is_related=row.is_related,
    )


def _description(content: Mapping[str, Any]) -> LotDescription:
    return LotDescription(
        kind="gem",
        form=content["form"],
        origin_country=content["country"],
        weight_mg=content["weight_mg"],
        pieces=content["pieces"],
        variety=content["variety"],
        treatment=content["treatment"],
        grade=content["grade"],
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=UTC)
