"""A buyer sees the rate, chooses euros, and pays what she saw."""

from flask import Flask

from marketplace.unit_of_work import UnitOfWork
from tests.builders import rates
from tests.builders.lots import published_lot
from tests.builders.orders import DELIVERY_FORM
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


def test_without_rates_there_is_nothing_to_choose(app: Flask, uow: UnitOfWork) -> None:
    lot, _, _ = published_lot(uow)
    page = browser(app, uow, buyer(uow, "bob", level=3)[0]).get(f"/lots/{lot.reference}/buy").text
    assert 'name="currency"' not in page
    assert "Order and pay US$976.50" in page
