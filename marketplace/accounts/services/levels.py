"""Levels of buyers: what Pact has checked about them."""

from marketplace.accounts.models import Buyer
from marketplace.accounts.queries import user_by_id
from marketplace.core.actor import ActorKind, StaffRole
from marketplace.core.errors import Conflict, Forbidden
from marketplace.core.text import N_
from marketplace.notifications.services import tell
from marketplace.unit_of_work import UnitOfWork

NOT_CONFIRMED = N_("The buyer must confirm the e-mail address first.")
OWN_LEVEL = N_("Nobody sets his own level.")


def set_buyer_level(uow: UnitOfWork, buyer: Buyer, level: int, *, note: str = "") -> None:
    """Set what a buyer may do; moderators only, never about themselves."""
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
    buyer.level_set_by, buyer.level_set_at = uow.actor.user_id, uow.now
    uow.record("buyer.set_level", buyer, user, before=before, after=level, note=note)
    params = {"name": user.name, "company": buyer.company, "level": level, "note": note}
    tell(uow, template="level_changed", user_id=user.id, params=params)
