"""What was decided, as the cooperative and later reviewers read it."""

from datetime import date, datetime
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.core.actor import Actor, StaffRole
from marketplace.moderation.models import Decision, ModerationCase
from marketplace.moderation.queries.blindness import is_veiled
from marketplace.moderation.reasons import APPEAL_OPEN_FOR, BY_CODE, Reason
from marketplace.moderation.transitions import State

# In an open case a decision may still be overruled, and of one that was taken back nothing came.
_IS_FINAL: Final = ModerationCase.state.in_([State.APPROVED.value, State.CHANGES_REQUESTED.value, State.REFUSED.value])


class Statement(NamedTuple):
    """A statement of reasons: what to change and why, without the reviewer's name."""

    verdict: str
    reasons: tuple[Reason, ...]
    note: str
    decided_at: datetime
    case_id: UUID

    @property
    def appeal_until(self) -> date:
        """Return the last day to appeal."""
        return (self.decided_at + APPEAL_OPEN_FOR).date()


class PastDecision(NamedTuple):
    """A decision as staff see it in a case's history."""

    verdict: str
    reviewer: str
    reasons: tuple[Reason, ...]
    note: str
    decided_at: datetime


def latest_statement(session: Session, lot_id: UUID) -> Statement | None:
    """Return the newest decision's reasons if it asked for changes or refused; None after an approval or before any."""
    return _statement(session, ModerationCase.lot_id == lot_id)


def statement_of_cooperative(session: Session, cooperative_id: UUID) -> Statement | None:
    """Return the reasons of the newest decision on an application, as for a lot."""
    return _statement(session, ModerationCase.cooperative_id == cooperative_id, ModerationCase.kind == "cooperative")


def statement_of_case(session: Session, case: ModerationCase) -> Statement | None:
    """Return the reasons that ended one case; None when it was approved, taken back or is not decided."""
    return _statement(session, ModerationCase.id == case.id)


def decisions_in(session: Session, case: ModerationCase) -> list[Decision]:
    """Return what was decided in one case, the first first."""
    return list(
        session.scalars(select(Decision).where(Decision.case_id == case.id).order_by(Decision.decided_at, Decision.id))
    )


def reviewers_of(session: Session, case: ModerationCase) -> set[UUID]:
    """Return who decided about this very version, in this case or in an earlier one of it."""
    return set(session.scalars(select(Decision.reviewer_id).where(Decision.subject_sha256 == case.subject_sha256)))


def history_of(session: Session, case: ModerationCase, *, reader: Actor) -> list[PastDecision]:
    """Return the decisions on the same lot or application that this reader may read now, newest first.

    While a case waits for its second person or its second look, what was decided is not shown to other reviewers.
    """
    same = (
        ModerationCase.lot_id == case.lot_id
        if case.lot_id is not None
        else (ModerationCase.cooperative_id == case.cooperative_id) & (ModerationCase.kind == "cooperative")
    )
    rows = session.execute(
        select(Decision, User.name)
        .join(ModerationCase, ModerationCase.id == Decision.case_id)
        .join(User, User.id == Decision.reviewer_id)
        .where(same, ~is_veiled(reader) if reader.has_role(StaffRole.MODERATOR) else true())
        .order_by(Decision.decided_at.desc(), Decision.id.desc())
        .limit(20)
    )
    return [PastDecision(row.verdict, name, reasons_of(row), row.note, row.decided_at) for row, name in rows]


def times_sent_back(session: Session, cooperative_id: UUID) -> int:
    """Return how often an application was sent back for changes."""
    query = (
        select(func.count())
        .select_from(Decision)
        .join(ModerationCase, ModerationCase.id == Decision.case_id)
        .where(ModerationCase.cooperative_id == cooperative_id, ModerationCase.kind == "cooperative")
    )
    return session.scalar(query.where(Decision.verdict == "changes", _IS_FINAL)) or 0


def reasons_of(decision: Decision) -> tuple[Reason, ...]:
    """Return a stored decision's reasons; a code that was retired later keeps its stored text."""
    return tuple(
        BY_CODE.get(stored["code"]) or Reason(stored["code"], stored["text"], stored["field"])
        for stored in decision.reasons
    )


def _statement(session: Session, *conditions: ColumnElement[bool]) -> Statement | None:
    decision = session.scalar(
        select(Decision)
        .join(ModerationCase, ModerationCase.id == Decision.case_id)
        .where(*conditions, _IS_FINAL)
        .order_by(Decision.decided_at.desc(), Decision.id.desc())
        .limit(1)
    )
    if decision is None or decision.verdict == "approve":
        return None
    return Statement(decision.verdict, reasons_of(decision), decision.note, decision.decided_at, decision.case_id)


def is_hidden(session: Session, case: ModerationCase, *, reader: Actor) -> bool:
    """Tell whether this reader may not read now what was decided in a case, though something was."""
    if not reader.has_role(StaffRole.MODERATOR):
        return False
    return session.scalar(select(ModerationCase.id).where(ModerationCase.id == case.id, is_veiled(reader))) is not None
