"""A lot sold in parts: never more than there is, and the parts sum to its price."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from marketplace.core.actor import PROVIDER
from marketplace.core.errors import InvalidInput
from marketplace.core.money import Money
from marketplace.lots.models import LotStock
from marketplace.lots.parts import PartRefused
from marketplace.lots.queries import listing_of, stock_of
from marketplace.lots.services import LotClaimed, save_step, withdraw
from marketplace.orders import services
from marketplace.orders.answers import Receipt
from marketplace.orders.models import LotClaim, Order
from marketplace.orders.transitions import Action
from marketplace.unit_of_work import UnitOfWork
from tests.builders.documents import papers_of_order
from tests.builders.offers import DUST, Market, market, usd
from tests.builders.orders import parcel
from tests.integration.orders.test_offers import attend, availability

FEE = Money(1_000, "USD")


def stock(m: Market) -> LotStock:
    m.uow.session.flush()
    found = stock_of(m.uow.session, m.lot.id)
    assert found is not None
    return found


def figures(m: Market) -> tuple[int, int, int]:
    row = stock(m)
    return row.free_mg, row.sold_mg, row.free_minor


def fund(m: Market, order: Order) -> None:
    ref = f"txn_{order.reference}"
    services.advance(m.uow.acting_as(PROVIDER), order=order, action=Action.CAPTURE, fee=FEE, external_ref=ref)


def finish(m: Market, order: Order, name: str) -> None:
    """Lead a paid order to its acceptance."""
    fund(m, order)
    services.advance(m.as_cooperative(), order=order, action=Action.CONFIRM)
    assert order.quantity_mg is not None
    papers = parcel(order, weight_mg=order.quantity_mg, tracking=f"JD{order.reference}")
    papers_of_order(m.uow, order, m.amina)
    services.ship(m.as_cooperative(), order=order, parcel=papers)
    services.receive(m.as_buyer(name), order=order, receipt=Receipt(seal_intact=True, weight_mg=order.quantity_mg))
    services.advance(m.as_buyer(name), order=order, action=Action.ACCEPT)


def test_parts_are_sold_one_after_the_other_until_nothing_is_free(uow: UnitOfWork) -> None:
    m = market(uow, steps=DUST)
    # 11,550.00 for 100 g
    assert figures(m) == (100_000, 0, 1_155_000)
    bobs = m.buy("bob", part_mg=25_000)
    assert (bobs.price_minor, bobs.quantity_mg, bobs.title) == (288_750, 25_000, "Gold dust, 25.00 g, 920 ‰")
    # fee 500 of 10,500 of 2,887.50 is 137.50
    assert (bobs.net_minor, [line["amount_minor"] for line in bobs.split]) == (275_000, [275_000, 13_750])
    assert (availability(m), figures(m)) == ("available", (75_000, 0, 866_250))
    carols = m.buy("carol", part_mg=65_000)
    with pytest.raises(PartRefused, match="Only 10 g"):
        m.buy("dave", part_mg=10_001)
    daves = m.buy("dave", part_mg=10_000)
    assert (availability(m), figures(m)) == ("reserved", (0, 0, 0))
    with pytest.raises(PartRefused, match="Nothing of this lot is free now"):
        m.buy("erin", part_mg=10_000)

    assert bobs.price_minor + carols.price_minor + daves.price_minor == 1_155_000
    finish(m, bobs, "bob")
    assert (m.lot.state, availability(m), figures(m)) == ("published", "reserved", (0, 25_000, 0))
    finish(m, carols, "carol")
    finish(m, daves, "dave")
    assert (m.lot.state, availability(m), figures(m)) == ("sold", "sold", (0, 100_000, 0))
    uow.check_audited()


def test_a_cancelled_or_refunded_part_is_for_sale_again(uow: UnitOfWork) -> None:
    m = market(uow, steps=DUST)
    unpaid, paid = m.buy("bob", part_mg=90_000), m.buy("carol", part_mg=10_000)
    assert availability(m) == "reserved"
    services.cancel(m.as_buyer("bob"), order=unpaid)
    services.end_unpaid(uow.acting_as(PROVIDER), order=unpaid)
    assert (availability(m), figures(m)) == ("available", (90_000, 0, 1_039_500))
    fund(m, paid)
    services.cancel(m.as_buyer("carol"), order=paid)

    assert (paid.state, figures(m)) == ("refunding", (100_000, 0, 1_155_000))


def test_a_part_the_cooperative_cannot_deliver_takes_the_rest_off_sale(uow: UnitOfWork) -> None:
    m = market(uow, steps=DUST)
    bobs, carols = m.buy("bob", part_mg=20_000), m.buy("carol", part_mg=30_000)
    fund(m, bobs)
    fund(m, carols)
    services.advance(m.as_cooperative(), order=bobs, action=Action.DECLINE, reason="not_in_hand", note="")

    assert (m.lot.state, listing_of(uow.session, m.lot.id)) == ("withdrawn", None)
    assert figures(m) == (70_000, 0, 808_500)
    services.advance(m.as_cooperative(), order=carols, action=Action.DECLINE, reason="not_in_hand", note="")
    assert figures(m) == (100_000, 0, 1_155_000)
    uow.check_audited()


def test_the_other_parts_go_their_way_after_the_lot_was_taken_off(uow: UnitOfWork) -> None:
    m = market(uow, steps=DUST)
    bobs, carols = m.buy("bob", part_mg=20_000), m.buy("carol", part_mg=30_000)
    fund(m, bobs)
    services.advance(m.as_cooperative(), order=bobs, action=Action.DECLINE, reason="not_in_hand", note="")
    finish(m, carols, "carol")

    assert (carols.state, m.lot.state, stock(m).sold_mg) == ("releasing", "withdrawn", 30_000)


def test_a_lot_with_a_part_on_its_way_stays_as_it_is_and_the_rest_may_be_taken_back(uow: UnitOfWork) -> None:
    m = market(uow, steps=DUST)
    order = m.buy("bob", part_mg=20_000)
    typed = {"weight": "100", "weight_unit": "g", "pieces": "2"}
    with pytest.raises(LotClaimed):
        save_step(m.as_cooperative(), lot=m.lot, step="weight", answers=typed)
    with pytest.raises(LotClaimed):
        withdraw(m.as_cooperative(), lot=m.lot)
    finish(m, order, "bob")
    with pytest.raises(LotClaimed):
        save_step(m.as_cooperative(), lot=m.lot, step="weight", answers=typed)
    withdraw(m.as_cooperative(), lot=m.lot)
    assert m.lot.state == "withdrawn"


def test_the_buyer_says_how_much(uow: UnitOfWork) -> None:
    m = market(uow, steps=DUST)
    whole = market(uow, number=2)
    whole.buyers = m.buyers
    with pytest.raises(PartRefused, match="Say how much you want"):
        m.buy()
    with pytest.raises(PartRefused, match="Say how much you want"):
        m.offer(1_000)
    with pytest.raises(PartRefused, match="sold whole"):
        whole.offer(800, part_mg=10_000)
    assert m.buy(part_mg=100_000).price_minor == 1_155_000


def test_a_part_is_held_and_bought(uow: UnitOfWork) -> None:
    m = market(uow, steps=DUST)
    claim = services.hold(m.as_buyer(), lot_reference=m.lot.reference, part_mg=40_000)
    assert (claim.quantity_mg, claim.list_minor, availability(m)) == (40_000, 462_000, "available")
    assert figures(m) == (60_000, 0, 693_000)
    order = m.buy()
    assert (order.quantity_mg, order.price_minor, claim.order_id) == (40_000, 462_000, order.id)


def test_a_hold_of_a_part_that_ends_gives_it_back(uow: UnitOfWork) -> None:
    m = market(uow, steps=DUST)
    services.hold(m.as_buyer(), lot_reference=m.lot.reference, part_mg=100_000)
    assert availability(m) == "reserved"
    m.at(uow.now + timedelta(hours=48))
    attend(m)
    assert (availability(m), figures(m)) == ("available", (100_000, 0, 1_155_000))


def test_an_offer_for_a_part_is_agreed_and_the_rest_keeps_its_price(uow: UnitOfWork) -> None:
    m = market(uow, steps=DUST)
    with pytest.raises(InvalidInput, match="problem"):
        m.offer(2_888, part_mg=25_000)
    talk = m.offer(2_600, part_mg=25_000)
    others = m.offer(3_000, name="carol", part_mg=75_000)
    claim = services.accept_offer(m.as_cooperative(), negotiation=talk)

    assert (claim.quantity_mg, claim.list_minor) == (25_000, 288_750)
    assert figures(m) == (75_000, 0, 866_250)
    assert not m.talk(others).standing.is_waiting
    order = m.buy()
    assert (order.price_minor, order.quantity_mg) == (260_000, 25_000)
    services.accept_offer(m.as_cooperative(), negotiation=others)
    assert availability(m) == "reserved"


def test_an_offer_for_a_part_that_is_gone_cannot_be_accepted(uow: UnitOfWork) -> None:
    m = market(uow, steps=DUST)
    talk = m.offer(5_000, part_mg=60_000)
    m.buy("carol", part_mg=50_000)
    with pytest.raises(PartRefused, match="Only 50 g"):
        services.accept_offer(m.as_cooperative(), negotiation=talk)


def test_the_floor_of_the_lot_shrinks_with_the_part(uow: UnitOfWork) -> None:
    m = market(uow, steps=DUST)
    services.set_floor(m.as_cooperative(), lot=m.lot, amount=usd(10_000))
    assert m.talk(m.offer(2_499, part_mg=25_000)).newest.decline_at is not None
    assert m.talk(m.offer(2_500, name="carol", part_mg=25_000)).newest.decline_at is None


@pytest.mark.parametrize(
    "change",
    [{"free_mg": -1}, {"free_mg": 100_001}, {"sold_mg": 1}, {"free_minor": -1}, {"free_mg": 0}],
)
def test_the_database_itself_refuses_more_than_there_is(uow: UnitOfWork, change: dict[str, int]) -> None:
    m = market(uow, steps=DUST)
    with pytest.raises(IntegrityError, match="ck_lot_stock"):
        uow.session.execute(update(LotStock.__table__).where(LotStock.__table__.c.lot_id == m.lot.id).values(**change))


def test_a_part_has_a_claim_with_its_price(uow: UnitOfWork) -> None:
    m = market(uow, steps=DUST)
    order = m.buy(part_mg=10_000)
    claim = uow.session.query(LotClaim).filter_by(order_id=order.id).one()
    assert (claim.quantity_mg, claim.list_minor, claim.state) == (10_000, 115_500, "settling")
