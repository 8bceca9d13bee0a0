"""Orders on every stretch of their road, made through the services."""

import zlib
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from marketplace.accounts.models import User
from marketplace.compliance.models import MineSite
from marketplace.core.actor import PROVIDER, StaffRole
from marketplace.core.ids import new_token
from marketplace.core.money import Money
from marketplace.lots.models import Lot, LotVersion
from marketplace.orders import services
from marketplace.orders.answers import Delivery, Parcel, Receipt, read_delivery
from marketplace.orders.models import Order
from marketplace.orders.queries import price_of
from marketplace.orders.transitions import Action
from marketplace.unit_of_work import UnitOfWork
from tests.builders.documents import papers_of_order
from tests.builders.lots import STONE, Steps, published_lot
from tests.people import actor, buyer, person

DELIVERY_FORM = {
    "recipient": "Bob Jewels",
    "street": "Hafenstrasse 12",
    "city": "Hamburg",
    "postcode": "20457",
    "country": "DE",
    "phone": "+49 40 1234567",
    "instructions": "",
    "terms": "yes",
}
PARCEL_FORM = {
    "carrier": "DHL",
    "tracking": "JD 0146 0000",
    "seal_number": "PS-7781",
    "weight": "3.42",
    "weight_unit": "ct",
    "insured": "5,000",
}


def delivery(name: str = "bob", **other: str) -> Delivery:
    """Return bob's address, or one of his own for a buyer of another name; two strangers share none."""
    own = {} if name == "bob" else {"street": f"{name.title()} Lane 1", "phone": telephone_of(name)}
    return read_delivery({**DELIVERY_FORM, **own, **other})


def telephone_of(name: str) -> str:
    """Return a telephone number that belongs to nobody of another name."""
    return f"+49 {zlib.crc32(name.encode()):010d}"


@dataclass
class Sale:
    """An order with everybody who has to do with it; `as_…` gives a unit of work in that person's name."""

    uow: UnitOfWork
    order: Order
    lot: Lot
    version: LotVersion
    bob: User
    amina: User
    staff: dict[str, User] = field(default_factory=dict)

    def as_buyer(self) -> UnitOfWork:
        """Act as bob, who buys."""
        return self.uow.acting_as(actor(self.uow.session, self.bob))

    def as_cooperative(self) -> UnitOfWork:
        """Act as amina, who sells for the cooperative."""
        return self.uow.acting_as(actor(self.uow.session, self.amina))

    def as_staff(self, name: str, *roles: StaffRole) -> UnitOfWork:
        """Act as a member of staff, made when first named."""
        if name not in self.staff:
            self.staff[name] = person(self.uow, name, *(roles or (StaffRole.MODERATOR, StaffRole.FINANCE)))
        return self.uow.acting_as(actor(self.uow.session, self.staff[name]))

    def as_provider(self) -> UnitOfWork:
        """Act as the payment provider."""
        return self.uow.acting_as(PROVIDER)


def parcel(order: Order, **other: Any) -> Parcel:
    """Return the papers of a parcel that fits the stone of the builders."""
    given = {
        "carrier": "DHL",
        "tracking": f"JD{order.reference[-4:]}",
        "seal_number": "PS-7781",
        "weight_mg": 684,
        "insured": price_of(order),
    }
    return Parcel(**{**given, **other})


def placed_order(
    uow: UnitOfWork,
    *,
    steps: Steps = STONE,
    level: int = 3,
    number: int = 1,
    buyer_name: str = "bob",
    bob: User | None = None,
    of: tuple[MineSite, User] | None = None,
    to: Delivery | None = None,
) -> Sale:
    """Let bob, a new buyer or the one given, order a stone of a new cooperative or the one given; nothing is paid.

    It goes to his own address, or `to` another.
    """
    lot, version, amina = published_lot(uow, of=of, steps=steps, number=number)
    bob = bob or buyer(uow, buyer_name, level=level)[0]
    order = services.buy(
        uow.acting_as(actor(uow.session, bob)),
        lot_reference=lot.reference,
        version_sha256=version.sha256,
        delivery=to or delivery(bob.name),
    )
    return Sale(uow=uow, order=order, lot=lot, version=version, bob=bob, amina=amina)


def funded_order(uow: UnitOfWork, **other: Any) -> Sale:
    """Let the provider say that the payment arrived."""
    sale = placed_order(uow, **other)
    fund(sale)
    return sale


def fund(sale: Sale) -> None:
    """Let the provider say that the payment arrived."""
    services.advance(
        sale.as_provider(),
        order=sale.order,
        action=Action.CAPTURE,
        fee=Money(3_626, sale.order.currency),
        external_ref=f"txn_{new_token()[:12]}",
    )


def pass_time(sale: Sale, step: timedelta) -> None:
    """Let time pass, then let the clock attend to the order until it has nothing to do."""
    sale.uow.now += step
    while services.attend(sale.uow, order_id=sale.order.id):
        sale.uow.session.flush()


def confirmed_order(uow: UnitOfWork, **other: Any) -> Sale:
    """Let the cooperative confirm; every paper is there that the goods need before they leave."""
    sale = funded_order(uow, **other)
    services.advance(sale.as_cooperative(), order=sale.order, action=Action.CONFIRM)
    papers_of_order(uow, sale.order, sale.amina)
    return sale


def shipped_order(uow: UnitOfWork, **other: Any) -> Sale:
    """Let the cooperative ship."""
    sale = confirmed_order(uow, **other)
    services.ship(sale.as_cooperative(), order=sale.order, parcel=parcel(sale.order))
    return sale


def delivered_order(uow: UnitOfWork, **other: Any) -> Sale:
    """Let bob receive the parcel."""
    sale = shipped_order(uow, **other)
    services.receive(sale.as_buyer(), order=sale.order, receipt=Receipt(seal_intact=True, weight_mg=684))
    return sale


def accepted_order(uow: UnitOfWork, **other: Any) -> Sale:
    """Let bob accept the goods; the cooperative's money is on its way."""
    sale = delivered_order(uow, **other)
    services.advance(sale.as_buyer(), order=sale.order, action=Action.ACCEPT)
    return sale
