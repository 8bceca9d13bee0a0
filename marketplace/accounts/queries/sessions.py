"""Read where a person is signed in and how many ways back she still has."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import RecoveryCode, SignInSession

MOST_SHOWN = 100


def live_sessions(session: Session, user_id: UUID, *, now: datetime) -> Sequence[SignInSession]:
    """Return the person's sessions that still work, newest first."""
    return session.scalars(
        select(SignInSession)
        .where(SignInSession.user_id == user_id, SignInSession.ended_at.is_(None), SignInSession.expires_at > now)
        .order_by(SignInSession.created_at.desc(), SignInSession.digest)
        .limit(MOST_SHOWN)
    ).all()


def unused_recovery_codes(session: Session, user_id: UUID) -> int:
    """Return how many recovery codes are left."""
    query = select(func.count()).where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
    return session.scalar(query) or 0
