"""The inspection of goods that came: more time, a lower price, or the goods back."""

from datetime import timedelta

from marketplace.core.errors import FieldError, InvalidInput
from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.orders import deadlines
from marketplace.orders.answers import Reason
from marketplace.orders.decisions import is_part
from marketplace.orders.models import Order, SettlementOffer
from marketplace.orders.queries import open_settlement, price_of
from marketplace.orders.services.advance import advance, lock
from marketplace.orders.services.offering import make_offer
from marketplace.orders.services.planning import plan
from marketplace.orders.transitions import Action
from marketplace.payments.charging import check_step
from marketplace.unit_of_work import UnitOfWork


def extend_inspection(uow: UnitOfWork, *, order: Order, laboratory: str) -> Order:
    """Give the buyer two more weeks, once, because a laboratory has the goods."""
    return _extend(uow, order, Action.EXTEND_INSPECTION, by=deadlines.INSPECTION_EXTENSION, note=laboratory)


def extend_shipping(uow: UnitOfWork, *, order: Order, reason: str) -> Order:
    """Give the cooperative another week to ship, once: an export permit takes its time."""
    return _extend(uow, order, Action.EXTEND_SHIPPING, by=deadlines.SHIPPING_EXTENSION, note=reason)


def ask_adjustment(uow: UnitOfWork, *, order: Order, refund: Money, text: str) -> SettlementOffer:
    """Ask the cooperative for a lower price; `refund` is the part of the price that would go back."""
    if not is_part(refund, price_of(order)):
        raise InvalidInput({"refund": FieldError(N_("Enter a part of the price: more than nothing, less than all."))})
    check_step(refund, field="refund")
    advance(uow, order=order, action=Action.ASK_ADJUSTMENT, refund=refund, note=text)
    return make_offer(uow, order=order, kind="adjustment", refund=refund, text=text)


def agree_adjustment(uow: UnitOfWork, *, order: Order) -> Order:
    """Take the lower price: the part goes back to the buyer, the goods are accepted."""
    lock(uow.session, order)
    offer = open_settlement(uow.session, order.id)
    refund = Money(offer.refund_minor, offer.currency) if offer is not None else None
    return advance(uow, order=order, action=Action.AGREE_ADJUSTMENT, refund=refund)


def decline_adjustment(uow: UnitOfWork, *, order: Order, text: str) -> Order:
    """Refuse the lower price: staff decides."""
    return advance(uow, order=order, action=Action.DECLINE_ADJUSTMENT, problem="adjustment", note=text)


def withdraw_adjustment(uow: UnitOfWork, *, order: Order) -> Order:
    """Take the wish for a lower price back; the inspection goes on."""
    return advance(uow, order=order, action=Action.WITHDRAW_ADJUSTMENT)


def reject(uow: UnitOfWork, *, order: Order, reason: Reason) -> Order:
    """Reject the goods with a reason; the buyer sends them back."""
    return advance(uow, order=order, action=Action.REJECT, problem=reason.kind, note=reason.text)


def _extend(uow: UnitOfWork, order: Order, action: Action, *, by: timedelta, note: str) -> Order:
    advance(uow, order=order, action=action, note=note)
    order.extensions = [*order.extensions, action.value]
    assert order.deadline_at is not None, "only states with a deadline are extended"
    order.deadline_at += by
    order.reminded_stage, order.reminded_at = 0, None
    plan(order)
    uow.record("order.extend", order, deadline=order.deadline_at)
    return order
