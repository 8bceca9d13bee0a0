"""Warn 30 and 7 days before a document ends, once each; end it when its last day is over, and pause what needs it."""

from datetime import date, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from marketplace.compliance.models import Cooperative
from marketplace.documents.models import Document
from marketplace.documents.services.letters import tell_officers
from marketplace.documents.services.reviewing import InLine
from marketplace.documents.transitions import Action, State, after
from marketplace.unit_of_work import UnitOfWork

WARN_DAYS: Final = (30, 7)


def cooperatives_with_ending(session: Session, *, today: date) -> list[UUID]:
    """Return the cooperatives that have a document to end or to warn of today."""
    wanted = select(Document.cooperative_id).where(_is_due(today)).distinct()
    return list(session.scalars(wanted.order_by(Document.cooperative_id)))


def end_documents(uow: UnitOfWork, *, cooperative_id: UUID, in_line: InLine) -> int:
    """Warn of and end the documents of one cooperative; return how many ended."""
    cooperative = uow.session.get_one(Cooperative, cooperative_id)
    today = uow.now.date()
    ended = 0
    for row in uow.session.scalars(_of(cooperative_id, today)).all():
        if row.expires_on is not None and row.expires_on < today:
            _end(uow, row, cooperative)
            ended += 1
        else:
            _warn(uow, row, cooperative, today)
    if ended:
        in_line(uow, cooperative=cooperative)
    return ended


def warning_due(*, days: int, warned: int | None) -> int | None:
    """Return which warning is due so many days before the end, or None: after a late one the earlier is not sent."""
    for step in reversed(WARN_DAYS):
        if days <= step:
            return step if warned is None or warned > step else None
    return None


def _end(uow: UnitOfWork, row: Document, cooperative: Cooperative) -> None:
    row.state = after(row.state, Action.EXPIRE).value
    uow.record("document.expire", row, cooperative, kind=row.kind, last_day=row.expires_on)
    tell_officers(uow, row, template="document_over", params={"day": row.expires_on})


def _warn(uow: UnitOfWork, row: Document, cooperative: Cooperative, today: date) -> None:
    assert row.expires_on is not None, "only what ends is due"
    step = warning_due(days=(row.expires_on - today).days, warned=row.warned_days)
    if step is None:
        return
    row.warned_days = step
    uow.record("document.warn", row, cooperative, kind=row.kind, last_day=row.expires_on, days=step)
    tell_officers(uow, row, template="document_ends", params={"day": row.expires_on})


def _of(cooperative_id: UUID, today: date) -> Select[Document]:
    wanted = select(Document).where(Document.cooperative_id == cooperative_id, _is_due(today))
    return wanted.order_by(Document.id).with_for_update().execution_options(populate_existing=True)


def _is_due(today: date) -> ColumnElement[bool]:
    long, short = (today + timedelta(days=days) for days in WARN_DAYS)
    is_over = and_(Document.state.in_((State.ACCEPTED.value, State.PENDING.value)), Document.expires_on < today)
    is_near = and_(
        Document.state == State.ACCEPTED.value,
        or_(
            and_(Document.expires_on <= long, Document.warned_days.is_(None)),
            and_(Document.expires_on <= short, Document.warned_days == WARN_DAYS[0]),
        ),
    )
    return and_(Document.replaced_at.is_(None), or_(is_over, is_near))
