"""Whatever buyers, cooperative and clock do, and in any order: one live claim a lot, and never more than there is."""

import random
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace.core.actor import PROVIDER
from marketplace.core.errors import DomainError
from marketplace.core.money import Money
from marketplace.lots.queries import listing_of, stock_of
from marketplace.orders import services
from marketplace.orders.claims import LIVE
from marketplace.orders.models import LotClaim, Order
from marketplace.orders.negotiation_models import Negotiation, Offer
from marketplace.orders.offer_queries import is_reserved
from marketplace.orders.transitions import Action
from marketplace.unit_of_work import UnitOfWork
from tests.builders.lots import STONE
from tests.builders.offers import DUST, Market, market
from tests.integration.orders.test_offers import attend

NAMES = ("bob", "carol", "dave")
PARTS = (10_000, 20_000, 35_000, 60_000)


class Walk:
    """Does one thing after another by chance; what is refused changes nothing."""

    def __init__(self, m: Market, chance: random.Random, *, in_parts: bool) -> None:
        self.m, self.chance, self.in_parts = m, chance, in_parts
        self.done = 0

    def step(self) -> None:
        deed = self.chance.choice(
            (self.offer, self.answer, self.answer, self.hold, self.let_go, self.buy, self.pay, self.cancel, self.wait)
        )
        try:
            with self.m.uow.session.begin_nested():
                deed()
                self.m.uow.session.flush()
            self.done += 1
        except DomainError:
            self.m.uow.session.expire_all()

    def part(self) -> int | None:
        return self.chance.choice(PARTS) if self.in_parts else None

    def offer(self) -> None:
        self.m.offer(self.chance.randint(700, 976), name=self.chance.choice(NAMES), part_mg=self.part())

    def answer(self) -> None:
        talks = self.m.uow.session.scalars(select(Negotiation).order_by(Negotiation.id)).all()
        if not talks:
            return
        talk = self.chance.choice(talks)
        who = self.chance.choice((self.m.as_cooperative(), *map(self.m.as_buyer, NAMES)))
        answers: tuple[Callable[[], object], ...] = (
            lambda: services.accept_offer(who, negotiation=talk),
            lambda: services.decline_offer(who, negotiation=talk),
            lambda: services.withdraw_offer(who, negotiation=talk),
            lambda: services.counter_offer(who, negotiation=talk, amount=Money(self.chance.randint(1, 97_650), "USD")),
        )
        self.chance.choice(answers)()

    def hold(self) -> None:
        who = self.m.as_buyer(self.chance.choice(NAMES))
        services.hold(who, lot_reference=self.m.lot.reference, part_mg=self.part())

    def let_go(self) -> None:
        claim = self.m.uow.session.scalars(select(LotClaim).where(LotClaim.state == "active")).first()
        if claim is not None:
            services.end_hold(self.m.as_buyer(self.chance.choice(NAMES)), claim_id=claim.id)

    def buy(self) -> None:
        self.m.buy(self.chance.choice(NAMES), part_mg=self.part())

    def pay(self) -> None:
        order = self._order("pending_payment")
        fee = Money(100, "USD")
        provider = self.m.uow.acting_as(PROVIDER)
        services.advance(provider, order=order, action=Action.CAPTURE, fee=fee, external_ref=f"t{order.id}")

    def cancel(self) -> None:
        if self.chance.random() < 0.5:
            services.end_unpaid(self.m.uow.acting_as(PROVIDER), order=self._order("pending_payment"))
            return
        order = self._order("funded")
        name = next(name for name, user in self.m.buyers.items() if user.id == order.buyer_user_id)
        services.cancel(self.m.as_buyer(name), order=order)

    def wait(self) -> None:
        self.m.at(self.m.uow.now + timedelta(hours=self.chance.randint(1, 30)))
        attend(self.m)

    def _order(self, state: str) -> Order:
        order = self.m.uow.session.scalars(select(Order).where(Order.state == state)).first()
        if order is None:
            raise DomainError
        return order

    def check(self) -> None:
        session = self.m.uow.session
        live = session.scalars(select(LotClaim).where(LotClaim.lot_id == self.m.lot.id, LotClaim.state.in_(LIVE))).all()
        listing, row = listing_of(session, self.m.lot.id), stock_of(session, self.m.lot.id)
        if listing is None:  # an order that the cooperative never confirmed took the lot off sale
            assert self.m.lot.state == "withdrawn"
            assert row is not None or not live
            return
        if row is None:
            assert len(live) <= 1
            assert listing.availability == ("reserved" if live else "available")
            self._check_waiting()
            return
        taken = sum(claim.quantity_mg or 0 for claim in live)
        paid = sum(claim.list_minor or 0 for claim in live)
        assert row.free_mg + taken == row.whole_mg
        assert row.free_minor + paid == row.price_minor
        assert listing.availability == ("available" if row.free_mg else "reserved")

    def _check_waiting(self) -> None:
        session = self.m.uow.session
        found = select(Offer, Negotiation).join(Negotiation, Negotiation.id == Offer.negotiation_id)
        for offer, negotiation in session.execute(found.where(Offer.state == "open")):
            taken = is_reserved(session, self.m.lot.id, buyer_id=negotiation.buyer_id, now=self.m.uow.now)
            assert (offer.waiting_since is not None) >= taken, "who has to wait is waiting"


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_no_order_of_events_gives_anything_twice(uow: UnitOfWork, seed: int) -> None:
    in_parts = seed % 2 == 1
    m = market(uow, steps=DUST if in_parts else STONE)
    for name in NAMES:
        m.as_buyer(name)
    walk = Walk(m, random.Random(seed), in_parts=in_parts)
    for _ in range(40):
        walk.step()
        walk.check()
    assert walk.done > 10
    uow.check_audited()
