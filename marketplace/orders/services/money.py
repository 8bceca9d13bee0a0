"""What a move does with the money: ledger entries under stable keys, commands to the provider."""

from collections.abc import Mapping
from typing import cast

from marketplace.core.errors import NotFound
from marketplace.core.money import Money
from marketplace.ledger import recipes
from marketplace.ledger.recipes import Entry, Share
from marketplace.ledger.services import post
from marketplace.orders.models import Order
from marketplace.orders.queries import payment_of, price_of, refund_of, split_of
from marketplace.orders.transitions import MoneyMove, Row, is_partial
from marketplace.payments import commands
from marketplace.payments.models import Payment
from marketplace.unit_of_work import UnitOfWork


def move_money(uow: UnitOfWork, *, order: Order, row: Row, facts: Mapping[str, object]) -> None:
    """Do what the row says; a second call for the same order and action posts nothing new."""
    match row.money:
        case MoneyMove.HOLD:
            _hold(uow, order, facts)
        case MoneyMove.STOP:
            commands.request_expiry(uow, payment=_payment(uow, order))
        case MoneyMove.REFUND:
            order.refund_minor = order.settled_split = order.settled_net_minor = None
            _post(uow, order, recipes.refund_decided(order.id, price_of(order)))
            _refund(uow, order, reason=row.action.value)
        case MoneyMove.RETRY_REFUND:
            _refund(uow, order, reason=row.action.value)
        case MoneyMove.RELEASE:
            _release(uow, order)
        case MoneyMove.SPLIT:
            _post(uow, order, recipes.refund_decided(order.id, refund_of(order)))
            _refund(uow, order, reason=row.action.value)
            _release(uow, order)
        case MoneyMove.NONE | MoneyMove.LOSE:
            pass


def shares_of(order: Order) -> list[Share]:
    """Return the frozen split of what the cooperative's side gets, as shares of it."""
    return [Share(line["payee"], line["code"], Money(line["amount_minor"], order.currency)) for line in split_of(order)]


def _release(uow: UnitOfWork, order: Order) -> None:
    kept = price_of(order) - refund_of(order) if is_partial(order) else price_of(order)
    _post(uow, order, recipes.released(order.id, order.cooperative_id, shares_of(order), held=kept))


def _hold(uow: UnitOfWork, order: Order, facts: Mapping[str, object]) -> None:
    post(
        uow,
        entry=recipes.captured(order.id, price_of(order), cast(Money, facts["fee"])),
        key=f"{order.id}:captured",
        order_id=order.id,
        external_ref=cast(str, facts["external_ref"]),
    )


def _post(uow: UnitOfWork, order: Order, entry: Entry) -> None:
    post(uow, entry=entry, key=f"{order.id}:{entry.kind}", order_id=order.id)


def _refund(uow: UnitOfWork, order: Order, *, reason: str) -> None:
    commands.request_refund(uow, payment=_payment(uow, order), amount=refund_of(order), reason=reason)


def _payment(uow: UnitOfWork, order: Order) -> Payment:
    payment = payment_of(uow.session, order.id)
    if payment is None:
        raise NotFound
    return payment
