"""alice, bob, charlie and the others: who they are and how they get a signed-in browser."""

from datetime import timedelta
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from marketplace.accounts.models import Buyer, CooperativeMember, SignInSession, StaffGrant, User
from marketplace.accounts.queries import actor_of_user
from marketplace.core.actor import Actor, MemberRole, StaffRole
from marketplace.core.crypto import digest
from marketplace.core.ids import new_token
from marketplace.unit_of_work import UnitOfWork


def person(uow: UnitOfWork, name: str, *roles: StaffRole, language: str = "en") -> User:
    """Make a confirmed person, with staff roles when given."""
    user = User(
        email=f"{name.lower().replace(' ', '.')}@example.org",
        name=name,
        language=language,
        email_confirmed_at=uow.now,
        created_at=uow.now,
    )
    uow.session.add(user)
    uow.session.flush()
    uow.record("user.register", user)
    for role in roles:
        grant = StaffGrant(user_id=user.id, role=role.value, granted_at=uow.now)
        uow.session.add(grant)
        uow.record("staff_grant.give", grant, user)
    if roles:
        user.totp_confirmed_at = uow.now
    return user


def buyer(uow: UnitOfWork, name: str, *, level: int = 2, country: str = "DE") -> tuple[User, Buyer]:
    """Make a confirmed buyer of a verification level."""
    user = person(uow, name)
    row = Buyer(user_id=user.id, company=f"{name} Jewels", country=country, level=level, created_at=uow.now)
    uow.session.add(row)
    uow.session.flush()
    uow.record("buyer.open", row, user)
    return user, row


def member(uow: UnitOfWork, name: str, cooperative_id: UUID, *, role: MemberRole = MemberRole.SECRETARY) -> User:
    """Make an officer of a cooperative."""
    user = person(uow, name)
    row = CooperativeMember(user_id=user.id, cooperative_id=cooperative_id, role=role.value, added_at=uow.now)
    uow.session.add(row)
    uow.record("cooperative_member.add", row, user)
    return user


def actor(session: Session, user: User) -> Actor:
    """Return the actor a person acts as."""
    session.flush()
    return actor_of_user(session, user)


def session_token(uow: UnitOfWork, user: User) -> str:
    """Open a session for `user`, second factor passed when she is staff; return the cookie's secret."""
    token = new_token()
    uow.session.add(
        SignInSession(
            digest=digest(token),
            user_id=user.id,
            created_at=uow.now,
            last_seen_at=uow.now,
            expires_at=uow.now + timedelta(hours=12),
            second_factor_at=uow.now if user.totp_confirmed_at else None,
            address="127.0.0.1",
            agent="test",
        )
    )
    return token


def signed_in(app: Flask, uow: UnitOfWork, user: User) -> FlaskClient:
    """Return a browser in which `user` is signed in. Commits `uow`."""
    token = session_token(uow, user)
    uow.commit()
    client = app.test_client()
    client.set_cookie("session_id", token)
    return client
