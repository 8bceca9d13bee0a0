"""Roles of staff, officers of cooperatives, and closed accounts. Nobody changes his own."""

from uuid import UUID

from sqlalchemy import select

from marketplace.accounts.models import ApiToken, CooperativeMember, StaffGrant, User
from marketplace.accounts.queries import administrators
from marketplace.accounts.services import sessions
from marketplace.core.actor import MemberRole, StaffRole
from marketplace.core.errors import Conflict, Forbidden, NotFound
from marketplace.core.text import N_
from marketplace.notifications.services import tell
from marketplace.unit_of_work import UnitOfWork

OWN_ROLES = N_("Nobody changes his own roles. Ask another administrator.")
NOT_CONFIRMED = N_("The person must confirm the e-mail address first.")


class LastAdministrator(Conflict):
    """Without an administrator nobody could give roles any more."""

    code = "last_administrator"
    message = N_("This is the last administrator. Make another one first.")


def give(uow: UnitOfWork, *, user: User, role: StaffRole) -> None:
    """Give a person a staff role; giving it twice changes nothing."""
    _refuse_own(uow, user)
    if user.email_confirmed_at is None or user.state != "active":
        raise Conflict(NOT_CONFIRMED)
    if uow.session.get(StaffGrant, (user.id, role.value)) is not None:
        return
    grant = StaffGrant(user_id=user.id, role=role.value, granted_by=uow.actor.user_id, granted_at=uow.now)
    uow.session.add(grant)
    uow.record("staff_grant.give", grant, user, role=role.value)
    _tell_administrators(uow, user)


def take(uow: UnitOfWork, *, user: User, role: StaffRole) -> None:
    """Take a staff role from a person and sign her out everywhere."""
    _refuse_own(uow, user)
    grant = uow.session.get(StaffGrant, (user.id, role.value), with_for_update=True)
    if grant is None:
        raise NotFound
    if role is StaffRole.ADMINISTRATOR:
        _refuse_last(uow, user)
    uow.session.delete(grant)
    sessions.end_all(uow, user_id=user.id)
    uow.record("staff_grant.take", grant, user, role=role.value)
    _tell_administrators(uow, user)


def disable(uow: UnitOfWork, *, user: User) -> None:
    """Close an account: its sessions and API tokens end, its deeds stay on record."""
    _refuse_own(uow, user)
    if uow.session.get(StaffGrant, (user.id, StaffRole.ADMINISTRATOR.value)) is not None:
        _refuse_last(uow, user)
    if user.state == "disabled":
        return
    user.state = "disabled"
    sessions.end_all(uow, user_id=user.id)
    tokens = uow.session.scalars(
        select(ApiToken).where(ApiToken.user_id == user.id, ApiToken.revoked_at.is_(None)).with_for_update()
    ).all()
    for token in tokens:
        token.revoked_at = uow.now
    uow.record("user.disable", user, *tokens)
    tell(uow, template="account_disabled", user_id=user.id, params={"name": user.name})


def enable(uow: UnitOfWork, *, user: User) -> None:
    """Open a closed account again."""
    _refuse_own(uow, user)
    if user.state == "disabled":
        user.state = "active"
        uow.record("user.enable", user)


def change_officer(uow: UnitOfWork, *, cooperative_id: UUID, user_id: UUID, role: MemberRole) -> None:
    """Change what an officer may do for the cooperative."""
    member = _member(uow, cooperative_id, user_id)
    if member.role != role.value:
        before, member.role = member.role, role.value
        sessions.end_all(uow, user_id=user_id)
        uow.record("cooperative_member.change", member, before=before, after=role.value)


def remove_officer(uow: UnitOfWork, *, cooperative_id: UUID, user_id: UUID) -> None:
    """End a person's work for the cooperative and sign her out everywhere."""
    member = _member(uow, cooperative_id, user_id)
    uow.session.delete(member)
    sessions.end_all(uow, user_id=user_id)
    uow.record("cooperative_member.remove", member, role=member.role)


def _member(uow: UnitOfWork, cooperative_id: UUID, user_id: UUID) -> CooperativeMember:
    if not (uow.actor.may_write_for(cooperative_id) or uow.actor.has_role(StaffRole.MODERATOR)):
        raise NotFound
    if uow.actor.user_id == user_id:
        raise Forbidden(N_("Nobody changes his own role. Ask another officer of the cooperative."))
    member = uow.session.get(CooperativeMember, (user_id, cooperative_id), with_for_update=True)
    if member is None:
        raise NotFound
    return member


def _refuse_own(uow: UnitOfWork, user: User) -> None:
    if uow.actor.user_id == user.id:
        raise Forbidden(OWN_ROLES)


def _refuse_last(uow: UnitOfWork, user: User) -> None:
    # The grants are locked, so that two administrators cannot take the role from one another at one moment.
    uow.session.scalars(
        select(StaffGrant).where(StaffGrant.role == StaffRole.ADMINISTRATOR.value).with_for_update()
    ).all()
    if all(other.id == user.id for other in administrators(uow.session)):
        raise LastAdministrator


def _tell_administrators(uow: UnitOfWork, user: User) -> None:
    """Tell the person and every administrator: a role given in secret would be found at once."""
    uow.session.flush()
    roles = uow.session.scalars(
        select(StaffGrant.role).where(StaffGrant.user_id == user.id).order_by(StaffGrant.role)
    ).all()
    params = {"person": user.name, "by": uow.actor.name, "roles": ", ".join(roles) or "-", "at": uow.now}
    for reader in dict.fromkeys((user.id, *(other.id for other in administrators(uow.session)))):
        tell(uow, template="role_changed", user_id=reader, params=params)
