"""Bob pays on the hosted page; what reaches us may come twice, late, in any order, forged or never."""

import itertools
from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace.core.money import Money
from marketplace.ledger import chart
from marketplace.ledger.models import LedgerJournal
from marketplace.ledger.queries import balance
from marketplace.orders import services
from marketplace.orders.models import LotClaim
from marketplace.payments.models import Payment, ProviderNews
from tests.integration.payments.shop import Shop, price
from tests.integration.sandbox.processes import Delivery


def journals(shop: Shop) -> list[str]:
    return list(shop.uow.session.scalars(select(LedgerJournal.kind).order_by(LedgerJournal.created_at)))


def test_bob_pays_and_the_order_is_funded_to_the_cent(shop: Shop) -> None:
    sale = shop.order_with_page()
    assert (shop.payment(sale).state, sale.order.state) == ("open", "pending_payment")

    shop.pay(sale)
    shop.deliver()

    assert shop.order_now(sale).state == "funded"
    payment = shop.payment(sale)
    # 2.9 % and 30 cents, rounded as the provider does
    assert (payment.state, payment.fee_minor) == ("paid", round(sale.order.price_minor * 29 / 1000) + 30)
    assert balance(shop.uow.session, chart.held(sale.order.id), "USD") == price(sale)
    claim = shop.uow.session.scalars(select(LotClaim).where(LotClaim.order_id == sale.order.id)).one()
    assert claim.state == "consumed"
    assert shop.books().is_even


def test_returning_from_the_page_changes_nothing_before_the_provider_speaks(shop: Shop) -> None:
    sale = shop.order_with_page()
    shop.pay(sale)

    assert (shop.order_now(sale).state, journals(shop)) == ("pending_payment", [])


def test_the_same_event_three_times_counts_once(shop: Shop) -> None:
    sale = shop.order_with_page()
    shop.pay(sale)
    for delivery in shop.news() * 3:
        assert shop.post(delivery) == 200
    shop.work()

    assert shop.order_now(sale).state == "funded"
    assert journals(shop) == ["captured"]


@pytest.mark.parametrize("turn", range(6))
def test_any_order_of_arrival_ends_alike(shop: Shop, turn: int) -> None:
    sale = shop.order_with_page()
    shop.pay(sale)
    orders = list(itertools.permutations(shop.news()[:3]))
    for delivery in orders[turn % len(orders)]:
        assert shop.post(delivery) == 200
        shop.work()

    assert (shop.order_now(sale).state, journals(shop)) == ("funded", ["captured"])


def test_an_event_that_never_came_is_found_by_the_sweep(shop: Shop) -> None:
    sale = shop.order_with_page()
    shop.sandbox.order("faults", drop_next=10)
    shop.pay(sale)
    assert shop.news() == []

    shop.run("payments.sweep")

    assert shop.order_now(sale).state == "funded"
    assert shop.books().is_even


def test_a_lost_event_before_a_received_one_is_found_too(shop: Shop) -> None:
    # The later event came by webhook; the sweep must not begin behind it.
    first, second = shop.order_with_page(), shop.order_with_page(number=2, buyer_name="charlie")
    shop.pay(first)
    shop.news()  # lost on the way
    shop.pay(second)
    shop.deliver()
    assert shop.order_now(first).state == "pending_payment"

    shop.run("payments.sweep")

    assert [shop.order_now(each).state for each in (first, second)] == ["funded", "funded"]


def test_a_forged_event_is_refused_and_leaves_no_trace(shop: Shop) -> None:
    shop.order_with_page()
    forged = Delivery(b'{"id": "evt_1", "type": "checkout.session.completed"}', "t=1,v1=00")

    assert shop.post(forged) == 400
    assert shop.uow.session.scalars(select(ProviderNews)).all() == []


def test_a_changed_byte_is_refused(shop: Shop) -> None:
    sale = shop.order_with_page()
    shop.pay(sale)
    delivery = shop.news("checkout.session.completed")[0]

    assert shop.post(Delivery(delivery.payload.replace(b'"paid"', b'"free"'), delivery.signature)) == 400


def test_a_webhook_larger_than_any_event_is_refused(shop: Shop) -> None:
    assert shop.post(Delivery(b"x" * 300_000, "t=1,v1=00")) == 413


def test_an_amount_that_is_not_the_agreed_one_is_quarantined(shop: Shop) -> None:
    sale = shop.order_with_page()
    shop.pay(sale)
    payment = shop.payment(sale)
    payment.amount_minor += 1  # as if the page had been opened for a cent less
    shop.uow.record("payment.test", payment)
    shop.deliver()

    assert (shop.order_now(sale).state, shop.payment(sale).state) == ("pending_payment", "open")
    assert shop.problems() == ["other_amount"]
    assert "quarantined" in shop.news_states()
    assert journals(shop) == []


def test_a_payment_that_names_another_order_is_quarantined(shop: Shop) -> None:
    sale = shop.order_with_page()
    shop.pay(sale)
    payment = shop.payment(sale)
    payment.order_reference = "OR-0000-0000"
    shop.uow.record("payment.test", payment)
    shop.deliver()

    assert shop.order_now(sale).state == "pending_payment"
    assert "other_order" in shop.problems()


def test_money_for_an_order_nobody_knows_is_quarantined(shop: Shop) -> None:
    page = shop.provider.create_checkout(
        key="of-mallory", order_reference="OR-9999-9999", amount=Money(5_000, "USD"), description="Ruby",
        success_url="http://localhost/", cancel_url="http://localhost/",
        expires_at=shop.uow.clock.wall() + timedelta(minutes=40), customer_email=None,
    )  # fmt: skip
    shop.sandbox.pay(page.session_id)
    shop.deliver()

    assert shop.problems() == ["unknown_order"]
    assert [each.other for each in shop.books().mismatches] == [Money(5_000 - 145 - 30, "USD")]


def test_an_unpaid_order_ends_only_after_the_provider_closed_its_page(shop: Shop) -> None:
    sale = shop.order_with_page()
    services.cancel(sale.as_buyer(), order=sale.order)
    shop.uow.commit()
    assert sale.order.state == "pending_payment"

    shop.work()

    assert shop.order_now(sale).state == "cancelled"
    assert shop.payment(sale).state == "expired"
    session_id = shop.payment(sale).session_id or ""
    assert shop.sandbox.pay(session_id).status_code == 410
    claim = shop.uow.session.scalars(select(LotClaim).where(LotClaim.order_id == sale.order.id)).one()
    assert claim.state == "released"


def test_an_order_cancelled_before_its_page_was_asked_for_never_opens_one(shop: Shop) -> None:
    sale = shop.order()
    services.cancel(sale.as_buyer(), order=sale.order)
    shop.uow.commit()
    command = shop.command(shop.payment(sale).id, "expiry")
    from marketplace.jobs.app import queue

    queue.tasks["payments.send"].func(command_id=str(command.id))
    shop.work()

    assert shop.order_now(sale).state == "cancelled"
    assert shop.payment(sale).session_id is None


def test_bob_who_pays_while_his_order_is_cancelled_has_bought(shop: Shop) -> None:
    sale = shop.order_with_page()
    services.cancel(sale.as_buyer(), order=sale.order)
    shop.pay(sale)
    shop.work()  # the provider answers "complete" instead of "expired"

    assert shop.order_now(sale).state == "funded"
    assert shop.books().is_even


def test_money_for_an_order_that_ended_goes_straight_back(shop: Shop) -> None:
    sale = shop.order_with_page()
    payment = shop.payment(sale)
    services.cancel(sale.as_buyer(), order=sale.order)
    payment.state = "expired"
    shop.uow.record("payment.test", payment)
    services.end_unpaid(sale.as_provider(), order=sale.order)
    shop.pay(sale)
    shop.deliver()
    shop.deliver()

    assert shop.order_now(sale).state == "cancelled"
    assert (shop.payment(sale).state, shop.refund(sale).state) == ("paid", "done")
    assert not balance(shop.uow.session, chart.held(sale.order.id), "USD")
    assert not balance(shop.uow.session, chart.refund_payable(sale.order.id), "USD")
    assert shop.problems() == ["late"]
    assert shop.books().is_even


def test_a_page_that_closes_by_itself_ends_the_order(shop: Shop) -> None:
    sale = shop.order_with_page()
    session_id = shop.payment(sale).session_id or ""
    shop.provider.expire_checkout(session_id, key=f"by-itself-{session_id}")
    shop.deliver()

    assert shop.order_now(sale).state == "expired"


def test_paid_stays_paid_whatever_comes_later(shop: Shop) -> None:
    sale = shop.paid_order()
    shop.run("payments.sweep")
    shop.run("payments.resend")

    assert shop.uow.session.scalars(select(Payment.state)).all() == ["paid"]
    assert journals(shop) == ["captured"]
    assert shop.order_now(sale).state == "funded"
