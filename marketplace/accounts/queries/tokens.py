"""Read API tokens."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import ApiToken, User
from marketplace.accounts.queries.viewers import actor_of_user
from marketplace.core.actor import Actor
from marketplace.core.crypto import digest

LONGEST = 100


def actor_of_token(session: Session, token: str, now: datetime) -> tuple[Actor, ApiToken] | None:
    """Return whom a bearer token acts for, or None when it is unknown, revoked, too old or its owner is disabled.

    The caller checks `ApiToken.scopes` (read, write) before it lets the actor do anything.
    """
    if not token or len(token) > LONGEST:
        return None
    row = session.execute(
        select(ApiToken, User)
        .join(User, User.id == ApiToken.user_id)
        .where(
            ApiToken.digest == digest(token),
            ApiToken.revoked_at.is_(None),
            ApiToken.expires_at > now,
            User.state == "active",
            User.email_confirmed_at.is_not(None),
        )
    ).one_or_none()
    return None if row is None else (actor_of_user(session, row.User), row.ApiToken)


def tokens_of(session: Session, user_id: UUID, *, now: datetime) -> Sequence[ApiToken]:
    """Return the person's tokens that still work, newest first."""
    return session.scalars(
        select(ApiToken)
        .where(ApiToken.user_id == user_id, ApiToken.revoked_at.is_(None), ApiToken.expires_at > now)
        .order_by(ApiToken.id.desc())
    ).all()
