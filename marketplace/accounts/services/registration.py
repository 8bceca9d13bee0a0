"""A buyer opens an account; nobody learns from the answer whether an address is known."""

from sqlalchemy import select, text

from marketplace.accounts import passwords
from marketplace.accounts.forms import Registration
from marketplace.accounts.models import Buyer, User
from marketplace.accounts.queries import actor_of_user, find_user, user_by_id
from marketplace.accounts.services import levels, links, throttle
from marketplace.core.errors import Conflict
from marketplace.core.ids import new_id
from marketplace.core.text import N_
from marketplace.notifications.services import tell
from marketplace.unit_of_work import UnitOfWork


class AddressTaken(Conflict):
    """Somebody has an account with this address."""

    code = "address_taken"
    message = N_("There is an account with this e-mail address already.")


def register(uow: UnitOfWork, *, registration: Registration) -> None:
    """Open the account, or tell the owner of a known address; both look the same from outside."""
    hashed = passwords.hash_password(registration.password)
    lock_address(uow, registration.email)
    may_write = throttle.may(uow, throttle.LETTERS_TO, registration.email)
    known = find_user(uow.session, registration.email)
    if known is None:
        _send_confirmation(uow, user=_open(uow, registration, hashed), company=registration.company)
    elif may_write and known.state == "active":
        tell(uow, template="already_registered", user_id=known.id, params={"name": known.name})


def open_buyer(uow: UnitOfWork, *, registration: Registration) -> Buyer:
    """Open a buyer's account and return it, unconfirmed and without a letter; raise AddressTaken."""
    lock_address(uow, registration.email)
    if find_user(uow.session, registration.email) is not None:
        raise AddressTaken
    user = _open(uow, registration, passwords.hash_password(registration.password))
    return uow.session.scalars(select(Buyer).where(Buyer.user_id == user.id)).one()


def resend_confirmation(uow: UnitOfWork) -> None:
    """Send the confirmation again to the person who asks; too often is left out in silence."""
    user = user_by_id(uow.session, uow.actor.user_id)
    if user.email_confirmed_at is None and throttle.may(uow, throttle.LETTERS_TO, user.email):
        _send_confirmation(uow, user=user, company=None)


def confirm_by_link(uow: UnitOfWork, *, token: str) -> User:
    """Use a confirmation link up; raise LinkDead."""
    link = links.use(uow, token=token, purpose="confirm_email")
    user = user_by_id(uow.session, link.user_id, lock=True)
    if user.email != link.email or user.state != "active":
        raise links.LinkDead
    confirm_email(uow, user=user)
    return user


def confirm_email(uow: UnitOfWork, *, user: User) -> None:
    """Note that the person reads the mail of her address; a buyer rises to level 1 by it."""
    if user.email_confirmed_at is None:
        user.email_confirmed_at = uow.now
        own = uow.acting_as(actor_of_user(uow.session, user))
        own.record("user.confirm_email", user)
        levels.rise_by_confirming(own, user)


def lock_address(uow: UnitOfWork, email: str) -> None:
    """Let two registrations of one address wait for one another."""
    uow.session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 2))"), {"key": email})


def _open(uow: UnitOfWork, registration: Registration, hashed: str) -> User:
    user = User(
        id=new_id(),
        email=registration.email,
        name=registration.name,
        language=registration.language,
        password_hash=hashed,
        created_at=uow.now,
    )
    uow.session.add(user)
    uow.session.flush()
    buyer = Buyer(
        id=new_id(),
        user_id=user.id,
        company=registration.company,
        country=registration.country,
        level=0,
        created_at=uow.now,
    )
    uow.session.add(buyer)
    uow.session.flush()
    own = uow.acting_as(actor_of_user(uow.session, user))
    own.record("user.register", user, buyer, company=buyer.company, country=buyer.country)
    return user


def _send_confirmation(uow: UnitOfWork, *, user: User, company: str | None) -> None:
    link = links.make(uow, purpose="confirm_email", email=user.email, user_id=user.id)
    tell(
        uow,
        template="confirm_email",
        user_id=user.id,
        params={"name": user.name, "company": company or user.name, "expires_at": link.expires_at},
        token=link.token,
    )
