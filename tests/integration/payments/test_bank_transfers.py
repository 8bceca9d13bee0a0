"""Bob pays a large order by bank transfer: exact, short, in excess, late, never."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace.core.money import Money
from marketplace.ledger import chart
from marketplace.ledger.queries import balance
from marketplace.notifications.models import Message
from marketplace.notifications.params import unpacked
from marketplace.orders import services
from marketplace.payments.models import PaymentProblem
from tests.builders.orders import Sale
from tests.integration.payments.shop import Shop, price
from tests.integration.sandbox.banks import tell_bank


@pytest.fixture(autouse=True)
def every_order_is_large(shop: Shop) -> Iterator[None]:
    """Let every order be paid by bank transfer."""
    before = shop.app.extensions["settings"]
    chosen = replace(before, bank_transfer_threshold_minor=0)
    shop.app.extensions["settings"] = chosen
    shop.uow.settings = chosen
    yield
    shop.app.extensions["settings"] = before


def promised(shop: Shop, **other: object) -> Sale:
    """Let bob order and promise a bank transfer."""
    sale = shop.order_with_page(**other)
    assert shop.sandbox.pay(shop.payment(sale).session_id or "").status_code == 200
    shop.deliver()
    return sale


def send(shop: Shop, sale: Sale, minor: int) -> None:
    """Let bob's bank send an amount, and the news arrive."""
    assert tell_bank(shop.sandbox, "bank_transfers", session=shop.payment(sale).session_id, amount=minor) == 200
    shop.deliver()


def letters(shop: Shop, template: str) -> list[Message]:
    found = select(Message).where(Message.template == template).order_by(Message.created_at, Message.id)
    return list(shop.uow.session.scalars(found))


def credit_of(shop: Shop, sale: Sale) -> Money:
    return balance(shop.uow.session, chart.buyer_credit(sale.order.buyer_id), "USD")


def test_the_page_may_be_used_for_three_working_days(shop: Shop) -> None:
    order = shop.order_with_page().order
    # ordered on Tuesday, payable until Friday
    assert order.deadline_at == order.created_at + timedelta(days=3)


def test_a_promise_is_waited_for(shop: Shop) -> None:
    sale = promised(shop)
    payment = shop.payment(sale)
    assert (payment.method, payment.state, sale.order.state) == ("bank_transfer", "open", "funding")
    assert payment.started_at is not None
    assert len(letters(shop, "order_funding_buyer")) == 1


def test_the_exact_amount_funds_the_order_and_leaves_no_credit(shop: Shop) -> None:
    sale = promised(shop)
    send(shop, sale, sale.order.price_minor)

    assert shop.order_now(sale).state == "funded"
    assert balance(shop.uow.session, chart.held(sale.order.id), "USD") == price(sale)
    assert not credit_of(shop, sale)
    assert not balance(shop.uow.session, chart.STRIPE_CASH, "USD")
    assert (shop.problems(), letters(shop, "payment_credit")) == ([], [])
    assert shop.books().is_even


def test_a_short_transfer_waits_and_the_letter_says_how_much_is_missing(shop: Shop) -> None:
    sale = promised(shop)
    send(shop, sale, sale.order.price_minor - 2_500)
    shop.run("payments.sweep")  # looks again and writes no second letter

    assert shop.order_now(sale).state == "funding"
    assert credit_of(shop, sale) == Money(sale.order.price_minor - 2_500, "USD")
    assert [unpacked(told.params)["missing"] for told in letters(shop, "payment_short")] == [Money(2_500, "USD")]
    assert shop.payment(sale).missing_minor == 2_500

    send(shop, sale, 2_500)
    assert shop.order_now(sale).state == "funded"
    assert not credit_of(shop, sale)
    assert shop.books().is_even


def test_an_excess_is_the_buyers_credit_and_she_and_finance_are_told(shop: Shop) -> None:
    sale = promised(shop)
    send(shop, sale, sale.order.price_minor + 4_000)

    assert shop.order_now(sale).state == "funded"
    assert balance(shop.uow.session, chart.held(sale.order.id), "USD") == price(sale)
    assert credit_of(shop, sale) == Money(4_000, "USD")
    assert (shop.problems(), len(letters(shop, "payment_credit"))) == (["credit"], 1)
    assert shop.books().is_even


def test_credit_pays_a_part_of_the_next_order(shop: Shop) -> None:
    first = promised(shop)
    send(shop, first, first.order.price_minor + 4_000)
    second = promised(shop, number=2, bob=first.bob)
    assert shop.payment(second).missing_minor == second.order.price_minor - 4_000
    send(shop, second, second.order.price_minor - 4_000)

    assert shop.order_now(second).state == "funded"
    assert not credit_of(shop, second)
    assert shop.books().is_even


def test_a_transfer_that_comes_late_stays_the_buyers_credit(shop: Shop) -> None:
    sale = shop.order_with_page()
    services.cancel(sale.as_buyer(), order=sale.order)
    assert shop.sandbox.pay(shop.payment(sale).session_id or "").status_code == 200  # promised in spite of that
    shop.deliver()
    assert shop.order_now(sale).state == "cancelled"
    assert letters(shop, "order_funding_buyer") == []
    send(shop, sale, sale.order.price_minor)

    assert (shop.payment(sale).state, shop.order_now(sale).state) == ("expired", "cancelled")
    assert credit_of(shop, sale) == price(sale)
    assert shop.problems() == ["credit"]
    assert not balance(shop.uow.session, chart.held(sale.order.id), "USD")
    assert shop.books().is_even


def test_money_that_arrives_while_the_order_is_cancelled_buys(shop: Shop) -> None:
    sale = shop.order_with_page()
    services.cancel(sale.as_buyer(), order=sale.order)
    assert shop.sandbox.pay(shop.payment(sale).session_id or "").status_code == 200
    assert tell_bank(
        shop.sandbox, "bank_transfers", session=shop.payment(sale).session_id, amount=sale.order.price_minor
    ) == 200  # fmt: skip
    shop.work()
    shop.deliver()

    assert shop.order_now(sale).state == "funded"
    assert shop.books().is_even


def test_a_failed_transfer_ends_the_order(shop: Shop) -> None:
    sale = promised(shop)
    assert tell_bank(shop.sandbox, "bank_transfers/fail", session=shop.payment(sale).session_id) == 200
    shop.deliver()

    assert (shop.payment(sale).state, shop.order_now(sale).state) == ("failed", "expired")


def test_another_currency_is_credit_and_never_the_payment(shop: Shop) -> None:
    sale = promised(shop)
    session_id = shop.payment(sale).session_id
    tell_bank(shop.sandbox, "bank_transfers", session=session_id, amount=sale.order.price_minor, currency="eur")
    shop.deliver()

    assert shop.order_now(sale).state == "funding"
    assert balance(shop.uow.session, chart.buyer_credit(sale.order.buyer_id), "EUR").minor == sale.order.price_minor
    detail = shop.uow.session.scalars(select(PaymentProblem.detail)).one()
    assert detail.startswith("EUR ")


def test_a_refund_of_a_transfer_is_done_when_the_bank_says_so(shop: Shop) -> None:
    sale = promised(shop)
    send(shop, sale, sale.order.price_minor)
    services.cancel(sale.as_buyer(), order=sale.order)
    shop.sandbox.order("faults", pend_refunds_next=1)
    shop.work()
    shop.deliver()
    assert (shop.refund(sale).state, shop.order_now(sale).state) == ("sent", "refunding")
    tell_bank(shop.sandbox, "refunds", refund=shop.refund(sale).provider_ref, outcome="succeeded")
    shop.deliver()

    assert shop.order_now(sale).state == "refunded"
    assert shop.books().is_even
