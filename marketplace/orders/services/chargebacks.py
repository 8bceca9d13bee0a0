"""What a chargeback does to an order: what is still held is frozen, held again when it was won, given up when lost.

Lost before the release, the whole payment was the buyer's own and the order ends as refunded. After a release the money
is the cooperative's: the loss is ours and nothing is taken back from it silently; finance has an open problem from the
first day on.
"""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import select

from marketplace.core.actor import PROVIDER
from marketplace.core.money import Money
from marketplace.ledger import chargeback_recipes, chart, provider_exchange
from marketplace.ledger.queries import balance
from marketplace.ledger.recipes import Entry
from marketplace.ledger.services import post
from marketplace.notifications.services import tell
from marketplace.orders.currencies import exchange_of
from marketplace.orders.letters import Audience
from marketplace.orders.models import Order, OrderFreeze
from marketplace.orders.services import disputed_money, freezes
from marketplace.orders.services.advance import advance
from marketplace.orders.services.letters import readers_of
from marketplace.orders.transitions import FINAL, HELD, Action
from marketplace.payments.provider_models import Chargeback
from marketplace.unit_of_work import UnitOfWork

FREEZE: Final = "chargeback"
_LETTERS: Final = {"open": "chargeback_opened", "won": "chargeback_won", "lost": "chargeback_lost"}


def chargeback_opened(uow: UnitOfWork, chargeback: Chargeback) -> None:
    """Freeze what is still held of the disputed money; the order is locked already."""
    order = uow.session.get_one(Order, chargeback.order_id)
    frozen = disputed_money.to_freeze(uow.session, order=order, chargeback=chargeback)
    if frozen:
        _post(uow, chargeback, chargeback_recipes.chargeback_frozen(order.id, frozen))
    paid = disputed_money.paid_part(uow.session, order=order, chargeback=chargeback, frozen=frozen)
    chargeback.frozen_minor = paid.minor
    uow.record("chargeback.freeze", chargeback, order, frozen=frozen)
    if order.state not in FINAL and open_freeze(uow, order) is None:
        freezes.freeze(uow, order=order, kind=FREEZE, reason=chargeback.reason)
    _tell(uow, order, chargeback)


def chargeback_closed(uow: UnitOfWork, chargeback: Chargeback) -> None:
    """Hold the frozen money again, or give it up; the order is locked already."""
    order = uow.session.get_one(Order, chargeback.order_id)
    frozen = disputed_money.frozen_of(uow.session, order=order, chargeback=chargeback)
    is_lost = chargeback.state == "lost"
    took_all = is_lost and bool(frozen) and not balance(uow.session, chart.held(order.id), order.currency)
    if frozen and not took_all:
        _post(uow, chargeback, chargeback_recipes.chargeback_unfrozen(order.id, frozen))
    if is_lost:
        _give_up(uow, order, chargeback, frozen if took_all else Money.zero(order.currency))
    uow.record("chargeback.settle", chargeback, order, state=chargeback.state)
    found = open_freeze(uow, order)
    if found is not None:
        freezes.end(uow, freeze=found, reason=chargeback.state, goes_on=not took_all)
    if took_all and order.state in HELD:
        advance(uow.acting_as(PROVIDER), order=order, action=Action.LOSE_CHARGEBACK)
    _tell(uow, order, chargeback)


def _give_up(uow: UnitOfWork, order: Order, chargeback: Chargeback, frozen: Money) -> None:
    """Write off what the bank took: the whole held payment was the buyer's own, anything else is our loss.

    A part that was taken is ours too: the order goes on with its whole price, and nobody else is short of it.
    """
    disputed, exchange = disputed_money.amount_of(chargeback), exchange_of(uow.session, order.id)
    if exchange is None:
        loss = disputed - frozen
        _post(uow, chargeback, chargeback_recipes.chargeback_lost(order.id, chargeback.id, frozen=frozen, loss=loss))
        return
    lost = disputed_money.lost(uow.session, order=order, chargeback=chargeback, frozen=frozen)
    entry = provider_exchange.chargeback_lost(order.id, chargeback.id, frozen=lost.frozen, loss=lost.loss)
    _post(uow, chargeback, entry, rate_ids=exchange.rate_ids)


def open_freeze(uow: UnitOfWork, order: Order) -> OrderFreeze | None:
    """Return the freeze that a chargeback set, while it lasts."""
    return uow.session.scalar(
        select(OrderFreeze).where(
            OrderFreeze.order_id == order.id, OrderFreeze.kind == FREEZE, OrderFreeze.lifted_at.is_(None)
        )
    )


def _post(uow: UnitOfWork, chargeback: Chargeback, entry: Entry, *, rate_ids: Sequence[str] = ()) -> None:
    key = f"{chargeback.id}:{entry.kind}"
    post(uow, entry=entry, key=key, order_id=chargeback.order_id, rate_ids=rate_ids)


def _tell(uow: UnitOfWork, order: Order, chargeback: Chargeback) -> None:
    params = {
        "reference": order.reference,
        "title": order.title,
        "amount": Money(chargeback.amount_minor, chargeback.currency),
        "evidence_due": chargeback.evidence_due,
    }
    for audience in (Audience.FINANCE, Audience.COOPERATIVE):
        for user_id in readers_of(uow, order, audience):
            tell(uow, user_id=user_id, template=_LETTERS[chargeback.state], params=params)
