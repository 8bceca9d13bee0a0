"""The names of indicators and of what is told for them in addresses."""

from collections.abc import Mapping

from sqlalchemy import select

from marketplace.accounts.models import CooperativeMember, User
from marketplace.compliance.models import Cooperative
from marketplace.unit_of_work import UnitOfWork
from tests.builders.incidents import moderator
from tests.builders.monitoring import sheet, training
from tests.people import actor


def names_of_monitoring(uow: UnitOfWork, cooperative: Cooperative) -> dict[str, Mapping[str, tuple[str, ...]]]:
    """Hand in a sheet, enter a training; return what stands in their addresses."""
    officer = select(User).join(CooperativeMember, CooperativeMember.user_id == User.id).limit(1)
    secretary = uow.session.scalars(officer.where(CooperativeMember.cooperative_id == cooperative.id)).one()
    handed_in = sheet(uow.acting_as(actor(uow.session, secretary)), cooperative)
    held = training(moderator(uow, "Mary of trainings"), cooperative)
    uow.session.flush()
    return {
        "/cooperative/miner-payments": {"reference": (handed_in.reference,)},
        "/staff/monitoring": {"code": ("I1", "I3", "I13")},
        "/staff/monitoring/records": {
            "kind": ("trainings", "taxes", "officers", "payments"),
            "record_id": (str(held.id),),
        },
    }
