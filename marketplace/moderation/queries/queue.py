"""The queue: oldest first, a page at a time, with counts that filter."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from marketplace.accounts.models import CooperativeMember, User
from marketplace.compliance.models import Cooperative
from marketplace.core.actor import Actor
from marketplace.lots.edit_classes import EditClass
from marketplace.lots.models import Lot
from marketplace.moderation.flags import OUTSIDE_GUIDANCE
from marketplace.moderation.models import Decision, ModerationCase
from marketplace.moderation.transitions import OPEN, State

PAGE = 25
WAITS = ("overdue", "escalated", "two_people", "mine", "review", "edit")
_OPEN = ModerationCase.state.in_([state.value for state in OPEN])


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What to show: a flag's code (or "outside"), a kind, a country, one of WAITS; None shows all.

    `reader` is whose cases `mine` shows.
    """

    flag: str | None = None
    kind: str | None = None
    country: str | None = None
    waits: str | None = None
    reader: UUID | None = None


class QueueRow(NamedTuple):
    """A waiting case, with who has it open now."""

    case: ModerationCase
    cooperative: str
    claimed_by: str | None


class QueueStats(NamedTuple):
    """How much waits."""

    waiting: int
    oldest_at: datetime | None
    outside_guidance: int
    returned: int
    overdue: int
    escalated: int


def queue(
    session: Session, *, chosen: QueueFilter, now: datetime, after: tuple[datetime, UUID] | None = None
) -> list[QueueRow]:
    """Return a page of undecided cases, oldest first, and one more when another page follows."""
    claimer = aliased(User)
    query = (
        select(ModerationCase, Cooperative.legal_name, claimer.name)
        .join(Cooperative, Cooperative.id == ModerationCase.cooperative_id)
        .outerjoin(claimer, and_(claimer.id == ModerationCase.claimed_by, ModerationCase.claimed_until > now))
        .where(_OPEN, *_conditions(chosen, now=now))
        .order_by(ModerationCase.opened_at, ModerationCase.id)
        .limit(PAGE + 1)
    )
    if after is not None:
        query = query.where(tuple_(ModerationCase.opened_at, ModerationCase.id) > after)
    return [_row(row) for row in session.execute(query)]


def stats(session: Session, *, now: datetime) -> QueueStats:
    """Return the counts of the whole queue."""
    row = session.execute(
        select(
            func.count(),
            func.min(ModerationCase.opened_at),
            func.count().filter(or_(*(_has_flag(code) for code in OUTSIDE_GUIDANCE))),
            func.count().filter(ModerationCase.is_return),
            func.count().filter(ModerationCase.due_at < now),
            func.count().filter(ModerationCase.state == State.ESCALATED.value),
        ).where(_OPEN)
    ).one()
    return QueueStats(*row)


def next_case_id(session: Session, *, actor: Actor, now: datetime) -> UUID | None:
    """Return the case that this reviewer meets next: one given to her, one given to nobody, any other.

    Among those it is the one of most risk, then age. Nobody has it open, she neither entered it nor decided in it or
    left it to others, and it is not of her cooperative.
    """
    given = ModerationCase.assigned_to
    for condition in (given == actor.user_id, given.is_(None), given != actor.user_id):
        found = session.scalar(_free_for(actor, now=now).where(condition))
        if found is not None:
            return found
    return None


def _free_for(actor: Actor, *, now: datetime) -> Select[UUID]:
    reviewer = actor.user_id
    decided = exists().where(Decision.subject_sha256 == ModerationCase.subject_sha256, Decision.reviewer_id == reviewer)
    own = select(CooperativeMember.cooperative_id).where(CooperativeMember.user_id == reviewer)
    return (
        select(ModerationCase.id)
        .join(Cooperative, Cooperative.id == ModerationCase.cooperative_id)
        .outerjoin(Lot, Lot.id == ModerationCase.lot_id)
        .where(
            _OPEN,
            or_(
                ModerationCase.claimed_until.is_(None),
                ModerationCase.claimed_until <= now,
                ModerationCase.claimed_by == reviewer,
            ),
            ModerationCase.cooperative_id.not_in(own),
            func.coalesce(Cooperative.created_by != reviewer, True),
            func.coalesce(Cooperative.submitted_by != reviewer, True),
            func.coalesce(Lot.created_by != reviewer, True),
            ModerationCase.escalated_by.is_distinct_from(reviewer),
            ~decided,
        )
        .order_by(ModerationCase.risk.desc(), ModerationCase.opened_at, ModerationCase.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=ModerationCase)
    )


def _conditions(chosen: QueueFilter, *, now: datetime) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if chosen.flag == "outside":
        found.append(or_(*(_has_flag(code) for code in OUTSIDE_GUIDANCE)))
    elif chosen.flag:
        found.append(_has_flag(chosen.flag))
    if chosen.kind:
        found.append(ModerationCase.kind == chosen.kind)
    if chosen.country:
        found.append(ModerationCase.country == chosen.country)
    waits = {
        "overdue": ModerationCase.due_at < now,
        "escalated": ModerationCase.state == State.ESCALATED.value,
        "two_people": func.cardinality(ModerationCase.second_reasons) > 0,
        "mine": ModerationCase.assigned_to == chosen.reader,
        "review": ModerationCase.edit_class == EditClass.COSMETIC.value,
        "edit": ModerationCase.edit_class.in_((EditClass.MATERIAL.value, EditClass.IDENTITY.value)),
    }
    if chosen.waits:
        found.append(waits[chosen.waits])
    return found


def _has_flag(code: str) -> ColumnElement[bool]:
    return ModerationCase.flags.contains([{"code": code}])


def _row(row: Row[ModerationCase, str, str | None]) -> QueueRow:
    return QueueRow(row[0], row[1], row[2])
