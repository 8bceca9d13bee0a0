"""Lots with offers about them, and lots sold in parts, made through the services."""

from dataclasses import dataclass, field
from datetime import datetime

from marketplace.accounts.models import User
from marketplace.core.money import Money
from marketplace.lots.models import Lot, LotVersion
from marketplace.orders import services
from marketplace.orders.models import Order
from marketplace.orders.negotiation_models import Negotiation
from marketplace.orders.offer_queries import Talk, talk_of
from marketplace.unit_of_work import UnitOfWork
from tests.builders.lots import GOLD, STONE, Steps, published_lot
from tests.builders.orders import delivery
from tests.people import actor, buyer

# 100 g of gold dust, sold by 10 g and more
DUST: Steps = {
    **GOLD,
    "kind": {"form": "dust"},
    "weight": {"weight": "100", "weight_unit": "g", "pieces": "1", "divisible": "yes", "least_part": "10"},
    "price": {"wanted": "11,000", "wanted_currency": "USD", "reason": "The buyer fetches it from the mine."},
}


@dataclass
class Market:
    """A lot on sale with its cooperative and the buyers who are made when first named."""

    uow: UnitOfWork
    lot: Lot
    version: LotVersion
    amina: User
    buyers: dict[str, User] = field(default_factory=dict)

    def as_buyer(self, name: str = "bob", *, level: int = 3) -> UnitOfWork:
        """Act as a buyer."""
        if name not in self.buyers:
            self.buyers[name] = buyer(self.uow, name, level=level)[0]
        return self.uow.acting_as(actor(self.uow.session, self.buyers[name]))

    def as_cooperative(self) -> UnitOfWork:
        """Act as amina, who sells for the cooperative."""
        return self.uow.acting_as(actor(self.uow.session, self.amina))

    def at(self, moment: datetime) -> None:
        """Let it be this moment for everybody."""
        self.uow.now = moment

    def offer(self, dollars: int, *, name: str = "bob", part_mg: int | None = None) -> Negotiation:
        """Let a buyer offer so many whole dollars."""
        return services.make_offer(
            self.as_buyer(name),
            lot_reference=self.lot.reference,
            version_sha256=self.version.sha256,
            amount=usd(dollars),
            part_mg=part_mg,
        )

    def buy(self, name: str = "bob", *, part_mg: int | None = None, expected: Money | None = None) -> Order:
        """Let a buyer order."""
        return services.buy(
            self.as_buyer(name),
            lot_reference=self.lot.reference,
            version_sha256=self.version.sha256,
            delivery=delivery(name),
            part_mg=part_mg,
            expected_minor=expected.minor if expected is not None else None,
        )

    def talk(self, negotiation: Negotiation) -> Talk:
        """Return where a negotiation stands now."""
        self.uow.session.flush()
        return talk_of(self.uow.session, negotiation, now=self.uow.now)


def usd(dollars: int) -> Money:
    """Return whole dollars."""
    return Money(dollars * 100, "USD")


def market(uow: UnitOfWork, *, steps: Steps = STONE, number: int = 1) -> Market:
    """Put a lot on sale: the stone of the builders for USD 1,050.00 net of which 930 go to the cooperative."""
    lot, version, amina = published_lot(uow, steps=steps, number=number)
    return Market(uow, lot, version, amina)
