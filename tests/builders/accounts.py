"""Accounts made through the services, and the links people find in their mail."""

from typing import Any

from sqlalchemy import select

from marketplace.accounts import one_time_codes
from marketplace.accounts.forms import Invitee, Registration
from marketplace.accounts.models import Buyer, User
from marketplace.accounts.queries import user_by_id
from marketplace.accounts.services import invitations, registration, second_factor
from marketplace.core.actor import StaffRole
from marketplace.notifications.models import Message
from marketplace.notifications.params import unsealed
from marketplace.unit_of_work import UnitOfWork
from tests.people import actor, person

PASSWORD = "copper lantern seventeen"
OTHER_PASSWORD = "quiet harbour bicycle"


def registration_form(**other: str) -> dict[str, str]:
    """Return a filled registration form."""
    return {
        "email": "alice@example.org",
        "name": "Alice Meier",
        "company": "Meier Schmuck",
        "country": "DE",
        "password": PASSWORD,
        **other,
    }


def registered(uow: UnitOfWork, *, confirmed: bool = True, **other: str) -> tuple[User, Buyer]:
    """Register alice as a buyer."""
    buyer = registration.open_buyer(uow, registration=Registration(**registration_form(**other)))
    user = user_by_id(uow.session, buyer.user_id)
    if confirmed:
        registration.confirm_email(uow, user=user)
    return user, buyer


def administrator(uow: UnitOfWork, name: str = "Ada") -> tuple[User, UnitOfWork]:
    """Make an administrator; return her and a unit of work in her name."""
    user = person(uow, name, StaffRole.ADMINISTRATOR)
    return user, uow.acting_as(actor(uow.session, user))


def invitee(email: str = "bob@example.org", *roles: str, language: str = "en") -> Invitee:
    """Return whom to invite."""
    return Invitee(email=email, name="Bob", language=language, roles=roles or ("moderator",))


def invited(uow: UnitOfWork, *roles: str, email: str = "bob@example.org") -> str:
    """Invite bob to the staff; return his link's token."""
    _, by_ada = administrator(uow)
    return invitations.invite_staff(by_ada, invitee=invitee(email, *roles)).token


def with_second_factor(uow: UnitOfWork, user: User) -> str:
    """Give a person an app; return its secret. Its current code is still unused."""
    own = uow.acting_as(actor(uow.session, user))
    secret = one_time_codes.new_secret()
    code = one_time_codes.current_code(secret, at=uow.clock.wall())
    second_factor.enrol(own, secret=secret, code=code)
    user.totp_last_step = None
    return secret


def letters(uow: UnitOfWork, template: str | None = None) -> list[Message]:
    """Return the letters written, oldest first."""
    query = select(Message).order_by(Message.id)
    return list(uow.session.scalars(query.where(Message.template == template) if template else query))


def token_in(uow: UnitOfWork, message: Message) -> Any:
    """Return the token of the link in a letter."""
    return unsealed(message.params, key=uow.settings.field_key)["token"]
