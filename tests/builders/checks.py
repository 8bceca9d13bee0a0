"""Independent checks, made through the services."""

from datetime import timedelta

from marketplace.checks import services
from marketplace.checks.answers import Errand, Note
from marketplace.checks.models import LotCheck
from marketplace.core.actor import StaffRole
from marketplace.lots.models import LotVersion
from marketplace.unit_of_work import UnitOfWork
from tests.people import actor, buyer, person


def checked(uow: UnitOfWork, version: LotVersion, *, words: str) -> LotCheck:
    """Let a buyer ask for a check of a version on sale, and a verifier find it as described."""
    asker, _row = buyer(uow, "bob who asks")
    vivian = person(uow, "vivian who checks", StaffRole.VERIFIER)
    mary = person(uow, "mary of checks", StaffRole.MODERATOR)
    asking, giving, checking = (uow.acting_as(actor(uow.session, each)) for each in (asker, mary, vivian))
    check = services.ask(asking, lot_id=version.lot_id, version_sha256=version.sha256, question="")
    services.assign(giving, check=check, errand=Errand(vivian.id, uow.now.date() + timedelta(days=5)))
    services.finish(checking, check=check, note=Note("as_described", "photos", words))
    return check
