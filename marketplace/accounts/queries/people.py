"""Read people: by address, by id, as the staff's list shows them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Buyer, CooperativeMember, Invitation, StaffGrant, User
from marketplace.core.actor import StaffRole
from marketplace.core.errors import NotFound

PAGE = 25


class ListedPerson(NamedTuple):
    """A line of the people list."""

    user: User
    roles: Sequence[str]
    buyer: Buyer | None
    is_officer: bool


class PersonFacts(NamedTuple):
    """What staff see of one person."""

    user: User
    grants: Sequence[StaffGrant]
    memberships: Sequence[CooperativeMember]
    buyer: Buyer | None


class Officer(NamedTuple):
    """A person who acts for a cooperative, with her role."""

    user: User
    role: str
    added_at: datetime


def find_user(session: Session, email: str) -> User | None:
    """Return the person of an address in lower case, or None."""
    return session.scalar(select(User).where(User.email == email))


def user_by_email(session: Session, email: str) -> User:
    """Return the person of an address, or raise NotFound."""
    user = find_user(session, email.strip().lower())
    if user is None:
        raise NotFound
    return user


def user_by_id(session: Session, user_id: UUID | None, *, lock: bool = False) -> User:
    """Return a person, or raise NotFound; `lock` keeps others from changing her meanwhile."""
    query = select(User).where(User.id == user_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    user = session.scalar(query)
    if user is None:
        raise NotFound
    return user


def find_buyer(session: Session, user_id: UUID | None, *, lock: bool = False) -> Buyer | None:
    """Return the buying company of a person, or None."""
    query = select(Buyer).where(Buyer.user_id == user_id)
    return session.scalar(query.with_for_update() if lock else query)


def administrators(session: Session) -> Sequence[User]:
    """Return every administrator who can sign in."""
    return session.scalars(
        select(User)
        .join(StaffGrant, StaffGrant.user_id == User.id)
        .where(StaffGrant.role == StaffRole.ADMINISTRATOR.value, User.state == "active")
        .order_by(User.id)
    ).all()


def listed_people(
    session: Session, *, words: str = "", only: str = "", waits_for_level: bool = False, before: UUID | None = None
) -> Sequence[ListedPerson]:
    """Return a page of people and one more, newest first.

    `words` is looked for in names, addresses and companies; `only` is staff, buyers, officers or
    empty; `waits_for_level` leaves the buyers who asked Pact to check their company.
    """
    query = select(User, Buyer).outerjoin(Buyer, Buyer.user_id == User.id).order_by(User.id.desc()).limit(PAGE + 1)
    if words:
        pattern = "%" + words.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        query = query.where(
            or_(User.email.like(pattern), func.lower(User.name).like(pattern), func.lower(Buyer.company).like(pattern))
        )
    if before is not None:
        query = query.where(User.id < before)
    if waits_for_level:
        query = query.where(Buyer.level_asked_at.is_not(None))
    if only == "staff":
        query = query.where(User.id.in_(select(StaffGrant.user_id)))
    elif only == "buyers":
        query = query.where(Buyer.id.is_not(None))
    elif only == "officers":
        query = query.where(User.id.in_(select(CooperativeMember.user_id)))
    rows = session.execute(query).all()
    ids = [row.User.id for row in rows]
    roles: dict[UUID, list[str]] = {}
    for grant in session.scalars(select(StaffGrant).where(StaffGrant.user_id.in_(ids)).order_by(StaffGrant.role)):
        roles.setdefault(grant.user_id, []).append(grant.role)
    officers = set(session.scalars(select(CooperativeMember.user_id).where(CooperativeMember.user_id.in_(ids))))
    return [ListedPerson(row.User, roles.get(row.User.id, []), row.Buyer, row.User.id in officers) for row in rows]


def person_facts(session: Session, user_id: UUID) -> PersonFacts:
    """Return what staff see of a person, or raise NotFound."""
    user = user_by_id(session, user_id)
    grants = session.scalars(select(StaffGrant).where(StaffGrant.user_id == user_id).order_by(StaffGrant.role)).all()
    memberships = session.scalars(select(CooperativeMember).where(CooperativeMember.user_id == user_id)).all()
    return PersonFacts(user, grants, memberships, find_buyer(session, user_id))


def officers_of(session: Session, cooperative_id: UUID) -> Sequence[Officer]:
    """Return who acts for a cooperative, in the order they came."""
    rows = session.execute(
        select(User, CooperativeMember.role, CooperativeMember.added_at)
        .join(CooperativeMember, CooperativeMember.user_id == User.id)
        .where(CooperativeMember.cooperative_id == cooperative_id)
        .order_by(CooperativeMember.added_at, User.id)
    ).all()
    return [Officer(row.User, row.role, row.added_at) for row in rows]


def open_invitations(
    session: Session, *, now: datetime, cooperative_id: UUID | None = None, before: UUID | None = None
) -> Sequence[Invitation]:
    """Return a page of invitations that wait for an answer: a cooperative's, or those of staff."""
    query = select(Invitation).where(Invitation.accepted_at.is_(None), Invitation.expires_at > now)
    query = query.where(
        Invitation.kind == "staff" if cooperative_id is None else Invitation.cooperative_id == cooperative_id
    )
    if before is not None:
        query = query.where(Invitation.id < before)
    return session.scalars(query.order_by(Invitation.id.desc()).limit(PAGE + 1)).all()


def names_of(session: Session, keys: Iterable[str | None]) -> dict[str, str]:
    """Return the names of the people whose ids stand among `keys`; what is no person's id is left out."""
    found = {key: person_id for key in keys if (person_id := _as_id(key)) is not None and key is not None}
    rows = session.execute(select(User.id, User.name).where(User.id.in_(found.values()))).all() if found else []
    names = {row.id: row.name for row in rows}
    return {key: names[person_id] for key, person_id in found.items() if person_id in names}


def _as_id(key: str | None) -> UUID | None:
    try:
        return UUID(key) if key else None
    except ValueError:
        return None
