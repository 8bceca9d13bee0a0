"""The price of the day from the command line."""

from flask import Flask

from marketplace.pricing import services as pricing
from marketplace.pricing.models import PriceTextSubscription
from marketplace.unit_of_work import UnitOfWork
from tests.people import person


def test_the_text_is_printed_in_a_language_and_a_currency(app: Flask, uow: UnitOfWork) -> None:
    pricing.import_rates(uow)
    uow.commit()

    shown = app.test_cli_runner().invoke(args=["price-text", "show", "--currency", "TZS", "--language", "sw"])
    plain = app.test_cli_runner().invoke(args=["price-text", "show"])

    assert shown.output.startswith("Dhahabu kwa gramu, TZS, 29 Sep 2026: 999=")
    assert plain.output.startswith("Gold per gram, USD, 29 Sept 2026: 999=132.62; 916=121.60; 750=99.57.")
    assert app.test_cli_runner().invoke(args=["price-text", "show", "--currency", "XXX"]).exit_code == 2
    assert app.test_cli_runner().invoke(args=["price-text", "show", "--language", "de"]).exit_code == 2


def test_sending_by_hand_writes_to_each_subscriber_once(app: Flask, uow: UnitOfWork) -> None:
    pricing.import_rates(uow)
    row = PriceTextSubscription(
        user_id=person(uow, "Alice").id, phone="+255712345678", currency="TZS", state="active", asked_at=uow.now
    )
    uow.session.add(row)
    uow.record("price_text_subscription.confirm", row)
    uow.commit()

    runs = [app.test_cli_runner().invoke(args=["price-text", "send"]).output for _ in range(2)]

    assert runs == ["1 text messages written.\n", "0 text messages written.\n"]
