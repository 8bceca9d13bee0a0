"""Reads of orders. A query takes the owner, so that somebody else's order looks like none at all."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select, tuple_
from sqlalchemy.orm import Session

from marketplace.core.errors import NotFound
from marketplace.core.ids import normal_reference
from marketplace.core.money import Money
from marketplace.orders.models import (
    Order,
    OrderEvidence,
    OrderFreeze,
    OrderStep,
    ProblemReport,
    SettlementOffer,
    Shipment,
    VerificationReport,
)
from marketplace.orders.transitions import FINAL, State
from marketplace.orders.words import OrderFacts
from marketplace.payments.models import Payment

PAGE = 20
OLD_PROBLEM = timedelta(days=7)
LONG_HELD = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class OrderPage:
    """A page of orders and the reference behind which the next one begins."""

    orders: Sequence[Order]
    after: str | None


@dataclass(frozen=True, slots=True)
class StaffFilter:
    """What staff looks for: a state, disputed or frozen ones, overdue ones."""

    state: State | None = None
    is_held: bool = False
    is_overdue: bool = False


def order_of_buyer(session: Session, reference: str, *, buyer_id: UUID | None) -> Order:
    """Return a buyer's own order; raise NotFound."""
    return _one(session, _by_reference(reference).where(Order.buyer_id == buyer_id))


def order_of_cooperatives(session: Session, reference: str, *, cooperative_ids: Collection[UUID]) -> Order:
    """Return an order of one of the cooperatives; raise NotFound."""
    return _one(session, _by_reference(reference).where(Order.cooperative_id.in_(cooperative_ids)))


def order_by_reference(session: Session, reference: str) -> Order:
    """Return any order, for staff; raise NotFound."""
    return _one(session, _by_reference(reference))


def orders_of_buyer(session: Session, *, buyer_id: UUID | None, after: str | None = None) -> OrderPage:
    """Return a page of a buyer's orders, newest first."""
    return _page(session, select(Order).where(Order.buyer_id == buyer_id), after)


def orders_of_cooperatives(
    session: Session, *, cooperative_ids: Collection[UUID], after: str | None = None
) -> OrderPage:
    """Return a page of the orders of cooperatives, newest first."""
    return _page(session, select(Order).where(Order.cooperative_id.in_(cooperative_ids)), after)


def orders_for_staff(session: Session, *, wanted: StaffFilter, now: datetime, after: str | None = None) -> OrderPage:
    """Return a page of all orders that match, newest first."""
    found = select(Order)
    if wanted.state is not None:
        found = found.where(Order.state == wanted.state)
    if wanted.is_held:
        found = found.where((Order.state == State.DISPUTED) | Order.frozen_since.is_not(None))
    if wanted.is_overdue:
        late = (Order.deadline_at < now) | _old_problem(now) | (Order.funded_at < now - LONG_HELD)
        found = found.where(Order.state.not_in(FINAL), late)
    return _page(session, found, after)


def steps_of(session: Session, order_id: UUID) -> Sequence[OrderStep]:
    """Return the moves of an order, oldest first."""
    return session.scalars(select(OrderStep).where(OrderStep.order_id == order_id).order_by(OrderStep.id)).all()


def shipments_of(session: Session, order_id: UUID) -> Sequence[Shipment]:
    """Return the legs of the goods' road, in the order they were sent."""
    return session.scalars(select(Shipment).where(Shipment.order_id == order_id).order_by(Shipment.shipped_at)).all()


def open_problem(session: Session, order_id: UUID) -> ProblemReport | None:
    """Return the dispute that is open about the order, or None."""
    return session.scalar(
        select(ProblemReport).where(ProblemReport.order_id == order_id, ProblemReport.resolved_at.is_(None))
    )


def problems_of(session: Session, order_id: UUID) -> Sequence[ProblemReport]:
    """Return every report about an order, oldest first."""
    found = select(ProblemReport).where(ProblemReport.order_id == order_id).order_by(ProblemReport.reported_at)
    return session.scalars(found).all()


def payment_of(session: Session, order_id: UUID) -> Payment | None:
    """Return the order's payment at the provider."""
    return session.scalar(select(Payment).where(Payment.order_id == order_id))


def price_of(order: Order) -> Money:
    """Return what the buyer pays."""
    return Money(order.price_minor, order.currency)


def net_of(order: Order) -> Money:
    """Return what the cooperative receives, after an agreed part went back to the buyer."""
    settled = order.settled_net_minor
    return Money(order.net_minor if settled is None else settled, order.currency)


def refund_of(order: Order) -> Money:
    """Return what goes back to the buyer when money does: the agreed part, or all of it."""
    return Money(order.price_minor if order.refund_minor is None else order.refund_minor, order.currency)


def split_of(order: Order) -> list[dict[str, Any]]:
    """Return who gets what, after an agreed part went back to the buyer."""
    return order.split if order.settled_split is None else order.settled_split


def facts_of(order: Order) -> OrderFacts:
    """Return what the sentences about an order depend on."""
    return OrderFacts(
        state=State(order.state),
        price=price_of(order),
        net=net_of(order),
        deadline_at=order.deadline_at,
        is_frozen=order.frozen_since is not None,
        refund=refund_of(order),
        outcome=order.outcome,
        is_stopping=order.stopping is not None,
        needs_second_person=order.needs_second_person,
        is_by_verifier=order.wants_verification,
    )


def evidence_of(session: Session, order_id: UUID) -> Sequence[OrderEvidence]:
    """Return what the parties said and showed, oldest first."""
    found = select(OrderEvidence).where(OrderEvidence.order_id == order_id)
    return session.scalars(found.order_by(OrderEvidence.given_at, OrderEvidence.id)).all()


def open_settlement(session: Session, order_id: UUID) -> SettlementOffer | None:
    """Return the offer of one side that waits for the other, or None."""
    return session.scalar(
        select(SettlementOffer).where(SettlementOffer.order_id == order_id, SettlementOffer.state == "open")
    )


def verification_of(session: Session, order_id: UUID) -> VerificationReport | None:
    """Return what the independent verifier found last, or None."""
    found = select(VerificationReport).where(VerificationReport.order_id == order_id)
    return session.scalar(found.order_by(VerificationReport.verified_at.desc(), VerificationReport.id.desc()).limit(1))


def freezes_of(session: Session, order_id: UUID) -> Sequence[OrderFreeze]:
    """Return why the order's money may not move, or might not before, oldest first."""
    return session.scalars(
        select(OrderFreeze).where(OrderFreeze.order_id == order_id).order_by(OrderFreeze.frozen_at)
    ).all()


def _old_problem(now: datetime) -> ColumnElement[bool]:
    return (Order.state == State.DISPUTED) & (Order.state_since < now - OLD_PROBLEM)


def _by_reference(reference: str) -> Select[Order]:
    return select(Order).where(Order.reference == normal_reference(reference))


def _one(session: Session, wanted: Select[Order]) -> Order:
    order = session.scalar(wanted)
    if order is None:
        raise NotFound
    return order


def _page(session: Session, wanted: Select[Order], after: str | None) -> OrderPage:
    """Return the page behind the order `after`, which must itself be among the wanted ones."""
    found = wanted.order_by(Order.created_at.desc(), Order.id.desc()).limit(PAGE + 1)
    if after:
        last = session.scalar(wanted.where(Order.reference == normal_reference(after)))
        if last is None:
            raise NotFound
        found = found.where(tuple_(Order.created_at, Order.id) < (last.created_at, last.id))
    orders = session.scalars(found).all()
    return OrderPage(orders[:PAGE], orders[PAGE - 1].reference if len(orders) > PAGE else None)
