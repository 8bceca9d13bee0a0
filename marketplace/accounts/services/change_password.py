"""Changing a password, and choosing a new one by a mailed link."""

from marketplace.accounts import passwords
from marketplace.accounts.models import MailedLink, User
from marketplace.accounts.queries import actor_of_user, find_user, user_by_id
from marketplace.accounts.services import links, sessions, throttle
from marketplace.core.errors import InvalidInput
from marketplace.core.text import N_
from marketplace.notifications.services import tell
from marketplace.unit_of_work import UnitOfWork

WRONG_CURRENT = N_("This is not your present password.")


def require_password(user: User, password: str, *, field: str) -> None:
    """Raise InvalidInput about `field` unless the password is the person's own."""
    if not passwords.verify(user.password_hash, password):
        raise InvalidInput({field: WRONG_CURRENT})


def change(uow: UnitOfWork, *, current: str, new: str, session_digest: str) -> None:
    """Change the password of the person who asks and end her other sessions; raise InvalidInput."""
    user = user_by_id(uow.session, uow.actor.user_id, lock=True)
    require_password(user, current, field="current")
    _set(uow, user, new)
    sessions.end_all(uow, user_id=user.id, besides=session_digest)
    uow.record("user.change_password", user)


def request_reset(uow: UnitOfWork, *, email: str) -> None:
    """Send a link to choose a new password when the address is known; say nothing either way."""
    may_write = throttle.may(uow, throttle.LETTERS_TO, email)
    user = find_user(uow.session, email)
    if user is None or user.state != "active" or not may_write:
        return
    link = links.make(uow, purpose="reset_password", email=email, user_id=user.id)
    params = {"name": user.name, "expires_at": link.expires_at}
    tell(uow, template="reset_password", user_id=user.id, params=params, token=link.token)


def owner_of(uow: UnitOfWork, link: MailedLink) -> User:
    """Return whose password the link changes."""
    return user_by_id(uow.session, link.user_id)


def reset(uow: UnitOfWork, *, token: str, new: str) -> User:
    """Set a new password by a link and end every session; raise LinkDead.

    The link came by mail, so it also confirms the address. The second factor stays.
    """
    link = links.use(uow, token=token, purpose="reset_password")
    user = user_by_id(uow.session, link.user_id, lock=True)
    if user.email != link.email or user.state != "active":
        raise links.LinkDead
    _set(uow, user, new)
    user.email_confirmed_at = user.email_confirmed_at or uow.now
    sessions.end_all(uow, user_id=user.id)
    own = uow.acting_as(actor_of_user(uow.session, user))
    own.record("user.reset_password", user)
    throttle.succeed(uow, (throttle.ACCOUNT, user.email))
    return user


def _set(uow: UnitOfWork, user: User, new: str) -> None:
    user.password_hash = passwords.hash_password(new)
    tell(uow, template="password_changed", user_id=user.id, params={"name": user.name, "at": uow.now})
