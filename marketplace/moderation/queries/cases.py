"""One case and what it is about."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from marketplace.core.errors import NotFound
from marketplace.lots.models import LotVersion
from marketplace.moderation.models import Decision, ModerationCase
from marketplace.moderation.transitions import OPEN, State


def case_by_id(session: Session, case_id: UUID, *, lock: bool = False) -> ModerationCase:
    """Return a case, or raise NotFound."""
    query = select(ModerationCase).where(ModerationCase.id == case_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None:
        raise NotFound
    return found


def open_case_of_lot(session: Session, lot_id: UUID, *, lock: bool = False) -> ModerationCase | None:
    """Return the undecided case of a lot, if there is one."""
    return _open(session, select(ModerationCase).where(ModerationCase.lot_id == lot_id), lock=lock)


def open_case_of_cooperative(session: Session, cooperative_id: UUID, *, lock: bool = False) -> ModerationCase | None:
    """Return the undecided case of a cooperative's application, if there is one."""
    query = select(ModerationCase).where(
        ModerationCase.cooperative_id == cooperative_id, ModerationCase.kind == "cooperative"
    )
    return _open(session, query, lock=lock)


def newest_case(session: Session, case: ModerationCase) -> ModerationCase:
    """Return the newest case about the same lot or application; the case itself when none came after it."""
    newest = session.scalar(_same_subject(case).order_by(ModerationCase.opened_at.desc(), ModerationCase.id.desc()))
    return newest or case


def content_of_case(session: Session, case: ModerationCase) -> dict[str, Any]:
    """Return what was sent: the answers of a lot version or of an application."""
    if case.version_id is None:
        return case.subject
    return session.get_one(LotVersion, case.version_id).content


def approved_version(session: Session, lot_id: UUID, *, before: ModerationCase | None = None) -> LotVersion | None:
    """Return the last version of a lot that people approved, whatever is on sale; None before the first.

    With `before` it is the last one when that case was opened.

    The database asks the same (migration 0038, last_approved).
    """
    query = (
        select(LotVersion)
        .join(ModerationCase, ModerationCase.version_id == LotVersion.id)
        .where(
            LotVersion.lot_id == lot_id,
            ModerationCase.lot_id == lot_id,
            ModerationCase.state == State.APPROVED.value,
            ModerationCase.subject_sha256 == LotVersion.sha256,
        )
        .order_by(ModerationCase.closed_at.desc(), ModerationCase.id.desc())
    )
    if before is not None:
        query = query.where(ModerationCase.closed_at <= before.opened_at, ModerationCase.id != before.id)
    return session.scalar(query.limit(1))


def last_decided_content(session: Session, case: ModerationCase) -> dict[str, Any] | None:
    """Return what the last decision before this case was about, to show what changed since."""
    query = (
        _same_subject(case)
        .join(Decision, Decision.case_id == ModerationCase.id)
        .where(ModerationCase.id != case.id, Decision.decided_at <= case.opened_at)
        .order_by(Decision.decided_at.desc(), Decision.id.desc())
    )
    earlier = session.scalar(query.limit(1))
    return content_of_case(session, earlier) if earlier else None


def case_named(session: Session, case: ModerationCase, subject_sha256: str) -> ModerationCase | None:
    """Return the case of the same lot or application that carries this digest."""
    query = _same_subject(case).where(ModerationCase.subject_sha256 == subject_sha256)
    return session.scalar(query.order_by(ModerationCase.opened_at.desc()).limit(1))


def _same_subject(case: ModerationCase) -> Select[ModerationCase]:
    query = select(ModerationCase).where(ModerationCase.kind == case.kind)
    if case.lot_id is not None:
        return query.where(ModerationCase.lot_id == case.lot_id)
    return query.where(ModerationCase.cooperative_id == case.cooperative_id)


def _open(session: Session, query: Select[ModerationCase], *, lock: bool) -> ModerationCase | None:
    query = query.where(ModerationCase.state.in_([state.value for state in OPEN]))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalar(query)
