"""Levels of buyers: what Pact has checked about them."""

from marketplace.accounts.models import Buyer, User
from marketplace.accounts.queries import find_buyer, user_by_id
from marketplace.core.actor import ActorKind, StaffRole
from marketplace.core.errors import Conflict, Forbidden, NotFound
from marketplace.core.text import N_
from marketplace.notifications.services import tell
from marketplace.unit_of_work import UnitOfWork

NOT_CONFIRMED = N_("The buyer must confirm the e-mail address first.")
OWN_LEVEL = N_("Nobody sets his own level.")
HIGHEST = N_("Your company has the highest level already.")
UNKNOWN, ADDRESS_AND_COMPANY, ENHANCED = 0, 1, 3


def level_without_check(user: User) -> int:
    """Return the level that needs nobody's check: a confirmed address and a company, which every buyer names."""
    return UNKNOWN if user.email_confirmed_at is None else ADDRESS_AND_COMPANY


def rise_by_confirming(uow: UnitOfWork, user: User) -> None:
    """Lift a buyer who just confirmed her address to the level that needs no check."""
    buyer = find_buyer(uow.session, user.id, lock=True)
    if buyer is not None and buyer.level < level_without_check(user):
        buyer.level, buyer.level_set_at = level_without_check(user), uow.now
        uow.record("buyer.rise", buyer, user, before=UNKNOWN, after=buyer.level)


def ask_for_check(uow: UnitOfWork) -> None:
    """Note that the buyer who acts wants her company checked; asking again changes nothing."""
    buyer = find_buyer(uow.session, uow.actor.user_id, lock=True)
    if buyer is None:
        raise NotFound
    if buyer.level >= ENHANCED:
        raise Conflict(HIGHEST)
    if buyer.level_asked_at is None:
        buyer.level_asked_at = uow.now
        uow.record("buyer.ask_for_check", buyer, level=buyer.level)


def set_buyer_level(uow: UnitOfWork, buyer: Buyer, level: int, *, note: str = "") -> None:
    """Set what a buyer may do; moderators only, never about themselves. It answers a request for a check."""
    if not 0 <= level <= 3:
        raise ValueError(f"a buyer's level is 0 to 3, not {level}")
    if uow.actor.kind is not ActorKind.SYSTEM and not uow.actor.has_role(StaffRole.MODERATOR):
        raise Forbidden
    if uow.actor.user_id == buyer.user_id:
        raise Forbidden(OWN_LEVEL)
    user = user_by_id(uow.session, buyer.user_id)
    if level > 0 and user.email_confirmed_at is None:
        raise Conflict(NOT_CONFIRMED)
    before, buyer.level = buyer.level, level
    buyer.level_set_by, buyer.level_set_at, buyer.level_asked_at = uow.actor.user_id, uow.now, None
    uow.record("buyer.set_level", buyer, user, before=before, after=level, note=note)
    params = {"name": user.name, "company": buyer.company, "level": level, "note": note}
    tell(uow, template="level_changed", user_id=user.id, params=params)
