"""The inspection: a lower price, more time, goods sent back; where every cent goes is worked out by hand."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace.core.errors import InvalidInput, TransitionRefused
from marketplace.core.money import Money
from marketplace.ledger import chart
from marketplace.ledger.queries import balance, trial_balance
from marketplace.orders import services
from marketplace.orders.answers import Reason, Receipt
from marketplace.orders.models import SettlementOffer, Shipment
from marketplace.orders.queries import net_of, price_of, split_of
from marketplace.orders.transitions import Action
from marketplace.payments.models import ProviderCommand, Refund
from marketplace.unit_of_work import UnitOfWork
from tests.builders.lots import STONE
from tests.builders.orders import Sale, confirmed_order, delivered_order, parcel, pass_time

DAMAGED = Reason("damaged", "A chip on the corner.")
LARGE = {**STONE, "price": {**STONE["price"], "wanted": "6000"}}
DAY = timedelta(days=1)


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def rejected_order(uow: UnitOfWork) -> Sale:
    sale = delivered_order(uow)
    services.reject(sale.as_buyer(), order=sale.order, reason=DAMAGED)
    return sale


def returned_order(uow: UnitOfWork) -> Sale:
    sale = rejected_order(uow)
    services.send_back(sale.as_buyer(), order=sale.order, parcel=parcel(sale.order, tracking="BACK 1"))
    services.receive_return(sale.as_cooperative(), order=sale.order, receipt=Receipt(seal_intact=True, weight_mg=684))
    return sale


def test_an_agreed_lower_price_goes_back_first_and_the_rest_is_shared_to_the_cent(uow: UnitOfWork) -> None:
    sale = delivered_order(uow)
    price, before = price_of(sale.order), sale.order.split
    services.ask_adjustment(sale.as_buyer(), order=sale.order, refund=usd(10_001), text="A chip on the corner.")

    services.agree_adjustment(sale.as_cooperative(), order=sale.order)

    assert sale.order.state == "refunding"
    assert not balance(uow.session, chart.held(sale.order.id), "USD")
    assert balance(uow.session, chart.refund_payable(sale.order.id), "USD") == usd(10_001)
    assert balance(uow.session, chart.coop_payable(sale.order.cooperative_id), "USD") == net_of(sale.order)
    assert sum(line["amount_minor"] for line in split_of(sale.order)) == price.minor - 10_001
    assert sale.order.split == before, "what was frozen at the order stays"
    assert uow.session.scalars(select(Refund.amount_minor)).all() == [10_001]
    services.advance(sale.as_provider(), order=sale.order, action=Action.COMPLETE_REFUND)
    assert sale.order.state == "releasing"
    services.advance(sale.as_staff("frida"), order=sale.order, action=Action.COMPLETE_RELEASE)
    assert (sale.order.state, sale.lot.state) == ("split_settled", "sold")
    assert trial_balance(uow.session).is_sound
    uow.check_audited()


def test_a_large_order_with_a_lower_price_waits_for_the_second_person(uow: UnitOfWork) -> None:
    sale = delivered_order(uow, steps=LARGE)
    services.ask_adjustment(sale.as_buyer(), order=sale.order, refund=usd(50_000), text="A chip on the corner.")
    services.agree_adjustment(sale.as_cooperative(), order=sale.order)
    assert sale.order.state == "accepted"
    pass_time(sale, DAY)

    services.advance(sale.as_staff("frida"), order=sale.order, action=Action.APPROVE_RELEASE)

    assert sale.order.state == "refunding"
    assert balance(uow.session, chart.refund_payable(sale.order.id), "USD") == usd(50_000)


@pytest.mark.parametrize("refund", [0, -5, 10**9])
def test_a_lower_price_is_a_part_of_the_price(uow: UnitOfWork, refund: int) -> None:
    sale = delivered_order(uow)

    with pytest.raises(InvalidInput) as refused:
        services.ask_adjustment(sale.as_buyer(), order=sale.order, refund=usd(refund), text="A chip on the corner.")

    assert set(refused.value.fields) == {"refund"}
    assert sale.order.state == "delivered"


def test_a_refused_lower_price_is_a_dispute_and_silence_too(uow: UnitOfWork) -> None:
    for number, ends in enumerate(("refused", "silent"), start=1):
        sale = delivered_order(uow, number=number, buyer_name=f"bob{number}")
        services.ask_adjustment(sale.as_buyer(), order=sale.order, refund=usd(5_000), text="A chip on the corner.")
        if ends == "refused":
            services.decline_adjustment(sale.as_cooperative(), order=sale.order, text="It was whole when it left us.")
        else:
            pass_time(sale, 3 * DAY)

        assert (sale.order.state, sale.order.disputed_from) == ("disputed", "delivered")
    assert uow.session.scalars(select(SettlementOffer.state).order_by(SettlementOffer.made_at)).all() == [
        "declined",
        "lapsed",
    ]


def test_who_no_longer_asks_inspects_on(uow: UnitOfWork) -> None:
    sale = delivered_order(uow)
    services.ask_adjustment(sale.as_buyer(), order=sale.order, refund=usd(5_000), text="A chip on the corner.")

    services.withdraw_adjustment(sale.as_buyer(), order=sale.order)

    assert sale.order.state == "delivered"
    services.advance(sale.as_buyer(), order=sale.order, action=Action.ACCEPT)
    assert sale.order.state == "releasing", "in full"


def test_a_laboratory_gives_two_weeks_once(uow: UnitOfWork) -> None:
    sale = delivered_order(uow)
    first = sale.order.deadline_at
    assert first is not None
    services.extend_inspection(sale.as_buyer(), order=sale.order, laboratory="SSEF, Basel")
    assert sale.order.deadline_at == first + 14 * DAY

    with pytest.raises(TransitionRefused):
        services.extend_inspection(sale.as_buyer(), order=sale.order, laboratory="SSEF, Basel")
    pass_time(sale, 20 * DAY)
    assert sale.order.state == "delivered"
    pass_time(sale, DAY)
    pass_time(sale, DAY)
    assert sale.order.state == "releasing"


def test_staff_gives_one_more_week_to_ship(uow: UnitOfWork) -> None:
    sale = confirmed_order(uow)
    services.extend_shipping(sale.as_staff("zawadi"), order=sale.order, reason="The export permit is late.")

    pass_time(sale, 16 * DAY)
    assert sale.order.state == "confirmed"
    pass_time(sale, DAY)
    assert sale.order.state == "refunding"


def test_goods_sent_back_and_taken_back_are_refunded_whole(uow: UnitOfWork) -> None:
    sale = returned_order(uow)
    assert [leg.leg for leg in uow.session.scalars(select(Shipment).order_by(Shipment.id))] == ["out", "back"]

    services.take_back(sale.as_cooperative(), order=sale.order)

    assert sale.order.state == "refunding"
    assert balance(uow.session, chart.refund_payable(sale.order.id), "USD") == price_of(sale.order)
    kinds = uow.session.scalars(select(ProviderCommand.kind)).all()
    assert kinds.count("refund") == 1
    uow.check_audited()


def test_a_silent_cooperative_takes_back_after_three_working_days(uow: UnitOfWork) -> None:
    sale = returned_order(uow)
    assert sale.order.deadline_at is not None
    pass_time(sale, sale.order.deadline_at - sale.uow.now - timedelta(minutes=1))
    assert sale.order.state == "return_inspection"

    pass_time(sale, timedelta(minutes=1))

    assert sale.order.state == "refunding"


def test_who_rejects_and_keeps_the_goods_has_accepted(uow: UnitOfWork) -> None:
    sale = rejected_order(uow)

    pass_time(sale, 5 * DAY)

    assert (sale.order.state, sale.lot.state) == ("releasing", "sold")


def test_a_contested_return_is_decided_by_staff(uow: UnitOfWork) -> None:
    sale = returned_order(uow)
    services.contest_return(
        sale.as_cooperative(), order=sale.order, reason=Reason("return_contested", "This is another stone.")
    )

    assert (sale.order.state, sale.order.disputed_by) == ("disputed", "cooperative")
    services.withdraw_problem(sale.as_cooperative(), order=sale.order)
    assert sale.order.state == "return_inspection"


def test_a_returned_parcel_that_never_comes_is_a_dispute(uow: UnitOfWork) -> None:
    sale = rejected_order(uow)
    services.send_back(sale.as_buyer(), order=sale.order, parcel=parcel(sale.order, tracking="BACK 1"))

    pass_time(sale, 20 * DAY)

    assert (sale.order.state, sale.order.disputed_from) == ("disputed", "returning")
    services.receive_return(sale.as_cooperative(), order=sale.order, receipt=Receipt(seal_intact=True, weight_mg=684))
    assert sale.order.disputed_from == "return_inspection", "it came while its loss was disputed"
