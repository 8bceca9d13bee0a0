"""Read chargebacks for the people of finance."""

from typing import Final
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from marketplace.core.errors import NotFound
from marketplace.payments.finance_queries import PAGE, Page
from marketplace.payments.provider_models import Chargeback

# "Open" for a reader is whatever the bank did not decide, an inquiry as well.
STATES: Final = {"open": ("inquiry", "open"), "won": ("won",), "lost": ("lost",)}


def chargebacks_page(session: Session, *, state: str, after: str = "") -> Page[Chargeback]:
    """Return the chargebacks that are open, won or lost, newest first; raise NotFound for an unknown place."""
    wanted = select(Chargeback).where(Chargeback.state.in_(STATES[state]))
    if after:
        last = chargeback_by_id(session, _uuid(after))
        wanted = wanted.where(tuple_(Chargeback.opened_at, Chargeback.id) < (last.opened_at, last.id))
    rows = session.scalars(wanted.order_by(Chargeback.opened_at.desc(), Chargeback.id.desc()).limit(PAGE + 1)).all()
    return Page(rows[:PAGE], str(rows[PAGE - 1].id) if len(rows) > PAGE else None)


def chargeback_by_id(session: Session, chargeback_id: UUID) -> Chargeback:
    """Return a chargeback; raise NotFound."""
    found = session.get(Chargeback, chargeback_id)
    if found is None:
        raise NotFound
    return found


def chargeback_of_order(session: Session, order_id: UUID) -> Chargeback | None:
    """Return the newest chargeback about an order, or None."""
    found = select(Chargeback).where(Chargeback.order_id == order_id)
    return session.scalar(found.order_by(Chargeback.opened_at.desc(), Chargeback.id.desc()).limit(1))


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound from error
