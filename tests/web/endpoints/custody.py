"""The names of lots, their events and their tags in addresses."""

from collections.abc import Mapping

from marketplace.compliance.models import Cooperative
from marketplace.core.actor import StaffRole
from marketplace.custody.record import KINDS
from marketplace.custody.services import tags
from marketplace.custody.services.tags import NewRange
from marketplace.unit_of_work import UnitOfWork
from tests.builders.lots import STONE
from tests.people import actor, person
from tests.web.endpoints.incidents import names_of_incidents


def names_of_custody(
    uow: UnitOfWork, cooperative: Cooperative, lots: tuple[str, ...]
) -> dict[str, Mapping[str, tuple[str, ...]]]:
    """Issue tags to a cooperative; return what stands in the addresses of its lots and tags."""
    keeper = uow.acting_as(actor(uow.session, person(uow, "Keeper of the tags", StaffRole.VERIFIER)))
    row = tags.issue(keeper, cooperative=cooperative, new=NewRange("Pact", "KT-", 5, 1, 500))
    uow.session.flush()
    return {
        "/cooperative/lots": {"reference": lots, "slot": ("front",), "step": tuple(STONE), "kind": KINDS},
        "/cooperative/tags": {"reference": (cooperative.reference,)},
        "/staff/lots": {"reference": lots, "kind": KINDS},
        "/staff/tags": {"range_id": (str(row.id),)},
        **names_of_incidents(uow, cooperative),
    }
