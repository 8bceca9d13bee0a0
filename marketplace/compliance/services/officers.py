"""People who act for a cooperative."""

from uuid import UUID

from sqlalchemy import select

from marketplace.accounts.models import CooperativeMember, User
from marketplace.compliance.models import Cooperative
from marketplace.core.actor import MemberRole
from marketplace.core.errors import InvalidInput
from marketplace.core.text import N_
from marketplace.unit_of_work import UnitOfWork


def join(uow: UnitOfWork, *, cooperative: Cooperative, user_id: UUID, role: MemberRole) -> CooperativeMember:
    """Make a person an officer of the cooperative."""
    officer = CooperativeMember(
        user_id=user_id,
        cooperative_id=cooperative.id,
        role=role.value,
        added_by=uow.actor.user_id,
        added_at=uow.now,
    )
    uow.session.add(officer)
    uow.record("cooperative_member.add", officer, cooperative, role=role.value)
    return officer


def add_officer(uow: UnitOfWork, *, cooperative: Cooperative, email: str, role: MemberRole) -> CooperativeMember:
    """Make the person with this e-mail address an officer; the address must be registered and no officer's yet."""
    user = uow.session.scalar(select(User).where(User.email == email.strip().lower(), User.state == "active"))
    if user is None:
        raise InvalidInput({"officer_email": N_("Nobody is registered with this address. She registers first.")})
    if uow.session.get(CooperativeMember, (user.id, cooperative.id)) is not None:
        raise InvalidInput({"officer_email": N_("This person is an officer already.")})
    return join(uow, cooperative=cooperative, user_id=user.id, role=role)
