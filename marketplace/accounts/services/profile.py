"""What people change about themselves."""

from marketplace.accounts.forms import Profile
from marketplace.accounts.models import Buyer
from marketplace.accounts.queries import find_buyer, find_user, user_by_id
from marketplace.accounts.services import links
from marketplace.accounts.services.change_password import require_password
from marketplace.accounts.services.levels import level_without_check
from marketplace.accounts.services.registration import lock_address
from marketplace.core.errors import Conflict, NotFound
from marketplace.notifications.services import tell
from marketplace.unit_of_work import UnitOfWork


def change_profile(uow: UnitOfWork, *, profile: Profile) -> None:
    """Change name, language and telephone of the person who asks."""
    user = user_by_id(uow.session, uow.actor.user_id, lock=True)
    user.name, user.language, user.phone = profile.name, profile.language, profile.phone
    uow.record("user.change_profile", user)


def change_language(uow: UnitOfWork, *, language: str) -> None:
    """Change the language of pages and letters of the person who asks."""
    user = user_by_id(uow.session, uow.actor.user_id, lock=True)
    user.language = language
    uow.record("user.change_language", user, language=language)


def change_company(uow: UnitOfWork, *, company: str, country: str) -> Buyer:
    """Change the buying company; what Pact had checked about the old one no longer holds."""
    buyer = find_buyer(uow.session, uow.actor.user_id, lock=True)
    if buyer is None:
        raise NotFound
    if (buyer.company, buyer.country) != (company, country):
        before, buyer.company, buyer.country = buyer.company, company, country
        user = user_by_id(uow.session, buyer.user_id)
        buyer.level, buyer.level_set_by, buyer.level_set_at = level_without_check(user), None, uow.now
        uow.record("buyer.change_company", buyer, before=before, after=company)
    return buyer


def request_new_email(uow: UnitOfWork, *, email: str, password: str) -> None:
    """Send a link to the new address; a known address gets none, and the answer is the same."""
    user = user_by_id(uow.session, uow.actor.user_id)
    require_password(user, password, field="password")
    if find_user(uow.session, email) is not None:
        return
    link = links.make(uow, purpose="change_email", email=email, user_id=user.id)
    params = {"name": user.name, "expires_at": link.expires_at}
    tell(uow, template="change_email", address=email, language=user.language, params=params, token=link.token)


def confirm_new_email(uow: UnitOfWork, *, token: str) -> None:
    """Take the new address into use and tell the old one; raise LinkDead, also for another person's link."""
    link = links.use(uow, token=token, purpose="change_email")
    if link.user_id != uow.actor.user_id:
        raise links.LinkDead
    lock_address(uow, link.email)
    if find_user(uow.session, link.email) is not None:
        raise Conflict
    user = user_by_id(uow.session, link.user_id, lock=True)
    old, user.email = user.email, link.email
    user.email_confirmed_at = uow.now
    uow.record("user.change_email", user)
    params = {"name": user.name, "email": user.email, "at": uow.now}
    tell(uow, template="email_changed", user_id=user.id, address=old, params=params)
