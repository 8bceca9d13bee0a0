"""Completed sales as the fairness report reads them: one row a sale, by one query, from what was frozen.

The reference of gold is the rate of the guide stored with the lot version, named by its id: the rate both sides saw
when the price was agreed. A later day's rate would make a price fair or unfair by what the market did afterwards.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Numeric,
    Row,
    Select,
    Text,
    and_,
    case,
    cast,
    column,
    exists,
    func,
    literal,
    literal_column,
    select,
    true,
    tuple_,
)
from sqlalchemy.dialects.postgresql import JSONB, JSONPATH
from sqlalchemy.orm import Session

from marketplace.compliance.models import Cooperative
from marketplace.core.money import Money
from marketplace.lots.models import LotVersion
from marketplace.orders.models import Order, ProblemReport
from marketplace.orders.parties import SOLD
from marketplace.payments.models import Payout
from marketplace.pricing.fairness import basis_points, gold_basis_points, share_of_one

PAGE: Final = 50
# Ratios of money and of reference rates are counted in one currency; lots are priced in it.
CURRENCY: Final = "USD"


@dataclass(frozen=True, slots=True)
class SalesFilter:
    """Which completed sales are wanted; `since` and `until` are days of acceptance (UTC), both counted."""

    since: date | None = None
    until: date | None = None
    kind: str | None = None
    country: str | None = None
    cooperative_ids: Collection[UUID] | None = None
    is_below_floor: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FairSale:
    """One completed sale with its two ratios; `achieved` is None where there was no guide.

    `paid` is what a confirmed payout really sent, None before. `floor` is the floor of the stored guide, for the goods
    without fee and premium, and `reason` what the cooperative wrote about its price.
    """

    key: UUID
    reference: str
    title: str
    kind: str
    cooperative: str
    country: str
    is_women_led: bool
    accepted_at: datetime
    price: Money
    gross: Money
    net: Money
    paid: Money | None
    share: Decimal
    paid_share: Decimal | None
    achieved: Decimal | None
    rate_id: str | None
    floor: Money | None
    reason: str | None

    @property
    def is_below_floor(self) -> bool:
        """Tell whether the goods were sold below the floor."""
        return self.floor is not None and self.gross < self.floor

    @property
    def differs(self) -> bool:
        """Tell whether the cooperative was paid another amount than was agreed."""
        return self.paid is not None and self.paid != self.net


def fair_sales(
    session: Session, wanted: SalesFilter, *, after: tuple[datetime, UUID] | None = None, limit: int = PAGE
) -> list[FairSale]:
    """Return sales, newest first, older than `after`; at most `limit`."""
    newest_first = (Order.accepted_at.desc(), Order.id.desc())
    older = () if after is None else (tuple_(Order.accepted_at, Order.id) < after,)
    found = sales_query(wanted).where(*older).order_by(*newest_first).limit(limit)
    if wanted.kind is None and not wanted.is_below_floor:  # then a page is chosen before any document is opened
        page = select(Order.id).join(Cooperative, Cooperative.id == Order.cooperative_id)
        page = page.where(*completed(wanted), *older).order_by(*newest_first).limit(limit)
        found = found.where(Order.id.in_(page.scalar_subquery()))
    return [_sale(row) for row in session.execute(found)]


def streamed_sales(session: Session, wanted: SalesFilter, *, most: int) -> Iterator[FairSale]:
    """Read sales, newest first, a thousand at a time, at most `most`: for a file that may be long."""
    found = sales_query(wanted).order_by(Order.accepted_at.desc(), Order.id.desc()).limit(most)
    for row in session.execute(found, execution_options={"yield_per": 1000}):
        yield _sale(row)


def achieved_basis_points(row: Any) -> int | None:
    """Return the price achieved of a row of `sales_query` in ten thousandths, or None where there was no guide."""
    if row.kind == "gold":
        if row.usd_per_troy_ounce is None:
            return None
        return gold_basis_points(
            row.net_minor,
            weight_mg=row.weight_mg,
            fineness_permille=row.fineness_permille,
            usd_per_troy_ounce=row.usd_per_troy_ounce,
        )
    return basis_points(row.gross_minor, row.middle_minor) if row.middle_minor else None


def sales_query(wanted: SalesFilter) -> Select[*tuple[Any, ...]]:
    """Return the query of completed sales with all that is shown of one."""
    guide, content = _guide(), _content()
    return _of_sales(wanted, content, guide).add_columns(
        Order.id, Order.reference, Order.title, Order.accepted_at, Order.currency,
        Cooperative.legal_name.label("cooperative"), Cooperative.country,
        content.c.reason_for_price.label("reason"),
        case((_is_guided(guide), guide.c.inputs["rate"]["id"].astext)).label("rate_id"),
    )  # fmt: skip


def figures_query(wanted: SalesFilter, *, part: ColumnElement[Any]) -> Select[*tuple[Any, ...]]:
    """Return the query of completed sales with their figures only, and `part`, by which a report tells them apart."""
    return _of_sales(wanted, _content(), _guide()).add_columns(_premium().label("premium_minor"), part.label("part"))


def _of_sales(wanted: SalesFilter, content: Any, guide: Any) -> Select[*tuple[Any, ...]]:
    """Return the figures of completed sales: each document is opened once, and only what is needed comes out of it."""
    # An agreed price, or that of a part, is the order's own; floor and middle shrink with the part.
    gross = func.coalesce(Order.gross_minor, cast(content.c.price["gross_minor"].astext, BigInteger))
    floor = _of_the_part(cast(guide.c.result["floor"]["minor"].astext, BigInteger), content)
    middle = _of_the_part(cast(guide.c.result["middle"]["minor"].astext, BigInteger), content)
    is_guided = _is_guided(guide)
    found = (
        select(
            Order.price_minor, Order.net_minor, gross.label("gross_minor"), floor.label("floor_minor"),
            content.c.kind, content.c.fineness_permille,
            func.coalesce(Order.quantity_mg, content.c.weight_mg).label("weight_mg"),
            cast(content.c.cooperative["women_led"].astext, Boolean).label("is_women_led"),
            case((is_guided, middle)).label("middle_minor"),
            case((is_guided, cast(guide.c.inputs["rate"]["value"].astext, Numeric))).label("usd_per_troy_ounce"),
            Payout.amount_minor.label("paid_minor"), Payout.currency.label("paid_currency"),
        )
        .select_from(Order)
        .join(LotVersion, LotVersion.id == Order.version_id)
        .join(Cooperative, Cooperative.id == Order.cooperative_id)
        .join(content, true())
        .join(guide, true())
        .outerjoin(
            Payout, and_(Payout.order_id == Order.id, Payout.state == "confirmed", Payout.is_repeat.is_(False))
        )
        .where(*completed(wanted))
    )  # fmt: skip
    if wanted.kind is not None:
        found = found.where(content.c.kind == wanted.kind)
    return found.where(gross < floor) if wanted.is_below_floor else found


def _of_the_part(amount: ColumnElement[int], content: Any) -> ColumnElement[int]:
    """Return an amount for the whole lot as that of the part that was sold, rounded once."""
    part = func.round(cast(amount, Numeric) * Order.quantity_mg / content.c.weight_mg)
    return case((Order.quantity_mg.is_(None), amount), else_=cast(part, BigInteger))


def completed(wanted: SalesFilter) -> list[ColumnElement[bool]]:
    """Return what makes an order a completed sale, and the filters that need no document.

    Accepted and not disputed at the end: one with a problem still open, refunded or sent back is never among them.
    """
    open_problem = exists().where(ProblemReport.order_id == Order.id, ProblemReport.resolved_at.is_(None))
    found: list[ColumnElement[bool]] = [
        Order.state.in_([state.value for state in SOLD]),
        Order.currency == CURRENCY,
        Order.frozen_since.is_(None),
        ~open_problem,
    ]
    if wanted.since is not None:
        found.append(Order.accepted_at >= _midnight(wanted.since))
    if wanted.until is not None and wanted.until < date.max:
        found.append(Order.accepted_at < _midnight(wanted.until + timedelta(days=1)))
    if wanted.country is not None:
        found.append(Cooperative.country == wanted.country)
    if wanted.cooperative_ids is not None:
        found.append(Order.cooperative_id.in_(wanted.cooperative_ids))
    return found


def _content() -> Any:
    return (
        func.jsonb_to_record(LotVersion.content)
        .table_valued(
            column("kind", Text), column("weight_mg", BigInteger), column("fineness_permille", Numeric),
            column("reason_for_price", Text), column("price", JSONB), column("cooperative", JSONB),
        )
        .render_derived("content", with_types=True)
    )  # fmt: skip


def _is_guided(guide: Any) -> ColumnElement[bool]:
    found: ColumnElement[bool] = guide.c.result["outcome"].astext == "guided"
    return found


def _guide() -> Any:
    return (
        func.jsonb_to_record(LotVersion.guidance)
        .table_valued(column("result", JSONB), column("inputs", JSONB))
        .render_derived("guide", with_types=True)
    )


def _premium() -> ColumnElement[int]:
    """Return what the standard's premium took of the price."""
    path = literal('$[*] ? (@.payee == "premium").amount_minor', JSONPATH)
    return func.coalesce(cast(func.jsonb_path_query_first(Order.split, path), BigInteger), literal_column("0"))


def _sale(row: Row[*tuple[Any, ...]]) -> FairSale:
    achieved, paid = achieved_basis_points(row), row.paid_minor
    return FairSale(
        key=row.id,
        reference=row.reference,
        title=row.title,
        kind=row.kind,
        cooperative=row.cooperative,
        country=row.country,
        is_women_led=row.is_women_led,
        accepted_at=row.accepted_at,
        price=Money(row.price_minor, row.currency),
        gross=Money(row.gross_minor, row.currency),
        net=Money(row.net_minor, row.currency),
        paid=Money(paid, row.paid_currency) if paid is not None else None,
        share=share_of_one(basis_points(row.net_minor, row.price_minor)),
        paid_share=_paid_share(row),
        achieved=share_of_one(achieved) if achieved is not None else None,
        rate_id=row.rate_id,
        floor=Money(row.floor_minor, CURRENCY) if row.floor_minor is not None else None,
        reason=row.reason,
    )


def _paid_share(row: Row[*tuple[Any, ...]]) -> Decimal | None:
    if row.paid_minor is None or row.paid_currency != row.currency:
        return None
    return share_of_one(basis_points(row.paid_minor, row.price_minor))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=UTC)
