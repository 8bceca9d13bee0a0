"""Signing in and out."""

from typing import NamedTuple

from marketplace.accounts import passwords
from marketplace.accounts.models import User
from marketplace.accounts.queries import actor_of_user, find_user, user_by_id
from marketplace.accounts.services import sessions
from marketplace.core.actor import Actor
from marketplace.core.errors import InvalidInput
from marketplace.core.text import N_
from marketplace.unit_of_work import UnitOfWork

WRONG = N_("The e-mail address or the password is not right.")


class SignedIn(NamedTuple):
    """Who signed in, and the secret of the new session."""

    actor: Actor
    token: str


def sign_in(uow: UnitOfWork, *, email: str, password: str, replaced: str | None = None) -> SignedIn:
    """Open a session; raise InvalidInput, the same for every reason and after the same work.

    `replaced` is the digest of the session the browser held before: it ends, so that no secret outlives a sign-in.
    """
    address = email.strip().lower()
    user = find_user(uow.session, address) if address.isprintable() else None
    if not passwords.verify(user.password_hash if user else None, password) or user is None or user.state != "active":
        raise InvalidInput({"email": WRONG})
    own = uow.acting_as(actor_of_user(uow.session, user))
    if passwords.needs_rehash(user.password_hash or ""):
        user.password_hash = passwords.hash_password(password)
    if replaced:
        sessions.end(own, session_digest=replaced)
    own.record("user.sign_in", user)
    return SignedIn(own.actor, sessions.open_session(own, user_id=user.id))


def sign_in_as(uow: UnitOfWork, *, user: User) -> SignedIn:
    """Open a session for a person who has just proved herself by a mailed link."""
    own = uow.acting_as(actor_of_user(uow.session, user))
    own.record("user.sign_in", user)
    return SignedIn(own.actor, sessions.open_session(own, user_id=user.id))


def sign_out(uow: UnitOfWork, *, session_digest: str) -> None:
    """End this session."""
    sessions.end(uow, session_digest=session_digest)
    uow.record("user.sign_out", user_by_id(uow.session, uow.actor.user_id))


def sign_out_everywhere(uow: UnitOfWork) -> None:
    """End every session of the person who asks."""
    user = user_by_id(uow.session, uow.actor.user_id)
    sessions.end_all(uow, user_id=user.id)
    uow.record("user.sign_out_everywhere", user)
