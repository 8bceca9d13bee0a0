"""Read the decisions of moderation, and what waits."""

from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.compliance.models import Cooperative
from marketplace.moderation.models import Appeal, BlindReview, Decision, ModerationCase
from marketplace.moderation.transitions import OPEN
from marketplace.monitoring.quality import DecisionFact
from marketplace.monitoring.wanted import Wanted, bounded, hours

_APPROVE: Final = "approve"
_OVERTURNED: Final = "overturned"


class Waiting(NamedTuple):
    """How many cases wait now, and since when the oldest one."""

    cases: int
    oldest: datetime | None


class Decisions(NamedTuple):
    """Decisions from the beginning of the period on, the names of their reviewers, and whether some are missing."""

    facts: tuple[DecisionFact, ...]
    names: dict[str, str]
    is_cut: bool


def decisions_since(session: Session, wanted: Wanted) -> Decisions:
    """Return the decisions since the period began: later ones may overturn those within it."""
    query = (
        select(Decision, ModerationCase.opened_at, User.name, Appeal.state, BlindReview.verdict)
        .join(ModerationCase, ModerationCase.id == Decision.case_id)
        .join(Cooperative, Cooperative.id == ModerationCase.cooperative_id)
        .join(User, User.id == Decision.reviewer_id)
        .outerjoin(Appeal, Appeal.case_id == ModerationCase.id)
        .outerjoin(BlindReview, BlindReview.case_id == ModerationCase.id)
        .where(Decision.decided_at >= wanted.since, *wanted.of_place())
        .order_by(Decision.decided_at.desc(), Decision.id)
    )
    rows, is_cut = bounded(session, query)
    facts = tuple(
        DecisionFact(
            subject=row.subject_sha256,
            reviewer=str(row.reviewer_id),
            verdict=row.verdict,
            decided_at=row.decided_at,
            hours=hours(opened_at, row.decided_at),
            reasons=tuple(stored["code"] for stored in row.reasons),
            did_not_hold=_did_not_hold(row.verdict, appeal=appeal, blind=blind),
        )
        for row, opened_at, _name, appeal, blind in rows
    )
    return Decisions(facts, {str(row.reviewer_id): name for row, _opened, name, _appeal, _blind in rows}, is_cut)


def _did_not_hold(verdict: str, *, appeal: str | None, blind: str | None) -> bool:
    """Say whether an appeal overturned a refusal, or a blind second look did not agree with an approval."""
    if verdict == _APPROVE:
        return bool(blind) and blind != _APPROVE
    return appeal == _OVERTURNED


def waiting_cases(session: Session) -> Waiting:
    """Return how many cases wait for a decision."""
    states = [state.value for state in OPEN]
    query = select(func.count(), func.min(ModerationCase.opened_at)).where(ModerationCase.state.in_(states))
    return Waiting(*session.execute(query).one())
