"""The names of hits and owners in addresses."""

from collections.abc import Mapping
from typing import Final

from marketplace.compliance.models import Cooperative
from marketplace.screening.answers import Owner
from marketplace.screening.services import owners
from marketplace.screening.transitions import Action
from marketplace.unit_of_work import UnitOfWork
from tests.builders.cooperatives import drafted_cooperative
from tests.builders.screening import hits, moderator, put_in_force, un_list

MARK: Final = "Kanarienvogel"  # that of the world, which no stranger reads


def names_of_screening(uow: UnitOfWork, first: Cooperative) -> dict[str, Mapping[str, tuple[str, ...]]]:
    """Let an owner of another cooperative look like somebody on a list; return what stands in the addresses.

    The list leaves again, so that no payout of the world waits for it.
    """
    cooperative, _site, _secretary = drafted_cooperative(uow, "KE")
    edition = put_in_force(uow, un_list(f"Davor {MARK}"))
    mary = moderator(uow, "Mary of screening")
    owner = owners.enter(mary, cooperative=cooperative, owner=Owner(f"Davor {MARK}", "", 2_500, 1962, "RU"))
    edition.replaced_at = uow.now
    uow.record("screening_edition.import", edition)
    (hit,) = hits(uow)
    return {
        "/staff/screening/hits": {
            "reference": (hit.reference,),
            "action": tuple(action.value for action in Action),
        },
        "/staff/screening/cooperatives": {
            "reference": (cooperative.reference, first.reference),
            "owner_id": (str(owner.id),),
        },
    }
