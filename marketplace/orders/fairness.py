"""The fairness report: what share of the price reached cooperatives, and what prices achieved against the guide.

One pass over the sales; what is kept grows with the groups and with the different ratios, not with the sales.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.compliance.models import Cooperative
from marketplace.core.money import Money
from marketplace.orders.comparable_sales import SOLD
from marketplace.orders.fair_sales import CURRENCY, SalesFilter, achieved_basis_points, sales_query
from marketplace.orders.models import Order
from marketplace.pricing.fairness import Summary, Tally, basis_points

MOST_COOPERATIVES: Final = 500
# By what the sales of a report may be told apart; the key of a month is its first day.
BREAKDOWNS: Final[Mapping[str, Callable[[Any], Any]]] = MappingProxyType(
    {
        "month": lambda row: date(row.accepted_at.year, row.accepted_at.month, 1),
        "country": lambda row: row.country,
        "cooperative": lambda row: row.cooperative,
    }
)


class Seller(NamedTuple):
    """A cooperative that sold something."""

    key: UUID
    reference: str
    name: str
    country: str


@dataclass(slots=True)
class Group:
    """Sales that belong together. `unguided` had no guide; `below_floor` were sold below the floor of their guide."""

    shares: Tally = field(default_factory=Tally)
    gold: Tally = field(default_factory=Tally)
    gems: Tally = field(default_factory=Tally)
    unguided: int = 0
    below_floor: int = 0

    def add(self, row: Any, *, share: int, achieved: int | None) -> None:
        """Count a sale."""
        self.shares.add(share, weight=row.price_minor)
        if achieved is None:
            self.unguided += 1
        else:
            (self.gold if row.kind == "gold" else self.gems).add(achieved, weight=row.price_minor)
        self.below_floor += row.floor_minor is not None and row.gross_minor < row.floor_minor

    @property
    def share(self) -> Summary | None:
        """Sum up the shares of the price that reached the cooperative."""
        return self.shares.summary()

    @property
    def count(self) -> int:
        """Return how many sales there are."""
        return self.shares.count


@dataclass(slots=True)
class Report:
    """All sales that fit a filter, and their groups; sums in minor units of `CURRENCY`."""

    whole: Group = field(default_factory=Group)
    kinds: dict[str, Group] = field(default_factory=dict)
    women_led: dict[bool, Group] = field(default_factory=dict)
    parts: dict[Any, Group] = field(default_factory=dict)
    price: int = 0
    net: int = 0
    gross: int = 0
    premium: int = 0
    paid_out: Tally = field(default_factory=Tally)
    differing: int = 0

    def add(self, row: Any, *, part: Any) -> None:
        """Count a row of `sales_query` as one of the group `part`."""
        share, achieved = basis_points(row.net_minor, row.price_minor), achieved_basis_points(row)
        for group in (
            self.whole,
            self.kinds.setdefault(row.kind, Group()),
            self.women_led.setdefault(row.is_women_led, Group()),
            self.parts.setdefault(part, Group()),
        ):
            group.add(row, share=share, achieved=achieved)
        self.price += row.price_minor
        self.net += row.net_minor
        self.gross += row.gross_minor
        self.premium += row.premium_minor
        self._count_payout(row)

    def _count_payout(self, row: Any) -> None:
        if row.paid_minor is None:
            return
        is_same = row.paid_currency == row.currency and row.paid_minor == row.net_minor
        self.differing += not is_same
        if row.paid_currency == row.currency:
            self.paid_out.add(basis_points(row.paid_minor, row.price_minor), weight=row.price_minor)

    @property
    def receivers_total(self) -> Money:
        """Return all prices together."""
        return Money(self.price, CURRENCY)

    @property
    def receivers(self) -> list[tuple[str, Money]]:
        """Return what each kind of receiver got of all prices together; the sums make up the prices exactly."""
        amounts = (
            ("cooperative", self.net),
            ("deduction", self.gross - self.net),
            ("premium", self.premium),
            ("platform", self.price - self.gross - self.premium),
        )
        return [(payee, Money(minor, CURRENCY)) for payee, minor in amounts]


def report(session: Session, wanted: SalesFilter, *, by: str = "month") -> Report:
    """Return the report of completed sales, told apart by a name of BREAKDOWNS."""
    found, part_of = Report(), BREAKDOWNS[by]
    for row in session.execute(sales_query(wanted), execution_options={"yield_per": 2000}):
        found.add(row, part=part_of(row))
    return found


def sales_in_other_currencies(session: Session) -> int:
    """Return how many completed sales the report leaves out because of their currency."""
    states = [state.value for state in SOLD]
    found = select(func.count()).select_from(Order).where(Order.state.in_(states), Order.currency != CURRENCY)
    return session.scalar(found) or 0


def selling_cooperatives(session: Session) -> list[Seller]:
    """Return the cooperatives that sold something, by name; at most 500."""
    has_sold = select(Order.id).where(
        Order.cooperative_id == Cooperative.id, Order.state.in_([state.value for state in SOLD])
    )
    found = select(Cooperative.id, Cooperative.reference, Cooperative.legal_name, Cooperative.country)
    rows = session.execute(found.where(has_sold.exists()).order_by(Cooperative.legal_name).limit(MOST_COOPERATIVES))
    return [Seller(*row) for row in rows]
