"""The fairness report: what share of the price reached cooperatives, and what prices achieved against the guide.

One pass over the sales; what is kept grows with the groups and with the different ratios, not with the sales.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Date, cast, func, select
from sqlalchemy.orm import Session

from marketplace.compliance.models import Cooperative
from marketplace.core.money import Money
from marketplace.orders.fair_sales import CURRENCY, SalesFilter, achieved_basis_points, figures_query
from marketplace.orders.models import Order
from marketplace.orders.parties import SOLD
from marketplace.pricing.fairness import Summary, Tally, basis_points

MOST_COOPERATIVES: Final = 500
# By what the sales of a report may be told apart; the key of a month is its first day.
BREAKDOWNS: Final[Mapping[str, ColumnElement[Any]]] = MappingProxyType(
    {
        "month": cast(func.date_trunc("month", func.timezone("UTC", Order.accepted_at)), Date),
        "country": Cooperative.__table__.c.country,
        "cooperative": Cooperative.__table__.c.legal_name,
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
    """Sales that belong together; sums in minor units of `CURRENCY`.

    `unguided` had no guide; `below_floor` were sold below the floor of their guide; `differing` were paid out otherwise
    than agreed.
    """

    shares: Tally = field(default_factory=Tally)
    gold: Tally = field(default_factory=Tally)
    gems: Tally = field(default_factory=Tally)
    paid_out: Tally = field(default_factory=Tally)
    price: int = 0
    net: int = 0
    gross: int = 0
    premium: int = 0
    unguided: int = 0
    below_floor: int = 0
    differing: int = 0

    def add(self, row: Any) -> None:
        """Count a row of `figures_query`."""
        price = row.price_minor
        self.shares.add(basis_points(row.net_minor, price), weight=price)
        achieved = achieved_basis_points(row)
        if achieved is None:
            self.unguided += 1
        else:
            (self.gold if row.kind == "gold" else self.gems).add(achieved, weight=price)
        self.below_floor += row.floor_minor is not None and row.gross_minor < row.floor_minor
        self.price += price
        self.net += row.net_minor
        self.gross += row.gross_minor
        self.premium += row.premium_minor
        if row.paid_minor is not None:
            self._count_payout(row)

    def _count_payout(self, row: Any) -> None:
        self.differing += row.paid_currency != CURRENCY or row.paid_minor != row.net_minor
        if row.paid_currency == CURRENCY:
            self.paid_out.add(basis_points(row.paid_minor, row.price_minor), weight=row.price_minor)

    def include(self, other: "Group") -> None:
        """Count the sales of another group."""
        for name in ("shares", "gold", "gems", "paid_out"):
            getattr(self, name).include(getattr(other, name))
        for name in ("price", "net", "gross", "premium", "unguided", "below_floor", "differing"):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    @property
    def share(self) -> Summary | None:
        """Sum up the shares of the price that reached the cooperative."""
        return self.shares.summary()

    @property
    def count(self) -> int:
        """Return how many sales there are."""
        return self.shares.count

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


@dataclass(slots=True)
class Report:
    """All sales that fit a filter, and their groups."""

    whole: Group = field(default_factory=Group)
    kinds: defaultdict[str, Group] = field(default_factory=lambda: defaultdict(Group))
    women_led: defaultdict[bool, Group] = field(default_factory=lambda: defaultdict(Group))
    parts: defaultdict[Any, Group] = field(default_factory=lambda: defaultdict(Group))


def report(session: Session, wanted: SalesFilter, *, by: str = "month") -> Report:
    """Return the report of completed sales, told apart by a name of BREAKDOWNS."""
    finest: defaultdict[tuple[str, bool, Any], Group] = defaultdict(Group)
    rows = session.execute(figures_query(wanted, part=BREAKDOWNS[by]), execution_options={"yield_per": 5000})
    for row in rows:
        finest[row.kind, row.is_women_led, row.part].add(row)
    found = Report()
    for (kind, is_women_led, part), group in finest.items():
        for wider in (found.whole, found.kinds[kind], found.women_led[is_women_led], found.parts[part]):
            wider.include(group)
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
