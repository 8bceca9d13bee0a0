"""A lot priced in dollars and paid in euros: held, released and given back to the cent."""

from datetime import timedelta

import pytest

from marketplace.core.clock import SetClock
from marketplace.core.errors import InvalidInput
from marketplace.core.money import Money
from marketplace.ledger import chart, queries
from marketplace.orders import services
from marketplace.orders.currencies import Choice, RateChanged, exchange_of, paid_for
from marketplace.orders.models import Order
from marketplace.orders.queries import payment_of, price_of
from marketplace.orders.services.exchanging import decide_refund
from marketplace.orders.transitions import Action
from marketplace.payments.models import Refund
from marketplace.payments.quotes import quotes
from marketplace.unit_of_work import UnitOfWork
from tests.builders import rates
from tests.builders.lots import published_lot
from tests.builders.orders import Sale, delivery
from tests.people import actor, buyer

# US$976.50 at 0.87655 euros a dollar is €855.951, €855.95; back US$976.4988, US$976.50.
RATE, PRICE, PAID = "0.87655", Money(97_650, "USD"), Money(85_595, "EUR")


def euro(uow: UnitOfWork, *values: str) -> None:
    rates.series(uow, "USD/EUR")
    rates.observe(uow, *values, code="USD/EUR")


def bought_in_euros(uow: UnitOfWork, *, minor: int = PAID.minor, currency: str = "EUR") -> Sale:
    lot, version, amina = published_lot(uow)
    bob, _ = buyer(uow, "bob", level=3)
    order = services.buy(
        uow.acting_as(actor(uow.session, bob)),
        lot_reference=lot.reference,
        version_sha256=version.sha256,
        delivery=delivery(),
        choice=Choice(currency, minor),
    )
    return Sale(uow=uow, order=order, lot=lot, version=version, bob=bob, amina=amina)


def paid(sale: Sale) -> Sale:
    # The provider kept €25.12 of it.
    services.advance(
        sale.as_provider(), order=sale.order, action=Action.CAPTURE, fee=Money(2_512, "EUR"), external_ref="txn_1"
    )
    return sale


def stands(uow: UnitOfWork, order: Order) -> dict[str, int]:
    names = {
        "clearing EUR": (chart.STRIPE_CLEARING, "EUR"),
        "position EUR": (chart.FX_POSITION, "EUR"),
        "position USD": (chart.FX_POSITION, "USD"),
        "rounding USD": (chart.ROUNDING, "USD"),
        "held USD": (chart.held(order.id), "USD"),
        "owed to buyer EUR": (chart.refund_payable(order.id), "EUR"),
    }
    found = {name: queries.balance(uow.session, account, code).minor for name, (account, code) in names.items()}
    assert queries.trial_balance(uow.session).is_sound
    return {name: minor for name, minor in found.items() if minor}


def test_the_price_of_the_builders_is_what_these_figures_say(uow: UnitOfWork) -> None:
    euro(uow, RATE)
    sale = bought_in_euros(uow, currency="USD", minor=0)
    assert price_of(sale.order) == PRICE


def test_the_rate_is_frozen_with_its_source_and_day(uow: UnitOfWork) -> None:
    euro(uow, RATE)
    sale = bought_in_euros(uow)
    frozen = exchange_of(uow.session, sale.order.id)
    assert frozen is not None
    assert (frozen.observed_on, frozen.sources) == (rates.NEWEST, ["Source of USD/EUR"])
    assert len(frozen.rate_ids) == 1
    assert str(frozen.rate) == "0.87655"
    payment = payment_of(uow.session, sale.order.id)
    assert payment is not None
    assert (payment.amount_minor, payment.currency) == (85_595, "EUR")
    assert paid_for(uow.session, sale.order) == PAID


def test_the_price_is_held_and_the_euros_are_a_position(uow: UnitOfWork) -> None:
    euro(uow, RATE)
    sale = paid(bought_in_euros(uow))
    assert stands(uow, sale.order) == {
        "clearing EUR": 85_595 - 2_512,
        "position EUR": 85_595,
        "position USD": -97_650,
        "held USD": 97_650,
    }
    journal = queries.journals_of_order(uow.session, sale.order.id)[0]
    assert journal.rate_ids == exchange_of(uow.session, sale.order.id).rate_ids  # type: ignore[union-attr]


def test_a_refund_is_exactly_what_was_paid_whatever_the_rate_does(uow: UnitOfWork, clock: SetClock) -> None:
    euro(uow, RATE)
    sale = paid(bought_in_euros(uow))
    clock.advance(timedelta(days=1))
    rates.observe(uow, "0.93", code="USD/EUR", until=rates.NEWEST + timedelta(days=1))
    services.advance(sale.as_buyer(), order=sale.order, action=Action.CANCEL)
    refund = uow.session.query(Refund).one()
    assert (refund.amount_minor, refund.currency) == (85_595, "EUR")
    assert stands(uow, sale.order) == {"clearing EUR": 85_595 - 2_512, "owed to buyer EUR": 85_595}


def test_refunds_in_parts_sum_to_what_was_paid(uow: UnitOfWork) -> None:
    euro(uow, RATE)
    sale = paid(bought_in_euros(uow))
    order = sale.order
    # A third three times: 85,595 / 3 = 28,531.67, 28,532; two thirds 57,063.33, 57,063; then all of it.
    parts = [decide_refund(uow, order=order, part=Money(minor, "USD"), key=f"part {place}")
             for place, minor in enumerate((32_550, 32_550, 32_550))]  # fmt: skip
    assert [part.minor for part in parts] == [28_532, 28_531, 28_532]
    assert sum(part.minor for part in parts) == PAID.minor
    again = decide_refund(uow, order=order, part=Money(32_550, "USD"), key="part 1")
    assert again == parts[1]
    assert stands(uow, order)["owed to buyer EUR"] == PAID.minor
    assert "position USD" not in stands(uow, order)


def test_an_amount_other_than_the_day_s_is_not_ordered(uow: UnitOfWork) -> None:
    euro(uow, RATE)
    with pytest.raises(RateChanged):
        bought_in_euros(uow, minor=PAID.minor - 1)


@pytest.mark.parametrize("currency", ["JPY", "XXX"])
def test_a_currency_that_is_not_taken_is_refused(uow: UnitOfWork, currency: str) -> None:
    with pytest.raises(InvalidInput):
        bought_in_euros(uow, currency=currency, minor=1)


def test_without_a_young_rate_a_currency_is_not_offered(uow: UnitOfWork) -> None:
    taken = uow.settings.payment_currencies
    assert list(quotes(uow.session, PRICE, taken=taken, on=rates.NEWEST)) == []
    euro(uow, RATE)
    assert [each.amount for each in quotes(uow.session, PRICE, taken=taken, on=rates.NEWEST)] == [PAID]
    assert len(quotes(uow.session, PRICE, taken=taken, on=rates.NEWEST + timedelta(days=14))) == 1
    assert len(quotes(uow.session, PRICE, taken=taken, on=rates.NEWEST + timedelta(days=15))) == 0
    # One shilling cent is nothing in euros.
    rates.series(uow, "USD/TZS")
    rates.observe(uow, "2600", code="USD/TZS")
    assert list(quotes(uow.session, Money(1, "TZS"), taken=("EUR",), on=rates.NEWEST)) == []
