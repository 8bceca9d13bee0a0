"""A buyer sees the rate, chooses euros, and pays what she saw."""

import pytest
from flask import Flask

from marketplace.core.errors import InvalidInput
from marketplace.core.money import Money
from marketplace.notifications.models import Message
from marketplace.notifications.params import unpacked
from marketplace.notifications.rendering import render
from marketplace.orders import services
from marketplace.orders.currencies import check_charged, why_not_charged
from marketplace.orders.transitions import Action
from marketplace.unit_of_work import UnitOfWork
from tests.builders import rates
from tests.builders.documents import papers_of_order
from tests.builders.lots import published_lot
from tests.builders.orders import DELIVERY_FORM, parcel
from tests.integration.orders.test_currencies import bought_in_euros, euro, paid
from tests.people import buyer
from tests.web.test_orders import browser


def test_the_buyer_chooses_euros_and_the_order_says_the_rate(app: Flask, uow: UnitOfWork) -> None:
    rates.series(uow, "USD/EUR")
    rates.observe(uow, "0.87655", code="USD/EUR")
    lot, version, _ = published_lot(uow)
    bob = browser(app, uow, buyer(uow, "bob", level=3)[0])
    page = bob.get(f"/lots/{lot.reference}/buy").text
    assert "€855.95" in page
    assert "1 USD is 0.87655 EUR. Rate of 29 Sept 2026, from Source of USD/EUR." in page
    assert 'name="amount_EUR" value="85595"' in page

    form = {**DELIVERY_FORM, "version": version.sha256, "currency": "EUR", "amount_EUR": "85595"}
    keyed = {"idempotency_key": "form-number-1"}
    for wrong in ({"amount_EUR": "x"}, {"currency": "JPY", "amount_JPY": "9"}, {"currency": "\u0661"}):
        refused = bob.post(f"/lots/{lot.reference}/buy", data={**form, **keyed, **wrong})
        assert refused.status_code == 422
    changed = bob.post(f"/lots/{lot.reference}/buy", data={**form, **keyed, "amount_EUR": "85594"})
    assert changed.status_code == 409
    assert "exchange rate changed" in changed.text
    answer = bob.post(f"/lots/{lot.reference}/buy", data={**form, **keyed})
    assert answer.status_code == 303, answer.text
    order = bob.get(answer.headers["Location"]).text
    assert "€855.95" in order
    assert "1 USD is 0.87655 EUR." in order


def test_everything_a_buyer_reads_names_what_she_paid_with_the_price_and_the_rate_beside_it(
    app: Flask, uow: UnitOfWork
) -> None:
    euro(uow, "0.87655")
    sale = paid(bought_in_euros(uow))
    order = sale.order
    services.advance(sale.as_cooperative(), order=order, action=Action.CONFIRM)
    papers_of_order(uow, order, sale.amina)
    services.ship(sale.as_cooperative(), order=order, parcel=parcel(order))
    services.advance(sale.as_buyer(), order=order, action=Action.RECEIVE)
    bob = browser(app, uow, sale.bob)
    assert "€855.95" in bob.get("/orders").text
    page = bob.get(f"/orders/{order.reference}").text
    assert "€855.95 is paid out after you accept the goods" in page
    assert "US$976.50" in page, "the price stays named beside it"
    acceptance = bob.get(f"/orders/{order.reference}/acceptance").text
    assert "Accepting shares out your €855.95" in acceptance
    assert "1 USD is 0.87655 EUR." in acceptance
    form = bob.get(f"/orders/{order.reference}/moves/ask-adjustment").text
    assert "The price is US$976.50, for which €855.95 was paid." in form

    services.ask_adjustment(sale.as_buyer(), order=order, refund=Money(10_000, "USD"), text="A chip.")
    uow.commit()
    # US$100.00 of US$976.50 are €87.6549… of €855.95.
    assert "That is €87.65 of what was paid." in bob.get(f"/orders/{order.reference}").text
    services.agree_adjustment(sale.as_cooperative(), order=order)
    uow.commit()
    assert "€87.65" in bob.get(f"/orders/{order.reference}").text
    letters = {
        message.template: letter_of(message) for message in uow.session.query(Message) if "buyer" in message.template
    }
    for template in ("order_funded_buyer", "order_confirmed_buyer"):
        assert "EUR 855.95" in letters[template]
        assert "The price is USD 976.50." in letters[template]
        assert "You pay in EUR at the rate of 29 Sept 2026: 1 USD is 0.87655 EUR." in letters[template]
    agreed = uow.session.query(Message).filter_by(template="order_adjustment_agreed").one()
    assert "EUR 87.65 of the price of" in letter_of(agreed)
    told = uow.session.query(Message).filter_by(template="order_funded_cooperative").first()
    assert told is not None
    assert "EUR" not in letter_of(told), "the cooperative is paid in the price's currency"


def letter_of(message: Message) -> str:
    params = {**unpacked(message.params), "base_url": "", "path": ""}
    return render(message.template, params, language="en").body


def test_a_price_that_its_own_currency_cannot_pay_is_said_where_the_currency_is_chosen() -> None:
    # US$1,000,000.00 has nine digits; the payment service takes eight.
    assert why_not_charged(Money(100_000_000, "USD")) is not None
    with pytest.raises(InvalidInput) as refused:
        check_charged(Money(100_000_000, "USD"))
    error = refused.value.fields["currency"]
    assert error.message % error.params == "The payment service takes no amount of USD as large as this."
    for amount, words in (
        (Money(5_121, "KWD"), "The payment service takes no amount of KWD with so small a part."),
        (Money(1, "GHS"), "The payment service takes no GHS."),
    ):
        why = why_not_charged(amount)
        assert why is not None
        assert why.message % why.params == words
    assert why_not_charged(Money(5_120, "KWD")) is None


def test_without_rates_there_is_nothing_to_choose(app: Flask, uow: UnitOfWork) -> None:
    lot, _, _ = published_lot(uow)
    page = browser(app, uow, buyer(uow, "bob", level=3)[0]).get(f"/lots/{lot.reference}/buy").text
    assert 'name="currency"' not in page
    assert "Order and pay US$976.50" in page
