"""Read who reviews, what was noted on a case, and what was sent back and not answered."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import exists, select, tuple_
from sqlalchemy.orm import Session, aliased

from marketplace.accounts.models import StaffGrant, User
from marketplace.compliance.models import Cooperative
from marketplace.core.actor import Actor, StaffRole
from marketplace.lots.models import Lot
from marketplace.moderation.models import CaseNote, Decision, ModerationCase
from marketplace.moderation.queries.decisions import is_hidden

PAGE: Final = 25
MOST_NOTES: Final = 50


class NoteRow(NamedTuple):
    """A note with the name of who wrote it."""

    words: str
    writer: str
    written_at: datetime


class UnansweredRow(NamedTuple):
    """A case that was sent back, with the cooperative's name."""

    case: ModerationCase
    cooperative: str


def reviewers(session: Session) -> Sequence[User]:
    """Return everybody who reviews now, by name."""
    granted = select(StaffGrant.user_id).where(StaffGrant.role == StaffRole.MODERATOR.value)
    return session.scalars(
        select(User).where(User.id.in_(granted), User.state == "active").order_by(User.name, User.id).limit(200)
    ).all()


def notes_on(session: Session, case: ModerationCase, *, reader: Actor) -> list[NoteRow]:
    """Return the newest notes on a case that this reader may read now.

    While she may not read what was decided, she does not read the notes of who decided either.
    """
    query = (
        select(CaseNote.words, User.name, CaseNote.written_at)
        .join(User, User.id == CaseNote.written_by)
        .where(CaseNote.case_id == case.id)
        .order_by(CaseNote.written_at.desc(), CaseNote.id.desc())
        .limit(MOST_NOTES)
    )
    if is_hidden(session, case, reader=reader):
        query = query.where(CaseNote.written_by.not_in(select(Decision.reviewer_id).where(Decision.case_id == case.id)))
    return [NoteRow(*row) for row in session.execute(query)]


def unanswered(session: Session, *, until: datetime, after: tuple[datetime, UUID] | None) -> list[UnansweredRow]:
    """Return a page of lots sent back until a moment and not answered, oldest first, and one more when more follow."""
    later = aliased(ModerationCase)
    is_newest = ~exists().where(later.lot_id == ModerationCase.lot_id, later.opened_at > ModerationCase.opened_at)
    query = (
        select(ModerationCase, Cooperative.legal_name)
        .join(Lot, Lot.id == ModerationCase.lot_id)
        .join(Cooperative, Cooperative.id == ModerationCase.cooperative_id)
        .where(
            ModerationCase.state == "changes_requested",
            ModerationCase.kind == "lot",
            ModerationCase.expired_at.is_(None),
            ModerationCase.closed_at <= until,
            Lot.state == "changes_requested",
            is_newest,
        )
        .order_by(ModerationCase.closed_at, ModerationCase.id)
        .limit(PAGE + 1)
    )
    if after is not None:
        query = query.where(tuple_(ModerationCase.closed_at, ModerationCase.id) > after)
    return [UnansweredRow(*row) for row in session.execute(query)]
