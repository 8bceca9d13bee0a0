"""Force majeure: one person declares where nobody can act and until when, another confirms it, anyone ends it early."""

from uuid import UUID

from marketplace.compliance.models import ForceMajeure
from marketplace.compliance.services.oversight import SamePerson
from marketplace.compliance.staff_forms import Closure
from marketplace.core.actor import StaffRole
from marketplace.core.errors import Conflict, Forbidden, NotFound
from marketplace.unit_of_work import UnitOfWork

# The worker moves the deadlines after the decision; it also looks every minute.
SHIFT = "orders.shift_deadlines"


def declare(uow: UnitOfWork, *, closure: Closure) -> ForceMajeure:
    """Declare a region closed; nothing moves before somebody else confirmed it."""
    row = ForceMajeure(
        country=closure.country,
        region=closure.region,
        starts_at=closure.starts_at,
        ends_at=closure.ends_at,
        reason=closure.reason,
        declared_by=_moderator(uow),
        declared_at=uow.now,
    )
    uow.session.add(row)
    uow.record(
        "force_majeure.declare",
        row,
        country=row.country,
        region=row.region,
        starts=row.starts_at,
        ends=row.ends_at,
        reason=row.reason,
    )
    return row


def confirm(uow: UnitOfWork, *, closure_id: UUID) -> ForceMajeure:
    """Confirm a declaration as the second person: deadlines of its orders move."""
    row, person = _locked(uow, closure_id), _moderator(uow)
    if row.declared_by == person:
        raise SamePerson
    if row.confirmed_at is not None or row.ended_at is not None or row.ends_at <= uow.now:
        raise Conflict
    row.confirmed_by, row.confirmed_at = person, uow.now
    uow.record("force_majeure.confirm", row)
    uow.defer(SHIFT, queueing_lock=SHIFT)
    return row


def end(uow: UnitOfWork, *, closure_id: UUID, reason: str) -> ForceMajeure:
    """End it now, or take an unconfirmed declaration back; time that passed under it stays given."""
    row, person = _locked(uow, closure_id), _moderator(uow)
    if row.ended_at is not None or row.ends_at <= uow.now:
        raise Conflict
    row.ended_by, row.ended_at = person, uow.now
    uow.record("force_majeure.end", row, reason=reason)
    uow.defer(SHIFT, queueing_lock=SHIFT)
    return row


def _locked(uow: UnitOfWork, closure_id: UUID) -> ForceMajeure:
    row = uow.session.get(ForceMajeure, closure_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound
    return row


def _moderator(uow: UnitOfWork) -> UUID:
    person = uow.actor.user_id
    if person is None or not uow.actor.has_role(StaffRole.MODERATOR):
        raise Forbidden
    return person
