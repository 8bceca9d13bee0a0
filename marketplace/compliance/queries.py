"""Read cooperatives and mine sites."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import Session

from marketplace.accounts.models import CooperativeMember, User
from marketplace.compliance.gate import Facts, Goods, SiteFacts, Unmet, unmet
from marketplace.compliance.models import Cooperative, MineSite
from marketplace.core.actor import Actor
from marketplace.core.errors import DomainError, NotFound
from marketplace.core.text import N_

PAGE = 25


class CooperativeNotApproved(DomainError):
    """Nothing of this cooperative may be published now."""

    code = "cooperative_not_approved"
    message = N_("The cooperative is not approved. You can prepare lots, and send them when it is.")


class Officer(NamedTuple):
    """A person who acts for a cooperative."""

    user_id: UUID
    name: str
    email: str
    role: str


def approved_cooperative(session: Session, cooperative_id: UUID) -> Cooperative:
    """Return an approved cooperative; raise NotFound or CooperativeNotApproved."""
    cooperative = session.get(Cooperative, cooperative_id)
    if cooperative is None:
        raise NotFound
    if cooperative.state != "approved":
        raise CooperativeNotApproved
    return cooperative


def cooperative_by_id(session: Session, cooperative_id: UUID, *, lock: bool = False) -> Cooperative:
    """Return a cooperative, or raise NotFound."""
    query = select(Cooperative).where(Cooperative.id == cooperative_id)
    return _one(session, query, lock=lock)


def cooperative_for_staff(session: Session, reference: str, *, lock: bool = False) -> Cooperative:
    """Return the cooperative of a reference; for staff, who see all of them."""
    return _one(session, select(Cooperative).where(Cooperative.reference == reference), lock=lock)


def cooperative_of_member(session: Session, reference: str, actor: Actor, *, lock: bool = False) -> Cooperative:
    """Return the cooperative if the actor is one of its officers; otherwise it is not there."""
    query = select(Cooperative).where(Cooperative.reference == reference, Cooperative.id.in_(list(actor.memberships)))
    return _one(session, query, lock=lock)


def cooperatives_of_member(session: Session, actor: Actor) -> list[Cooperative]:
    """Return every cooperative the actor is an officer of."""
    ids = list(actor.memberships)
    return list(session.scalars(select(Cooperative).where(Cooperative.id.in_(ids)).order_by(Cooperative.legal_name)))


def page_of_cooperatives(
    session: Session, *, state: str | None = None, after: tuple[str, UUID] | None = None
) -> list[Cooperative]:
    """Return one page by name and one more, so that the caller knows whether another page follows."""
    query = select(Cooperative).order_by(Cooperative.legal_name, Cooperative.id).limit(PAGE + 1)
    if state:
        query = query.where(Cooperative.state == state)
    if after:
        query = query.where(tuple_(Cooperative.legal_name, Cooperative.id) > after)
    return list(session.scalars(query))


def sites_of(session: Session, cooperative_id: UUID) -> Sequence[MineSite]:
    """Return the mine sites of a cooperative, oldest first."""
    query = select(MineSite).where(MineSite.cooperative_id == cooperative_id)
    return session.scalars(query.order_by(MineSite.created_at, MineSite.id)).all()


def site_of(session: Session, cooperative_id: UUID, reference: str, *, lock: bool = False) -> MineSite:
    """Return a site of this cooperative, or raise NotFound."""
    query = select(MineSite).where(MineSite.cooperative_id == cooperative_id, MineSite.reference == reference)
    found = session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound
    return found


def officers_of(session: Session, cooperative_id: UUID) -> list[Officer]:
    """Return the officers of a cooperative by name."""
    rows = session.execute(
        select(User.id, User.name, User.email, CooperativeMember.role)
        .join(CooperativeMember, CooperativeMember.user_id == User.id)
        .where(CooperativeMember.cooperative_id == cooperative_id)
        .order_by(User.name, User.id)
    )
    return [Officer(*row) for row in rows]


def unmet_of(
    session: Session,
    *,
    cooperative_id: UUID,
    site_reference: str | None,
    goods: Goods | None,
    today: date,
    has_severe_incident: bool = False,
    has_child_labour_incident: bool = False,
) -> list[Unmet]:
    """Return what still keeps goods of this cooperative and site from being published."""
    cooperative = cooperative_by_id(session, cooperative_id)
    site = None
    if site_reference:
        query = select(MineSite).where(MineSite.cooperative_id == cooperative_id, MineSite.reference == site_reference)
        site = session.scalar(query)
    return unmet(
        Facts(
            today=today,
            cooperative_state=cooperative.state,
            screened_on=cooperative.screened_on,
            site=facts_of_site(site) if site else None,
            goods=goods,
            has_severe_incident=has_severe_incident,
            has_child_labour_incident=has_child_labour_incident,
        )
    )


def facts_of_site(site: MineSite) -> SiteFacts:
    """Return what the gate must know of a site."""
    return SiteFacts(
        status=site.status,
        activity=site.activity,
        minerals=frozenset(site.minerals),
        mercury_practice=site.mercury_practice,
        right_kind=site.right_kind,
        right_valid_from=site.right_valid_from,
        right_valid_to=site.right_valid_to,
        attested_on=site.child_labour_attested_on,
        is_verified=site.verified_by is not None,
    )


def _one(session: Session, query: Select[Cooperative], *, lock: bool) -> Cooperative:
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None:
        raise NotFound
    return found
