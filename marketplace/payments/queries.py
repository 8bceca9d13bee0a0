"""Reads of payments, problems, commands and payouts, for finance and auditors."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.orm import Session

from marketplace.compliance.models import Cooperative
from marketplace.core.errors import NotFound
from marketplace.core.ids import normal_reference
from marketplace.core.money import Money
from marketplace.payments.models import Payment, PaymentProblem, Payout, PayoutDestination, ProviderCommand, Refund
from marketplace.payments.payouts.transitions import FINAL, State

PAGE: Final = 30
MOST: Final = 200


@dataclass(frozen=True, slots=True)
class PaymentPage:
    """A page of payments and the order's reference behind which the next one begins."""

    payments: Sequence[Payment]
    after: str | None


@dataclass(frozen=True, slots=True)
class PayoutLine:
    """A payout as lists show it."""

    payout: Payout
    order_reference: str
    cooperative: str

    @property
    def amount(self) -> Money:
        """Return what is paid."""
        return Money(self.payout.amount_minor, self.payout.currency)


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much waits for a person of finance."""

    destinations: int
    payouts: dict[str, int]
    problems: int
    failed_commands: int


def payments(session: Session, *, state: str | None = None, after: str | None = None) -> PaymentPage:
    """Return a page of payments, newest first; raise NotFound for an unknown `after`."""
    found = select(Payment).order_by(Payment.created_at.desc(), Payment.id.desc()).limit(PAGE + 1)
    if state:
        found = found.where(Payment.state == state)
    if after:
        last = session.scalar(select(Payment).where(Payment.order_reference == normal_reference(after)))
        if last is None:
            raise NotFound
        found = found.where(tuple_(Payment.created_at, Payment.id) < (last.created_at, last.id))
    rows = session.scalars(found).all()
    return PaymentPage(rows[:PAGE], rows[PAGE - 1].order_reference if len(rows) > PAGE else None)


def refunds_of(session: Session, payment_ids: Collection[UUID]) -> dict[UUID, Refund]:
    """Return the refunds of payments, by payment."""
    rows = session.scalars(select(Refund).where(Refund.payment_id.in_(payment_ids)))
    return {refund.payment_id: refund for refund in rows}


def problems(session: Session, *, is_open: bool = True) -> Sequence[PaymentProblem]:
    """Return problems: the open ones oldest first, or the newest closed ones."""
    if is_open:
        found = select(PaymentProblem).where(PaymentProblem.resolved_at.is_(None)).order_by(PaymentProblem.opened_at)
    else:
        found = (
            select(PaymentProblem)
            .where(PaymentProblem.resolved_at.is_not(None))
            .order_by(PaymentProblem.resolved_at.desc())
        )
    return session.scalars(found.limit(MOST)).all()


def problem_by_id(session: Session, problem_id: UUID) -> PaymentProblem:
    """Return a problem; raise NotFound."""
    found = session.get(PaymentProblem, problem_id)
    if found is None:
        raise NotFound
    return found


def commands(session: Session, *, is_open: bool = True) -> Sequence[ProviderCommand]:
    """Return the commands that are not done, oldest first, or the newest that are."""
    if is_open:
        found = select(ProviderCommand).where(ProviderCommand.state != "done").order_by(ProviderCommand.created_at)
    else:
        found = (
            select(ProviderCommand).where(ProviderCommand.state == "done").order_by(ProviderCommand.created_at.desc())
        )
    return session.scalars(found.limit(MOST)).all()


def payouts(session: Session, *, states: Collection[State]) -> Sequence[PayoutLine]:
    """Return the payouts in some states, oldest first."""
    reference = select(Payment.order_reference).where(Payment.order_id == Payout.order_id).scalar_subquery()
    rows = session.execute(
        select(Payout, reference, Cooperative.legal_name)
        .join(Cooperative, Cooperative.id == Payout.cooperative_id)
        .where(Payout.state.in_(states))
        .order_by(Payout.prepared_at, Payout.id)
        .limit(MOST)
    )
    return [PayoutLine(payout, order_reference or "", name) for payout, order_reference, name in rows]


def payout_by_reference(session: Session, reference: str) -> Payout:
    """Return a payout; raise NotFound."""
    found = session.scalar(select(Payout).where(Payout.reference == normal_reference(reference)))
    if found is None:
        raise NotFound
    return found


def payouts_of_order(session: Session, order_id: UUID) -> Sequence[Payout]:
    """Return the payouts of an order, oldest first."""
    return session.scalars(select(Payout).where(Payout.order_id == order_id).order_by(Payout.prepared_at)).all()


def waiting(session: Session) -> Waiting:
    """Count what waits for a person."""
    in_state = dict(
        session.execute(
            select(Payout.state, func.count()).where(Payout.state.not_in(FINAL)).group_by(Payout.state)
        ).all()
    )
    unchecked = PayoutDestination.verified_at.is_(None) & PayoutDestination.retired_at.is_(None)
    return Waiting(
        destinations=_count(session, unchecked),
        payouts={state.value: in_state.get(state.value, 0) for state in State if state not in FINAL},
        problems=_count(session, PaymentProblem.resolved_at.is_(None)),
        failed_commands=_count(session, ProviderCommand.state == "failed"),
    )


def _count(session: Session, condition: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).where(condition)) or 0
