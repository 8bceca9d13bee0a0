"""API tokens: shown once, kept as digests, dead after 90 days."""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from marketplace.accounts.models import ApiToken
from marketplace.accounts.queries import tokens_of, user_by_id
from marketplace.core.crypto import digest
from marketplace.core.errors import Conflict, Forbidden, NotFound
from marketplace.core.ids import new_id, new_token
from marketplace.core.text import N_
from marketplace.unit_of_work import UnitOfWork

LIVES = timedelta(days=90)
MOST = 10
# Lets secret scanners recognise a leaked token.
PREFIX = "mkt_"
TOO_MANY = N_("You have %(most)s tokens. Revoke one first.")


class NewToken(NamedTuple):
    """A token's row, and its secret, which is shown once."""

    row: ApiToken
    secret: str


def create(uow: UnitOfWork, *, label: str, scopes: Sequence[str]) -> NewToken:
    """Make a token for the person who asks."""
    if uow.actor.user_id is None:
        raise Forbidden
    user = user_by_id(uow.session, uow.actor.user_id, lock=True)
    if len(tokens_of(uow.session, user.id, now=uow.now)) >= MOST:
        raise Conflict(TOO_MANY, most=MOST)
    secret = PREFIX + new_token()
    row = ApiToken(
        id=new_id(),
        user_id=user.id,
        digest=digest(secret),
        label=label,
        scopes=list(scopes),
        created_at=uow.now,
        expires_at=uow.now + LIVES,
    )
    uow.session.add(row)
    uow.record("api_token.create", row, user, label=label, scopes=list(scopes))
    return NewToken(row, secret)


def revoke(uow: UnitOfWork, *, token_id: UUID) -> None:
    """End a token of the person who asks; raise NotFound for another's."""
    row = uow.session.scalar(
        select(ApiToken).where(ApiToken.id == token_id, ApiToken.user_id == uow.actor.user_id).with_for_update()
    )
    if row is None:
        raise NotFound
    if row.revoked_at is None:
        row.revoked_at = uow.now
        uow.record("api_token.revoke", row)


def note_use(uow: UnitOfWork, *, token: ApiToken) -> None:
    """Note, at most once a day, that a token is in use, so that its owner sees which one she may revoke."""
    if token.last_used_on is None or uow.now - token.last_used_on >= timedelta(days=1):
        token.last_used_on = uow.now
        uow.record("api_token.use", token)
