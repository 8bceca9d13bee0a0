"""Letters to moderators about hits: one when hits of a party appear, one when a hit waits for more than a working day.

No letter names anybody: a mailbox is no place for a suspicion. The page behind the link does.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import func, select

from marketplace.accounts.models import Buyer
from marketplace.accounts.services.letters import tell_duty
from marketplace.compliance.models import Cooperative
from marketplace.core.actor import StaffRole
from marketplace.screening.models import WAITING, ScreeningHit
from marketplace.unit_of_work import UnitOfWork

# The moment from which a hit waits for too long, from when it began to wait and the country it belongs to.
Due = Callable[[datetime, str], datetime]
READERS: Final = (StaffRole.MODERATOR,)
MOST: Final = 200


def tell_found(uow: UnitOfWork, raised: Sequence[ScreeningHit]) -> None:
    """Write once about the new hits of one cooperative or buyer."""
    if raised:
        _tell(uow, raised[0], template="screening_hit_found", number=len(raised))


def remind(uow: UnitOfWork, *, due: Due) -> int:
    """Write about each hit that waits for too long since it began to wait or since the last letter; return how many."""
    since = func.coalesce(ScreeningHit.dismissed_at, ScreeningHit.proposed_at, ScreeningHit.opened_at)
    waiting = select(ScreeningHit).where(ScreeningHit.state.in_(WAITING)).order_by(since, ScreeningHit.id)
    told = 0
    for hit in uow.session.scalars(waiting.limit(MOST).with_for_update(skip_locked=True)):
        began = hit.dismissed_at or hit.proposed_at or hit.opened_at
        if due(max(began, hit.reminded_at or began), _country(uow, hit)) >= uow.now:
            continue
        hit.reminded_at = uow.now
        uow.record("screening_hit.remind", hit)
        _tell(uow, hit, template="screening_hit_waits", since=began)
        told += 1
    return told


def _tell(uow: UnitOfWork, hit: ScreeningHit, *, template: str, **more: object) -> None:
    params = {"reference": hit.reference, "path": f"/staff/screening/hits/{hit.reference}", **more}
    tell_duty(
        uow,
        roles=READERS,
        template=template,
        params=params,
        cooperative_id=hit.cooperative_id,
        buyer_id=hit.buyer_id,
    )


def _country(uow: UnitOfWork, hit: ScreeningHit) -> str:
    if hit.cooperative_id is not None:
        return uow.session.get_one(Cooperative, hit.cooperative_id).country
    return uow.session.get_one(Buyer, hit.buyer_id).country
