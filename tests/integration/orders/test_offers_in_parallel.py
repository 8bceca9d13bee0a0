"""Fifty buyers, two acceptances, a hold beside a purchase: however they race, nothing is given twice."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.core.actor import Actor
from marketplace.core.clock import SetClock
from marketplace.core.errors import DomainError
from marketplace.http.context import make_uow
from marketplace.http.database import db
from marketplace.lots.models import LotStock
from marketplace.orders import services
from marketplace.orders.models import LotClaim, Order
from marketplace.orders.negotiation_models import Negotiation, Offer
from marketplace.unit_of_work import UnitOfWork, running
from tests import databases
from tests.builders.offers import DUST, Market, market
from tests.builders.orders import delivery
from tests.conftest import TODAY
from tests.people import actor, buyer

pytestmark = pytest.mark.slow
BUYERS = 50
AT_ONCE = 14  # the pool holds 16 connections, and waits 5 seconds for one
Deed = Callable[[UnitOfWork], object]


@pytest.fixture
def own_app(tmp_path: Path) -> Iterator[Flask]:
    """An application on a database of its own, where transactions are real."""
    with databases.copy("offers_parallel") as url:
        app = databases.application(url, data_dir=tmp_path, clock=SetClock(TODAY))
        yield app
        with app.app_context():
            db.engine.dispose()


def race(app: Flask, deeds: Sequence[tuple[Actor, Deed]]) -> Counter[str]:
    """Do everything at once, each in a transaction of its own; return what came of it."""
    outcomes: list[str] = []
    start = threading.Barrier(len(deeds))
    connections = threading.Semaphore(AT_ONCE)

    def run(who: Actor, deed: Deed) -> None:
        start.wait(timeout=60)
        with connections, app.app_context():
            try:
                with running(lambda: make_uow(who)) as uow:
                    deed(uow)
                outcomes.append("done")
            except DomainError as error:
                outcomes.append(error.code)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=each) for each in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert len(outcomes) == len(deeds), "nobody waits for ever"
    return Counter(outcomes)


def made(app: Flask, *, steps: object = None) -> tuple[str, str, list[Actor], Actor]:
    """Put a lot on sale; return its reference and version, fifty buyers and the cooperative."""
    with app.app_context(), running(make_uow) as uow:
        m = market(uow, steps=steps) if steps else market(uow)  # type: ignore[arg-type]
        people = [actor(uow.session, buyer(uow, f"buyer {number}", level=3)[0]) for number in range(BUYERS)]
        return m.lot.reference, m.version.sha256, people, actor(uow.session, m.amina)


def purchase(reference: str, sha256: str, *, part_mg: int | None = None) -> Deed:
    return lambda uow: services.buy(
        uow, lot_reference=reference, version_sha256=sha256, delivery=delivery(), part_mg=part_mg
    )


def counted(app: Flask, table: type) -> int:
    with app.app_context():
        session = make_uow().session
        number = session.scalar(select(func.count()).select_from(table)) or 0
        session.close()
        return int(number)


def live_claims(app: Flask) -> int:
    with app.app_context():
        session = make_uow().session
        live = select(func.count()).where(LotClaim.state.in_(("active", "settling", "consumed")))
        number = session.scalar(live) or 0
        session.close()
        return int(number)


def test_fifty_buyers_at_one_lot_make_one_order(own_app: Flask) -> None:
    reference, sha256, people, _amina = made(own_app)

    outcomes = race(own_app, [(who, purchase(reference, sha256)) for who in people])

    assert outcomes["done"] == 1
    assert sum(outcomes.values()) == BUYERS
    assert set(outcomes) <= {"done", "reserved", "lot_taken"}
    assert (counted(own_app, Order), live_claims(own_app)) == (1, 1)


def test_fifty_buyers_of_ten_parts_make_ten_orders_and_no_gram_more(own_app: Flask) -> None:
    reference, sha256, people, _amina = made(own_app, steps=DUST)

    outcomes = race(own_app, [(who, purchase(reference, sha256, part_mg=10_000)) for who in people])

    assert outcomes == {"done": 10, "part_refused": BUYERS - 10}
    with own_app.app_context():
        session = make_uow().session
        stock = session.scalars(select(LotStock)).one()
        orders = session.scalars(select(Order)).all()
        assert (stock.free_mg, stock.free_minor) == (0, 0)
        assert sum(order.quantity_mg or 0 for order in orders) == 100_000
        assert sum(order.price_minor for order in orders) == 1_155_000
        session.close()


def test_two_acceptances_of_two_negotiations_give_one_claim(own_app: Flask) -> None:
    with own_app.app_context(), running(make_uow) as uow:
        m = market(uow)
        keys = [m.offer(800 + number, name=name).id for number, name in enumerate(("bob", "carol"))]
        amina = actor(uow.session, m.amina)

    outcomes = race(own_app, [(amina, _accepts(key)) for key in keys])

    assert outcomes["done"] == 1
    assert sum(outcomes.values()) == 2
    assert live_claims(own_app) == 1
    with own_app.app_context():
        session = make_uow().session
        states = sorted((offer.state, offer.waiting_since is None) for offer in session.scalars(select(Offer)))
        assert states == [("accepted", True), ("open", False)], "the other one waits"
        session.close()


@pytest.mark.parametrize("round_no", range(3))
def test_acceptance_purchase_and_hold_at_once_give_one_claim(own_app: Flask, round_no: int) -> None:
    del round_no
    with own_app.app_context(), running(make_uow) as uow:
        m = market(uow)
        keys = [m.offer(800 + number, name=name).id for number, name in enumerate(("bob", "carol", "dave"))]
        amina = actor(uow.session, m.amina)
        others = [_actor(m, name) for name in ("erin", "frank", "grace", "heidi")]
        buys, holds = purchase(m.lot.reference, m.version.sha256), _holds(m.lot.reference)

    deeds = [*((amina, _accepts(key)) for key in keys), *((who, buys) for who in others[:2])]
    outcomes = race(own_app, [*deeds, *((who, holds) for who in others[2:])])

    assert outcomes["done"] == 1
    assert live_claims(own_app) == 1


def test_the_buyer_withdraws_while_the_cooperative_accepts(own_app: Flask) -> None:
    with own_app.app_context(), running(make_uow) as uow:
        m = market(uow)
        key = m.offer(800).id
        amina, bob = actor(uow.session, m.amina), _actor(m, "bob")

    def withdraws(uow: UnitOfWork) -> None:
        services.withdraw_offer(uow, negotiation=uow.session.get_one(Negotiation, key))

    outcomes = race(own_app, [(amina, _accepts(key)), (bob, withdraws)])

    assert outcomes == {"done": 1, "transition_refused": 1}
    assert live_claims(own_app) in {0, 1}


def _accepts(key: object) -> Deed:
    return lambda uow: services.accept_offer(uow, negotiation=uow.session.get_one(Negotiation, key))


def _holds(reference: str) -> Deed:
    return lambda uow: services.hold(uow, lot_reference=reference)


def _actor(m: Market, name: str) -> Actor:
    return m.as_buyer(name).actor
