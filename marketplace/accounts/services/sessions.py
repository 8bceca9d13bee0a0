"""Sessions: opened at sign-in with a new secret, ended for good."""

import re
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update

from marketplace.accounts.models import SignInSession
from marketplace.core.crypto import digest
from marketplace.core.errors import NotFound
from marketplace.core.ids import new_token
from marketplace.unit_of_work import UnitOfWork

SHOWN_DIGITS = 16
_SHOWN = re.compile(f"[0-9a-f]{{{SHOWN_DIGITS}}}")


def open_session(uow: UnitOfWork, *, user_id: UUID, second_factor_at: datetime | None = None) -> str:
    """Open a session and return the secret for the cookie; the row keeps its digest."""
    token = new_token()
    uow.session.add(
        SignInSession(
            digest=digest(token),
            user_id=user_id,
            created_at=uow.now,
            last_seen_at=uow.now,
            expires_at=uow.now + timedelta(hours=uow.settings.session_hours),
            second_factor_at=second_factor_at,
            address=uow.context.address,
            agent=uow.context.agent,
            device=uow.context.device or None,
        )
    )
    return token


def end(uow: UnitOfWork, *, session_digest: str) -> None:
    """End one session; ending it twice changes nothing."""
    row = uow.session.get(SignInSession, session_digest, with_for_update=True)
    if row is not None and row.ended_at is None:
        row.ended_at = uow.now


def end_shown(uow: UnitOfWork, *, user_id: UUID, shown: str) -> None:
    """End the person's session whose digest begins as the page showed it; raise NotFound when there is none."""
    if not _SHOWN.fullmatch(shown):
        raise NotFound
    row = uow.session.scalar(
        select(SignInSession).where(
            SignInSession.user_id == user_id,
            SignInSession.digest.startswith(shown),
            SignInSession.ended_at.is_(None),
        )
    )
    if row is None:
        raise NotFound
    row.ended_at = uow.now


def end_all(uow: UnitOfWork, *, user_id: UUID, besides: str | None = None) -> None:
    """End every session of a person, besides the one whose digest is given."""
    query = update(SignInSession).where(SignInSession.user_id == user_id, SignInSession.ended_at.is_(None))
    uow.session.flush()
    uow.session.execute(
        (query if besides is None else query.where(SignInSession.digest != besides)).values(ended_at=uow.now)
    )
