"""Staff or the cooperative enter who owns 25 % or more of it, and note when somebody no longer does."""

from uuid import UUID

from sqlalchemy import select

from marketplace.compliance.models import Cooperative
from marketplace.compliance.services.cooperatives import check_may_write
from marketplace.core.actor import SYSTEM
from marketplace.core.errors import Conflict, InvalidInput, NotFound
from marketplace.core.text import N_
from marketplace.screening.answers import WHOLE_BPS, Owner
from marketplace.screening.models import BeneficialOwner
from marketplace.screening.services.screening import screen_cooperative
from marketplace.screening.subjects import owners_of
from marketplace.unit_of_work import UnitOfWork


def enter(uow: UnitOfWork, *, cooperative: Cooperative, owner: Owner) -> BeneficialOwner:
    """Keep an owner and screen the cooperative at once; raises InvalidInput when the shares pass the whole."""
    check_may_write(uow.actor, cooperative)
    taken = sum(row.share_bps for row in owners_of(uow.session, cooperative.id))
    if taken + owner.share_bps > WHOLE_BPS:
        raise InvalidInput({"share": N_("Together the owners would have more than 100 per cent.")})
    row = BeneficialOwner(cooperative_id=cooperative.id, entered_by=uow.person(), entered_at=uow.now, **owner._asdict())
    uow.session.add(row)
    uow.record(
        "beneficial_owner.enter", row, cooperative, share_bps=owner.share_bps, on_behalf=_on_behalf(uow, cooperative)
    )
    _screen(uow, cooperative)
    return row


def end(uow: UnitOfWork, *, cooperative: Cooperative, owner_id: UUID) -> None:
    """Note that somebody owns less than 25 % now; raises NotFound, or Conflict when that was noted before."""
    check_may_write(uow.actor, cooperative)
    row = uow.session.scalar(
        select(BeneficialOwner)
        .where(BeneficialOwner.id == owner_id, BeneficialOwner.cooperative_id == cooperative.id)
        .with_for_update()
    )
    if row is None:
        raise NotFound
    if row.ended_at is not None:
        raise Conflict
    row.ended_by, row.ended_at = uow.person(), uow.now
    uow.record("beneficial_owner.end", row, cooperative, on_behalf=_on_behalf(uow, cooperative))
    _screen(uow, cooperative)


def _screen(uow: UnitOfWork, cooperative: Cooperative) -> None:
    """Screen at once; in the system's name, so that no entry of an officer's own tells her of a hit."""
    screen_cooperative(uow if uow.actor.is_staff else uow.acting_as(SYSTEM), cooperative=cooperative)


def _on_behalf(uow: UnitOfWork, cooperative: Cooperative) -> bool:
    """Tell whether staff act for the cooperative: its entry says so."""
    return uow.actor.is_staff and cooperative.id not in uow.actor.memberships
