"""The provider counts in another currency than the buyer paid: fee, refunds and chargebacks to the cent."""

from collections.abc import Iterator

import pytest

from marketplace.core.money import Money
from marketplace.ledger import chart
from marketplace.orders import services
from marketplace.payments.settlements import settlement_of
from tests.integration.payments.exchanging import IN_EUROS, euro, exchanges, order_in_euros, positions, stands
from tests.integration.payments.shop import Shop
from tests.integration.payments.test_chargebacks import chargeback_of, decided, disputed


@pytest.fixture(autouse=True)
def no_exchange_afterwards(shop: Shop) -> Iterator[None]:
    """Leave the shared sandbox as it was."""
    yield
    for source, target in (("usd", "eur"), ("eur", "usd")):
        exchanges(shop, source, target, "0")


def test_a_fee_in_another_currency_than_the_payment_and_a_refund_at_another_rate(shop: Shop) -> None:
    euro(shop.uow)
    exchanges(shop, "usd", "eur", "0.9")
    sale = shop.paid_order()
    # US$976.50 at 0.9 is €878.85, of which 2.9 % and €0.30 are €25.79; it was worth €855.95: €22.90 won.
    row = settlement_of(shop.uow.session, shop.payment(sale).id)
    assert row is not None
    assert (row.gross_minor, row.fee_minor, row.currency, row.worth_minor) == (87_885, 2_579, "EUR", 85_595)
    assert str(row.provider_rate) == "0.9"
    assert shop.payment(sale).fee_minor is None
    assert positions(shop) == {
        "clearing_eur": 87_885 - 2_579,
        "position_usd": -97_650,
        "position_eur": 85_595,
        "gain_eur": 2_290,
    }
    assert stands(shop, fees=(chart.STRIPE_FEES, "EUR")) == {"fees": 2_579}
    assert shop.books().is_even

    exchanges(shop, "usd", "eur", "0.88")
    services.cancel(sale.as_buyer(), order=shop.order_now(sale))
    shop.work()
    shop.deliver()
    # US$976.50 at 0.88 is €859.32: €3.37 more than it was worth.
    assert shop.order_now(sale).state == "refunded"
    assert positions(shop) == {"clearing_eur": 87_885 - 2_579 - 85_932, "gain_eur": 2_290 - 337}
    assert shop.books().is_even


def test_euros_counted_in_the_price_s_dollars_are_charged_back_and_lost(shop: Shop) -> None:
    euro(shop.uow)
    exchanges(shop, "eur", "usd", "1.1")
    sale = order_in_euros(shop)
    # €855.95 at 1.1 is US$941.545, half to even US$941.54, where the price is US$976.50; the fee is US$27.60.
    fee = (94_154 * 29 + 500) // 1000 + 30
    assert fee == 2_760
    assert positions(shop) == {"clearing_usd": 94_154 - fee, "gain_usd": 94_154 - 97_650}
    assert shop.books().is_even

    exchanges(shop, "eur", "usd", "1.12")
    chargeback = disputed(shop, sale)
    # US$958.66 were taken, US$17.84 less than the price: won; and a fee of US$15.00.
    assert (chargeback.amount_minor, chargeback.currency, chargeback.frozen_minor) == (85_595, "EUR", 85_595)
    assert stands(
        shop,
        held=(chart.held(sale.order.id), "USD"),
        frozen=(chart.frozen(sale.order.id), "USD"),
        withheld=(chart.dispute_withheld(chargeback.id), "EUR"),
        fees=(chart.DISPUTE_FEES, "USD"),
    ) == {"frozen": 97_650, "withheld": 85_595, "fees": 1_500}
    assert positions(shop) == {
        "clearing_usd": 94_154 - fee - 95_866 - 1_500,
        "position_usd": -97_650,
        "position_eur": 85_595,
        "gain_usd": 94_154 - 97_650 + 97_650 - 95_866,
    }
    decided(shop, sale, "lost")
    assert shop.order_now(sale).state == "refunded"
    assert positions(shop) == {
        "clearing_usd": 94_154 - fee - 95_866 - 1_500,
        "gain_usd": 94_154 - 95_866,
    }
    assert shop.books().is_even


def test_a_chargeback_of_a_payment_in_another_currency_freezes_the_price_and_is_won(shop: Shop) -> None:
    euro(shop.uow)
    sale = order_in_euros(shop)
    before = positions(shop)
    chargeback = disputed(shop, sale)
    assert stands(shop, frozen=(chart.frozen(sale.order.id), "USD")) == {"frozen": 97_650}
    assert stands(shop, withheld=(chart.dispute_withheld(chargeback.id), "EUR")) == {"withheld": IN_EUROS.minor}
    decided(shop, sale, "won")
    assert positions(shop) == before
    assert stands(shop, held=(chart.held(sale.order.id), "USD")) == {"held": 97_650}
    assert shop.books().is_even


def test_a_part_charged_back_is_lost_as_our_own_and_the_price_stays_held(shop: Shop) -> None:
    euro(shop.uow)
    sale = order_in_euros(shop)
    disputed(shop, sale, amount=10_000)
    # The last €100.00 of €855.95: US$976.50 less 976.50 x 755.95 / 855.95 = US$862.4162…, so US$114.08.
    assert stands(shop, frozen=(chart.frozen(sale.order.id), "USD")) == {"frozen": 11_408}
    assert chargeback_of(shop, sale).frozen_minor == 10_000
    decided(shop, sale, "lost")
    assert stands(
        shop,
        held=(chart.held(sale.order.id), "USD"),
        loss=(chart.CHARGEBACK_LOSS, "USD"),
        withheld=(chart.dispute_withheld(chargeback_of(shop, sale).id), "EUR"),
    ) == {"held": 97_650, "loss": 11_408}
    assert shop.books().is_even


def test_without_a_reference_rate_the_provider_s_own_counts(shop: Shop) -> None:
    exchanges(shop, "usd", "eur", "0.9")
    sale = shop.paid_order()
    row = settlement_of(shop.uow.session, shop.payment(sale).id)
    assert row is not None
    assert (row.worth_minor, row.rate_ids) == (87_885, [f"provider:{shop.payment(sale).balance_transaction_id}"])
    assert "gain_eur" not in positions(shop)
    # The refund comes back: what it gave is owed again, at what the provider gave for it.
    shop.sandbox.order("faults", fail_refunds_next=1)
    services.cancel(sale.as_buyer(), order=shop.order_now(sale))
    shop.work()
    shop.deliver()
    assert shop.order_now(sale).state == "refund_failed"
    assert stands(shop, owed=(chart.refund_payable(sale.order.id), "USD")) == {"owed": 97_650}
    assert Money(row.worth_minor, "EUR") == Money(positions(shop)["position_eur"], "EUR")
    assert shop.books().is_even
