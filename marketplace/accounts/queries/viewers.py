"""Who is looking: one read of a session cookie's owner with roles and memberships."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypedDict
from uuid import UUID

from sqlalchemy import Select, String, bindparam, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Session

from marketplace.accounts.models import Buyer, CooperativeMember, SignInSession, StaffGrant, User
from marketplace.core.actor import Actor, ActorKind, MemberRole, StaffRole


def _whole() -> Select[Any]:
    """Return the one statement every request of a signed-in person begins with: her session and all her duties."""
    roles = select(func.coalesce(func.array_agg(StaffGrant.role), cast([], ARRAY(String))))
    memberships = select(
        func.coalesce(func.jsonb_object_agg(CooperativeMember.cooperative_id, CooperativeMember.role), cast({}, JSONB))
    )
    return (
        select(
            User.id.label("user_id"),
            User.email,
            User.name,
            User.language,
            User.email_confirmed_at.is_not(None).label("is_email_confirmed"),
            User.totp_confirmed_at.is_not(None).label("has_second_factor"),
            SignInSession.last_seen_at,
            SignInSession.second_factor_at,
            roles.where(StaffGrant.user_id == User.id).scalar_subquery().label("roles"),
            memberships.where(CooperativeMember.user_id == User.id).scalar_subquery().label("memberships"),
            Buyer.id.label("buyer_id"),
            Buyer.level.label("buyer_level"),
        )
        .join(User, User.id == SignInSession.user_id)
        .outerjoin(Buyer, Buyer.user_id == User.id)
        .where(
            SignInSession.digest == bindparam("digest"),
            SignInSession.ended_at.is_(None),
            SignInSession.expires_at > bindparam("now"),
            User.state == "active",
        )
    )


_WHOLE: Final = _whole()


class _BuyerFacts(TypedDict):
    buyer_id: UUID | None
    buyer_level: int


@dataclass(frozen=True, slots=True)
class Viewer:
    """A signed-in person as a request sees her: plain values, no rows."""

    user_id: UUID
    email: str
    name: str
    language: str
    is_email_confirmed: bool
    has_second_factor: bool
    staff_roles: frozenset[StaffRole]
    memberships: Mapping[UUID, MemberRole]
    buyer_id: UUID | None
    buyer_level: int
    session_digest: str
    last_seen_at: datetime
    second_factor_at: datetime | None

    @property
    def is_staff(self) -> bool:
        """Tell whether she works for Pact."""
        return bool(self.staff_roles)

    def actor(self) -> Actor:
        """Return the actor her requests act as."""
        return Actor(
            kind=ActorKind.PERSON,
            user_id=self.user_id,
            name=self.name,
            language=self.language,
            staff_roles=self.staff_roles,
            memberships=self.memberships,
            buyer_id=self.buyer_id,
            buyer_level=self.buyer_level,
        )


def viewer_of_session(session: Session, digest: str, *, now: datetime) -> Viewer | None:
    """Return the owner of a live session, or None when it ended, expired or its owner is disabled."""
    row = session.execute(_WHOLE, {"digest": digest, "now": now}).one_or_none()
    if row is None:
        return None
    return Viewer(
        user_id=row.user_id,
        email=row.email,
        name=row.name,
        language=row.language,
        is_email_confirmed=row.is_email_confirmed,
        has_second_factor=row.has_second_factor,
        staff_roles=frozenset(map(StaffRole, row.roles)),
        memberships={UUID(key): MemberRole(role) for key, role in row.memberships.items()},
        buyer_id=row.buyer_id,
        buyer_level=row.buyer_level or 0,
        session_digest=digest,
        last_seen_at=row.last_seen_at,
        second_factor_at=row.second_factor_at,
    )


def actor_of_user(session: Session, user: User) -> Actor:
    """Return the actor a person acts as outside a browser session (API token, demonstration, tests)."""
    return Actor(
        kind=ActorKind.PERSON,
        user_id=user.id,
        name=user.name,
        language=user.language,
        staff_roles=_roles(session, user.id),
        memberships=_memberships(session, user.id),
        **_buyer(session, user.id),
    )


def _roles(session: Session, user_id: UUID) -> frozenset[StaffRole]:
    return frozenset(
        StaffRole(role) for role in session.scalars(select(StaffGrant.role).where(StaffGrant.user_id == user_id))
    )


def _memberships(session: Session, user_id: UUID) -> dict[UUID, MemberRole]:
    rows = session.execute(
        select(CooperativeMember.cooperative_id, CooperativeMember.role).where(CooperativeMember.user_id == user_id)
    )
    return {cooperative_id: MemberRole(role) for cooperative_id, role in rows}


def _buyer(session: Session, user_id: UUID) -> _BuyerFacts:
    row = session.execute(select(Buyer.id, Buyer.level).where(Buyer.user_id == user_id)).one_or_none()
    return {"buyer_id": row.id if row else None, "buyer_level": row.level if row else 0}
