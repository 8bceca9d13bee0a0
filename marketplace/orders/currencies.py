"""The currency a buyer pays in: offered at the day's rates, frozen on the order, and kept for whatever goes back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.core.errors import FieldError, InvalidInput, VersionChanged
from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.ledger.exchange import Swap
from marketplace.orders.exchange_models import OrderExchange
from marketplace.orders.models import Order
from marketplace.orders.queries import price_of
from marketplace.payments.charging import NOT_CHARGED, is_charged, step_of
from marketplace.payments.quotes import charge_in
from marketplace.unit_of_work import UnitOfWork

LONGEST: Final = 20


class RateChanged(VersionChanged):
    """The amount the buyer saw is not the amount of today's rate."""

    message = N_("The exchange rate changed since you opened this page. Nothing was ordered. Look at it again.")


@dataclass(frozen=True, slots=True)
class Choice:
    """What the buyer chose to pay: a currency, and the minor units she saw on the page."""

    currency: str
    minor: int


def read_choice(form: Mapping[str, str]) -> Choice | None:
    """Return the currency chosen and the amount shown for it; None when the page offered no choice."""
    currency = form.get("currency", "")
    shown = form.get(f"amount_{currency[:LONGEST]}", "")
    if not currency:
        return None
    if not (shown.isascii() and shown.isdigit() and len(shown) < LONGEST):
        raise InvalidInput({"currency": N_("Choose the currency you want to pay in.")})
    return Choice(currency, int(shown))


def agree(uow: UnitOfWork, *, order: Order, choice: Choice | None) -> Money:
    """Freeze what the buyer pays on her new order and return it: the price itself, or the amount she saw.

    Raises InvalidInput for a currency that is not taken or an amount that cannot be charged in it, RateChanged when the
    amount is not the one shown.
    """
    price = price_of(order)
    if choice is None or choice.currency == price.currency:
        check_charged(price)
        return price
    if choice.currency not in uow.settings.payment_currencies:
        raise InvalidInput({"currency": N_("Choose the currency you want to pay in.")})
    found = charge_in(uow.session, price, choice.currency, on=uow.now.date())
    if found is None or found.amount.minor != choice.minor:
        raise RateChanged
    row = OrderExchange(
        order_id=order.id,
        price_minor=price.minor,
        price_currency=price.currency,
        paid_minor=found.amount.minor,
        paid_currency=found.amount.currency,
        worth_minor=found.swap.worth.minor,
        rate=found.rate,
        rate_ids=list(found.rate_ids),
        observed_on=found.observed_on,
        sources=list(found.sources),
        agreed_at=uow.now,
    )
    uow.session.add(row)
    uow.session.flush()
    uow.record("order_exchange.agree", row, order, price=price, paid=found.amount, rate_ids=list(found.rate_ids))
    return found.amount


def check_charged(price: Money) -> None:
    """Raise InvalidInput with the reason when the price cannot be paid in its own currency."""
    why = why_not_charged(price)
    if why is not None:
        raise InvalidInput({"currency": why})


def why_not_charged(price: Money) -> FieldError | None:
    """Return why a price cannot be paid in its own currency, in words for the buyer; None when it can."""
    if is_charged(price):
        return None
    if price.currency in NOT_CHARGED:
        return FieldError(N_("The payment service takes no %(currency)s."), currency=price.currency)
    if price.minor % step_of(price.currency):
        words = N_("The payment service takes no amount of %(currency)s with so small a part.")
        return FieldError(words, currency=price.currency)
    words = N_("The payment service takes no amount of %(currency)s as large as this.")
    return FieldError(words, currency=price.currency)


def exchange_of(session: Session, order_id: UUID) -> OrderExchange | None:
    """Return the rate an order is paid at; None when it is paid in the price's own currency."""
    return session.get(OrderExchange, order_id)


def swap_of(exchange: OrderExchange) -> Swap:
    """Return the exchange as the ledger's recipes want it."""
    return Swap(
        agreed=Money(exchange.price_minor, exchange.price_currency),
        given=Money(exchange.paid_minor, exchange.paid_currency),
        worth=Money(exchange.worth_minor, exchange.price_currency),
    )


def paid_for(session: Session, order: Order) -> Money:
    """Return what the buyer pays for an order, in the currency she chose."""
    exchange = exchange_of(session, order.id)
    return price_of(order) if exchange is None else swap_of(exchange).given
