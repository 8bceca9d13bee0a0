"""Look after several cases at once: give them to somebody, write a note on them, close what nobody answered.

Each case has its own locks, check and entry; what cannot be done is left with the reason. Nothing is decided here.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from marketplace.accounts.models import User
from marketplace.accounts.queries.viewers import actor_of_user
from marketplace.core.errors import DomainError, InvalidInput
from marketplace.core.ids import new_id
from marketplace.core.text import N_
from marketplace.lots import services as lots
from marketplace.lots.models import Lot
from marketplace.lots.queries import lot_by_id
from marketplace.moderation.errors import CaseClosed, DecidedAlready, NotForThem, OwnCase, StillTime
from marketplace.moderation.models import CaseNote, ModerationCase
from marketplace.moderation.queries import newest_case
from marketplace.moderation.queries.appeals import appeal_of_case
from marketplace.moderation.queries.care import reviewers
from marketplace.moderation.services.bulk import Line, chosen
from marketplace.moderation.services.claims import check_free, check_reviewer, check_reviewer_role, locked
from marketplace.moderation.services.letters import tell_expired
from marketplace.moderation.transitions import OPEN, State
from marketplace.unit_of_work import UnitOfWork

SHORTEST, LONGEST = 5, 2_000
# So long a cooperative has for its answer; nothing is lost then, the lot is a draft again.
ANSWER_DAYS: Final = 30


class Deed(StrEnum):
    """What may be done to several cases besides sending them back."""

    ASSIGN = "assign"
    NOTE = "note"
    EXPIRE = "expire"


def preview(uow: UnitOfWork, *, deed: Deed, keys: Sequence[UUID]) -> list[Line]:
    """Return for each case whether this reviewer could do it now, without changing anything."""
    check_reviewer_role(uow.actor)
    return [Line(case, _refusal(uow, case, deed)) for case in chosen(uow, keys)]


def assign(uow: UnitOfWork, *, keys: Sequence[UUID], to: UUID | None) -> list[Line]:
    """Give cases to a reviewer, who then meets them first; raises InvalidInput for somebody who is none."""
    check_reviewer_role(uow.actor)
    person = next((each for each in reviewers(uow.session) if each.id == to), None)
    if person is None:
        raise InvalidInput({"to": N_("Choose a reviewer.")})

    def give(case: ModerationCase) -> None:
        _check_for(uow, case, person)
        case.assigned_to = person.id
        uow.record("moderation_case.assign", case, person)

    return _each(uow, keys, Deed.ASSIGN, give)


def note(uow: UnitOfWork, *, keys: Sequence[UUID], words: str) -> list[Line]:
    """Write the same note on cases, for reviewers alone; raises InvalidInput without enough words."""
    check_reviewer_role(uow.actor)
    text = words.strip()
    if not SHORTEST <= len(text) <= LONGEST:
        raise InvalidInput({"words": N_("Write 5 to 2,000 letters.")})

    def write(case: ModerationCase) -> None:
        row = CaseNote(id=new_id(), case_id=case.id, words=text, written_by=uow.person(), written_at=uow.now)
        uow.session.add(row)
        uow.record("case_note.write", row, case)

    return _each(uow, keys, Deed.NOTE, write)


def expire(uow: UnitOfWork, *, keys: Sequence[UUID]) -> list[Line]:
    """Close cases of lots that were sent back and not answered in time; the cooperative gets a letter."""
    check_reviewer_role(uow.actor)

    def close(case: ModerationCase) -> None:
        lot = lot_by_id(uow.session, _lot_of(case))
        lots.expire(uow, lot=lot)
        case.expired_at = uow.now
        uow.record("moderation_case.expire", case, days=ANSWER_DAYS)
        tell_expired(uow, case, days=ANSWER_DAYS, is_on_sale=lot.published_version_id is not None)

    return _each(uow, keys, Deed.EXPIRE, close)


def _each(uow: UnitOfWork, keys: Sequence[UUID], deed: Deed, do: Callable[[ModerationCase], None]) -> list[Line]:
    lines = []
    for each in chosen(uow, keys):
        case = locked(uow, each)
        refusal = _refusal(uow, case, deed)
        if refusal is None:
            try:
                with uow.session.begin_nested():
                    do(case)
            except DomainError as error:
                refusal = error
        lines.append(Line(case, refusal))
    return lines


def _refusal(uow: UnitOfWork, case: ModerationCase, deed: Deed) -> DomainError | None:
    try:
        _CHECKS[deed](uow, case)
    except DomainError as refusal:
        return refusal
    return None


def _check_assign(uow: UnitOfWork, case: ModerationCase) -> None:
    if case.state not in OPEN:
        raise CaseClosed
    check_free(uow, case)


def _check_note(uow: UnitOfWork, case: ModerationCase) -> None:
    """Let reviewers note something on any case, also on a closed one."""
    del uow, case


def _check_expire(uow: UnitOfWork, case: ModerationCase) -> None:
    check_reviewer(uow.session, uow.actor, case)
    ends = (case.closed_at or uow.now) + timedelta(days=ANSWER_DAYS)
    lot = uow.session.get(Lot, case.lot_id) if case.lot_id is not None else None
    appeal = appeal_of_case(uow.session, case.id)
    is_unanswered = (
        case.state == State.CHANGES_REQUESTED
        and case.expired_at is None
        and lot is not None
        and lot.state == "changes_requested"
        and newest_case(uow.session, case).id == case.id
        and (appeal is None or appeal.state != "open")
    )
    if not is_unanswered or uow.now < ends:
        raise StillTime(day=ends.date())


def _check_for(uow: UnitOfWork, case: ModerationCase, person: User) -> None:
    try:
        check_reviewer(uow.session, actor_of_user(uow.session, person), case)
    except (OwnCase, DecidedAlready):
        raise NotForThem(name=person.name) from None


def _lot_of(case: ModerationCase) -> UUID:
    if case.lot_id is None:
        raise AssertionError("only cases of lots are closed unanswered")
    return case.lot_id


_CHECKS: Final[dict[Deed, Callable[[UnitOfWork, ModerationCase], None]]] = {
    Deed.ASSIGN: _check_assign,
    Deed.NOTE: _check_note,
    Deed.EXPIRE: _check_expire,
}
