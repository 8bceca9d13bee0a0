"""Write to the officers of a cooperative."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from marketplace.compliance.queries import officers_of
from marketplace.notifications.services import tell
from marketplace.unit_of_work import UnitOfWork

_NOTHING: Final[Mapping[str, object]] = {}


def tell_officers(
    uow: UnitOfWork, cooperative_id: UUID, *, template: str, params: Mapping[str, object] = _NOTHING
) -> None:
    """Write to every officer who may act for the cooperative."""
    for officer in officers_of(uow.session, cooperative_id):
        if officer.role != "viewer":
            tell(uow, user_id=officer.user_id, template=template, params={"name": officer.name, **params})
