"""The names of indicators, of what is told for them, and of independent checks in addresses."""

from collections.abc import Mapping

from sqlalchemy import select

from marketplace.accounts.models import CooperativeMember, User
from marketplace.checks import services as checks
from marketplace.compliance.models import Cooperative
from marketplace.lots.models import LotListing, LotVersion
from marketplace.unit_of_work import UnitOfWork
from tests.builders.incidents import moderator
from tests.builders.monitoring import sheet, training
from tests.people import actor, buyer


def names_of_monitoring(uow: UnitOfWork, cooperative: Cooperative) -> dict[str, Mapping[str, tuple[str, ...]]]:
    """Hand in a sheet, enter a training; return what stands in their addresses."""
    officer = select(User).join(CooperativeMember, CooperativeMember.user_id == User.id).limit(1)
    secretary = uow.session.scalars(officer.where(CooperativeMember.cooperative_id == cooperative.id)).one()
    handed_in = sheet(uow.acting_as(actor(uow.session, secretary)), cooperative)
    held = training(moderator(uow, "Mary of trainings"), cooperative)
    uow.session.flush()
    check = _a_check(uow)
    return {
        "/checks": {"reference": (check,)},
        "/staff/lot-checks": {"reference": (check,)},
        "/cooperative/miner-payments": {"reference": (handed_in.reference,)},
        "/staff/monitoring": {"code": ("I1", "I3", "I13")},
        "/staff/monitoring/records": {
            "kind": ("trainings", "taxes", "officers", "payments"),
            "record_id": (str(held.id),),
        },
    }


def _a_check(uow: UnitOfWork) -> str:
    """Let a buyer of her own ask for a check of a lot on sale; return its reference."""
    listing = uow.session.scalars(
        select(LotListing).where(LotListing.availability == "available").order_by(LotListing.reference).limit(1)
    ).one()
    version = uow.session.get_one(LotVersion, listing.version_id)
    asker, _row = buyer(uow, "Buyer of checks")
    row = checks.ask(
        uow.acting_as(actor(uow.session, asker)), lot_id=listing.lot_id, version_sha256=version.sha256, question=""
    )
    return row.reference
