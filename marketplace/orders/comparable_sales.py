"""Finished sales of stones, as the price guide reads them: what each lot was when it was sold, and for how much."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Row,
    Select,
    String,
    TableValuedAlias,
    cast,
    column,
    exists,
    func,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from marketplace.core.money import Money
from marketplace.lots.models import LotVersion
from marketplace.orders.models import Order, ProblemReport
from marketplace.orders.parties import SOLD, groups_of_market, party_of_buyer, party_of_cooperative
from marketplace.payments.models import Refund
from marketplace.pricing.comparables import OLDEST_MONTHS, Sale, months_before
from marketplace.pricing.description import LotDescription

MOST: Final = 500
# Read of one buyer and one cooperative: two can count, and a flood between two must not push others out.
MOST_OF_TWO: Final = 10


def sales_like(session: Session, description: LotDescription, *, on: date) -> tuple[Sale, ...]:
    """Return the newest sales of the variety in the 24 months until `on`, 500 at most; nothing for gold.

    Only what must be the same is chosen here (form, treatment), so that the newest 500 are of use; pricing decides
    what counts. Three queries however many sales there are.
    """
    if description.kind != "gem" or description.variety is None:
        return ()
    rows = session.execute(_query(description, on)).all()
    groups = groups_of_market(session) if rows else {}
    return tuple(_sale(row, description.variety, groups) for row in rows)


def _query(description: LotDescription, on: date) -> Select[*tuple[Any, ...]]:
    facts = _facts()
    found = (
        select(
            Order.id,
            Order.reference,
            Order.buyer_id,
            Order.cooperative_id,
            Order.accepted_at,
            *(column for column in facts.c if column.name not in {"kind", "variety", "price"}),
            Order.quantity_mg,
            _gross(facts).label("gross_minor"),
            facts.c.price["currency"].label("currency"),
            func.row_number()
            .over(partition_by=(Order.buyer_id, Order.cooperative_id), order_by=_newest_first(Order))
            .label("place"),
        )
        .select_from(Order)
        .join(LotVersion, LotVersion.id == Order.version_id)
        .join(facts, true())
        .where(
            Order.state.in_([state.value for state in SOLD]),
            Order.accepted_at >= _midnight(months_before(on, OLDEST_MONTHS)),
            Order.accepted_at < _midnight(on + timedelta(days=1)),
            facts.c.kind == "gem",
            facts.c.variety == description.variety,
            facts.c.form == description.form,
            facts.c.treatment == description.treatment,
        )
        .subquery()
    )
    reported = exists().where(ProblemReport.order_id == found.c.id)
    # Money that goes back, even a part of it or after acceptance, says that the price did not stand.
    refunded = exists().where(Refund.order_id == found.c.id)
    return (
        select(found, reported.label("is_disputed"), refunded.label("is_returned"))
        .where(found.c.place <= MOST_OF_TWO)
        .order_by(*_newest_first(found.c))
        .limit(MOST)
    )


def _gross(facts: TableValuedAlias) -> ColumnElement[int]:
    """Return the price of the goods alone; an agreed price, or that of a part, is the order's own."""
    return func.coalesce(Order.gross_minor, cast(facts.c.price["gross_minor"].astext, BigInteger))


def _facts() -> TableValuedAlias:
    """Return what a lot version says of the goods as columns: its content is unpacked once, not once a fact."""
    texts = [column(name, String) for name in ("kind", "variety", "form", "country", "treatment", "grade", "parcel")]
    numbers = [column(name, BigInteger) for name in ("weight_mg", "pieces")]
    record = func.jsonb_to_record(LotVersion.content).table_valued(*texts, *numbers, column("price", JSONB))
    return record.render_derived(name="facts", with_types=True)


def _newest_first(columns: Any) -> tuple[ColumnElement[Any], ...]:
    return columns.accepted_at.desc(), columns.id.desc()


def _sale(row: Row[*tuple[Any, ...]], variety: str, groups: Mapping[str, str]) -> Sale:
    seller, buyer = party_of_cooperative(row.cooperative_id), party_of_buyer(row.buyer_id)
    return Sale(
        reference=row.reference,
        seller=seller,
        buyer=buyer,
        sold_on=row.accepted_at.date(),
        # The goods alone: what the buyer paid without platform fee and premium.
        value=Money(row.gross_minor, row.currency),
        description=LotDescription(
            kind="gem",
            form=row.form,
            origin_country=row.country,
            weight_mg=row.quantity_mg or row.weight_mg,
            pieces=max(1, round(row.pieces * Fraction(row.quantity_mg or row.weight_mg, row.weight_mg))),
            variety=variety,
            treatment=row.treatment,
            grade=row.grade,
            parcel=row.parcel,
        ),
        is_disputed=row.is_disputed,
        is_returned=row.is_returned,
        seller_group=groups.get(seller, seller),
        buyer_group=groups.get(buyer, buyer),
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=UTC)
