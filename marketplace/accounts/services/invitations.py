"""Invitations: of staff by administrators, of officers by moderators or by their own cooperative."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from marketplace.accounts import passwords
from marketplace.accounts.forms import Acceptance, Invitee
from marketplace.accounts.models import CooperativeMember, Invitation, StaffGrant, User
from marketplace.accounts.queries import actor_of_user, find_user, user_by_id
from marketplace.accounts.services import links, second_factor, sessions
from marketplace.accounts.services.registration import lock_address
from marketplace.core.actor import ActorKind, StaffRole
from marketplace.core.db import Audited
from marketplace.core.errors import Conflict, Forbidden, InvalidInput
from marketplace.core.ids import new_id
from marketplace.core.text import N_
from marketplace.notifications.services import tell
from marketplace.unit_of_work import UnitOfWork

ALREADY_OFFICER = N_("This person acts for the cooperative already.")
YOURSELF = N_("You cannot invite yourself.")


class HasAccount(Conflict):
    """The invited person has an account: she signs in and accepts with it."""

    code = "has_account"
    message = N_("You have an account already. Sign in, then accept the invitation.")


class NotYours(Forbidden):
    """The invitation went to another address than the signed-in person's."""

    message = N_("This invitation was sent to another e-mail address. Sign in with that one.")


class Invited(NamedTuple):
    """An invitation and the secret of its link."""

    invitation: Invitation
    token: str


def invite_staff(uow: UnitOfWork, *, invitee: Invitee) -> Invited:
    """Invite a person to the staff with roles; administrators and the operator only, never themselves."""
    if uow.actor.kind is not ActorKind.SYSTEM and not uow.actor.has_role(StaffRole.ADMINISTRATOR):
        raise Forbidden
    return _invite(uow, invitee, kind="staff", cooperative_id=None, organisation="")


def invite_officer(uow: UnitOfWork, *, cooperative_id: UUID, organisation: str, invitee: Invitee) -> Invited:
    """Invite a person to act for a cooperative; `organisation` is its name as the letter tells it."""
    may = uow.actor.may_write_for(cooperative_id) or uow.actor.has_role(StaffRole.MODERATOR)
    if not may and uow.actor.kind is not ActorKind.SYSTEM:
        raise Forbidden
    known = find_user(uow.session, invitee.email)
    if known is not None and uow.session.get(CooperativeMember, (known.id, cooperative_id)) is not None:
        raise InvalidInput({"email": ALREADY_OFFICER})
    return _invite(uow, invitee, kind="member", cooperative_id=cooperative_id, organisation=organisation)


def withdraw(uow: UnitOfWork, *, invitation: Invitation) -> None:
    """Make an invitation's link useless."""
    if invitation.accepted_at is None:
        invitation.expires_at = uow.now
        uow.record("invitation.withdraw", invitation)


def accept(uow: UnitOfWork, *, token: str, acceptance: Acceptance) -> User:
    """Open an account for the invited person; raise LinkDead, or HasAccount when she has a confirmed one.

    An account nobody confirmed may be a stranger's who typed her address: it becomes hers, emptied of his secrets.
    """
    invitation = _opened(uow, token)
    lock_address(uow, invitation.email)
    user = find_user(uow.session, invitation.email)
    if user is not None and (user.email_confirmed_at is not None or user.state != "active"):
        raise HasAccount
    hashed = passwords.hash_password(acceptance.password)
    if user is None:
        user = User(id=new_id(), email=invitation.email, created_at=uow.now)
        uow.session.add(user)
    else:
        sessions.end_all(uow, user_id=user.id)
        second_factor.forget(uow, user=user)
    user.name, user.language, user.password_hash = acceptance.name, acceptance.language, hashed
    user.email_confirmed_at = uow.now
    uow.session.flush()
    _give(uow, invitation, user)
    return user


def accept_as(uow: UnitOfWork, *, token: str) -> User:
    """Accept with the account of the person who is signed in; raise LinkDead or NotYours."""
    invitation = _opened(uow, token)
    user = user_by_id(uow.session, uow.actor.user_id, lock=True)
    if user.email != invitation.email:
        raise NotYours
    _give(uow, invitation, user)
    return user


def _invite(uow: UnitOfWork, invitee: Invitee, *, kind: str, cooperative_id: UUID | None, organisation: str) -> Invited:
    known = find_user(uow.session, invitee.email)
    if known is not None and known.id == uow.actor.user_id:
        raise InvalidInput({"email": YOURSELF})
    for earlier in _waiting(uow, invitee.email, kind=kind, cooperative_id=cooperative_id):
        withdraw(uow, invitation=earlier)
    invitation = Invitation(
        id=new_id(),
        kind=kind,
        email=invitee.email,
        name=invitee.name,
        language=invitee.language,
        staff_roles=list(invitee.roles) if kind == "staff" else [],
        cooperative_id=cooperative_id,
        member_role=invitee.roles[0] if kind == "member" else None,
        invited_by=uow.actor.user_id,
        created_at=uow.now,
        expires_at=uow.now + links.LIVES["invitation"],
    )
    uow.session.add(invitation)
    uow.session.flush()
    link = links.make(uow, purpose="invitation", email=invitee.email, invitation_id=invitation.id)
    tell(
        uow,
        template="invitation",
        address=invitee.email,
        language=invitee.language,
        params={
            "name": invitee.name,
            "inviter": uow.actor.name if uow.actor.kind is ActorKind.PERSON else "",
            "organisation": organisation,
            "expires_at": link.expires_at,
        },
        token=link.token,
    )
    uow.record("invitation.send", invitation, kind=kind, roles=list(invitee.roles))
    return Invited(invitation, link.token)


def _waiting(uow: UnitOfWork, email: str, *, kind: str, cooperative_id: UUID | None) -> Sequence[Invitation]:
    return uow.session.scalars(
        select(Invitation).where(
            Invitation.email == email,
            Invitation.kind == kind,
            Invitation.cooperative_id == cooperative_id if cooperative_id else Invitation.cooperative_id.is_(None),
            Invitation.accepted_at.is_(None),
            Invitation.expires_at > uow.now,
        )
    ).all()


def _opened(uow: UnitOfWork, token: str) -> Invitation:
    link = links.use(uow, token=token, purpose="invitation")
    invitation = uow.session.get(Invitation, link.invitation_id, with_for_update=True)
    if invitation is None or invitation.accepted_at is not None or invitation.expires_at <= uow.now:
        raise links.LinkDead
    return invitation


def _give(uow: UnitOfWork, invitation: Invitation, user: User) -> None:
    """Give what the invitation promises; what the person has already stays as it is."""
    invitation.accepted_at, invitation.accepted_by = uow.now, user.id
    given: list[Audited] = [*_grants(uow, invitation, user), *_membership(uow, invitation, user)]
    uow.session.add_all(given)
    uow.session.flush()
    own = uow.acting_as(actor_of_user(uow.session, user))
    own.record("invitation.accept", invitation, user, *given)


def _grants(uow: UnitOfWork, invitation: Invitation, user: User) -> list[StaffGrant]:
    return [
        StaffGrant(user_id=user.id, role=role, granted_by=invitation.invited_by, granted_at=uow.now)
        for role in invitation.staff_roles
        if uow.session.get(StaffGrant, (user.id, role)) is None
    ]


def _membership(uow: UnitOfWork, invitation: Invitation, user: User) -> list[CooperativeMember]:
    if invitation.cooperative_id is None or invitation.member_role is None:
        return []
    if uow.session.get(CooperativeMember, (user.id, invitation.cooperative_id)) is not None:
        return []
    return [
        CooperativeMember(
            user_id=user.id,
            cooperative_id=invitation.cooperative_id,
            role=invitation.member_role,
            added_by=invitation.invited_by,
            added_at=uow.now,
        )
    ]
