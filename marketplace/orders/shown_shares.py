"""The share of the price that reached cooperatives, as members of others and the public may read it.

Which figures may be shown is decided in pricing.disclosure: whole quarters, enough sales of enough others.
"""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.compliance.models import Cooperative
from marketplace.orders.fair_sales import SalesFilter, completed
from marketplace.orders.models import Order
from marketplace.pricing import disclosure
from marketplace.pricing.fairness import Tally, basis_points

QUARTERS: Final = 4


@dataclass(frozen=True, slots=True)
class ShownShare:
    """The median share of a whole quarter, to a whole percent; `until` is its last day."""

    since: date
    until: date
    median: Decimal
    count: int


@dataclass(slots=True)
class _Sales:
    """The sales of one quarter in one country, or in all."""

    tally: Tally = field(default_factory=Tally)
    of_seller: Counter[str] = field(default_factory=Counter)

    def add(self, seller: str, *, share: int, weight: int) -> None:
        """Count a sale."""
        self.tally.add(share, weight=weight)
        self.of_seller[seller] += 1


def share_of_country(session: Session, country: str, *, own: Collection[UUID], on: date) -> ShownShare | None:
    """Return the newest figure of a country that a member of the cooperatives `own` may read, or None."""
    everywhere, there = _read(session, on), _read(session, on, country=country)
    readers = {str(key) for key in own}
    for quarter in disclosure.whole_quarters(on, QUARTERS):
        part = there[quarter].of_seller
        if disclosure.may_read(part, own=readers) and disclosure.hides_the_rest(everywhere[quarter].of_seller, part):
            return _shown(quarter, there[quarter])
    return None


def share_of_all(session: Session, *, on: date) -> ShownShare | None:
    """Return the newest figure of the whole marketplace that everybody may read, or None."""
    everywhere = _read(session, on)
    for quarter in disclosure.whole_quarters(on, QUARTERS):
        if disclosure.may_be_public(everywhere[quarter].of_seller):
            return _shown(quarter, everywhere[quarter])
    return None


def _read(session: Session, on: date, *, country: str | None = None) -> defaultdict[date, _Sales]:
    oldest, until = list(disclosure.whole_quarters(on, QUARTERS))[-1], disclosure.quarter_of(on) - timedelta(days=1)
    found = (
        select(Order.accepted_at, Order.cooperative_id, Order.net_minor, Order.price_minor)
        .join(Cooperative, Cooperative.id == Order.cooperative_id)
        .where(*completed(SalesFilter(since=oldest, until=until, country=country)))
    )
    sales: defaultdict[date, _Sales] = defaultdict(_Sales)
    for row in session.execute(found, execution_options={"yield_per": 2000}):
        share = basis_points(row.net_minor, row.price_minor)
        quarter = disclosure.quarter_of(row.accepted_at.date())
        sales[quarter].add(str(row.cooperative_id), share=share, weight=row.price_minor)
    return sales


def _shown(quarter: date, sales: _Sales) -> ShownShare:
    summary = sales.tally.summary()
    if summary is None:
        raise AssertionError("a figure that may be shown is of some sales")
    until = disclosure.quarter_of(quarter + timedelta(days=93)) - timedelta(days=1)
    return ShownShare(quarter, until, disclosure.whole_percent(summary.middle), summary.count)
