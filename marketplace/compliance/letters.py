"""Write to the officers of a cooperative."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.compliance.queries import Officer, officers_of
from marketplace.notifications.services import tell
from marketplace.unit_of_work import UnitOfWork

_NOTHING: Final[Mapping[str, object]] = {}


def officers_told(session: Session, cooperative_id: UUID) -> list[Officer]:
    """Return the officers who may act for the cooperative: viewers get no letters."""
    return [each for each in officers_of(session, cooperative_id) if each.role != "viewer"]


def tell_officers(
    uow: UnitOfWork, cooperative_id: UUID, *, template: str, params: Mapping[str, object] = _NOTHING
) -> None:
    """Write to every officer who may act for the cooperative."""
    for officer in officers_told(uow.session, cooperative_id):
        tell(uow, user_id=officer.user_id, template=template, params={"name": officer.name, **params})
