"""Orders whose money the provider exchanges: the sandbox's rate, our reference rate, and how the accounts stand."""

from marketplace.core.money import Money
from marketplace.ledger import chart, queries
from marketplace.ledger.chart import Account
from marketplace.orders import services
from marketplace.orders.currencies import Choice
from marketplace.unit_of_work import UnitOfWork
from tests.builders import rates
from tests.builders.lots import published_lot
from tests.builders.orders import Sale, delivery
from tests.integration.payments.shop import Shop
from tests.integration.sandbox.banks import tell_bank
from tests.people import actor, buyer

# The builders' price, US$976.50; at 0.87655 euros a dollar €855.951, €855.95; back US$976.4988, US$976.50.
PRICE, IN_EUROS = Money(97_650, "USD"), Money(85_595, "EUR")


def euro(uow: UnitOfWork) -> None:
    """Let a dollar be 0.87655 euros today."""
    rates.series(uow, "USD/EUR")
    rates.observe(uow, "0.87655", code="USD/EUR")


def exchanges(shop: Shop, source: str, target: str, rate: str) -> None:
    """Let the provider count charges in one currency to a balance in another; at 0 it stops."""
    assert tell_bank(shop.sandbox, "exchange", **{"from": source, "to": target, "rate": rate}) == 200


def order_in_euros(shop: Shop, *, number: int = 1, name: str = "bob") -> Sale:
    """Let a buyer order a lot priced in dollars, pay in euros, and the news arrive."""
    uow = shop.uow
    lot, version, amina = published_lot(uow, number=number)
    bob, _ = buyer(uow, name, level=3)
    order = services.buy(
        uow.acting_as(actor(uow.session, bob)),
        lot_reference=lot.reference,
        version_sha256=version.sha256,
        delivery=delivery(),
        choice=Choice("EUR", IN_EUROS.minor),
    )
    uow.commit()
    sale = Sale(uow=uow, order=order, lot=lot, version=version, bob=bob, amina=amina)
    shop.work()
    shop.pay(sale)
    shop.deliver()
    return sale


def stands(shop: Shop, **accounts: tuple[Account, str]) -> dict[str, int]:
    """Return the named accounts that do not stand at zero."""
    found = {name: queries.balance(shop.uow.session, *of).minor for name, of in accounts.items()}
    return {name: minor for name, minor in found.items() if minor}


def positions(shop: Shop) -> dict[str, int]:
    """Return what is open, won and at the provider, in dollars and euros."""
    return stands(
        shop,
        clearing_usd=(chart.STRIPE_CLEARING, "USD"),
        clearing_eur=(chart.STRIPE_CLEARING, "EUR"),
        position_usd=(chart.FX_POSITION, "USD"),
        position_eur=(chart.FX_POSITION, "EUR"),
        gain_usd=(chart.FX_GAIN_LOSS, "USD"),
        gain_eur=(chart.FX_GAIN_LOSS, "EUR"),
        rounding_usd=(chart.ROUNDING, "USD"),
    )
