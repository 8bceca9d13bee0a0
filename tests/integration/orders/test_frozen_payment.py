"""A freeze stops what we do, not what the world did: money that comes is held, a closed page ends the order."""

from marketplace.core.money import Money
from marketplace.ledger import chart
from marketplace.ledger.queries import balance
from marketplace.orders import services
from marketplace.unit_of_work import UnitOfWork
from tests.builders.orders import Sale, fund, placed_order


def frozen_before_payment(uow: UnitOfWork) -> Sale:
    sale = placed_order(uow)
    services.freeze(sale.as_staff("zawadi"), order=sale.order, kind="compliance", reason="A name to check.")
    return sale


def test_money_that_comes_while_an_order_is_frozen_is_held(uow: UnitOfWork) -> None:
    sale = frozen_before_payment(uow)

    fund(sale)

    assert (sale.order.state, sale.order.next_due_at) == ("funded", None)
    held = balance(uow.session, chart.held(sale.order.id), sale.order.currency)
    assert held == Money(sale.order.price_minor, sale.order.currency)


def test_a_frozen_order_ends_when_its_page_closed_unpaid(uow: UnitOfWork) -> None:
    sale = frozen_before_payment(uow)

    services.end_unpaid(sale.as_provider(), order=sale.order)

    assert sale.order.state == "expired"
