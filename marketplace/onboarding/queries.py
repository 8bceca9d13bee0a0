"""Read applications: one's own, those that wait for staff, and what each still lacks."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import Date, Select, and_, cast, func, or_, select, tuple_
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from marketplace.accounts.models import CooperativeMember, Invitation
from marketplace.compliance.models import Cooperative, MineSite
from marketplace.compliance.queries import sites_of
from marketplace.core.actor import Actor, MemberRole, StaffRole
from marketplace.core.errors import NotFound
from marketplace.onboarding.completeness import Facts, SiteState
from marketplace.onboarding.models import CooperativeApplication, Declaration, FieldVisit
from marketplace.onboarding.renewals import APPROVAL_LASTS, approval_ends
from marketplace.onboarding.transitions import ENDED, WITH_PACT
from marketplace.payments.destinations import live_destination

PAGE: Final = 25
MOST_OF_ONE: Final = 100
_OPEN: Final = CooperativeApplication.state.not_in([state.value for state in ENDED])


class Row(NamedTuple):
    """An application with its cooperative; None before the first step is complete."""

    application: CooperativeApplication
    cooperative: Cooperative | None


class Renewal(NamedTuple):
    """An approval that ends, and the application that renews it, when one is open."""

    cooperative: Cooperative
    ends_on: date
    application: CooperativeApplication | None


def application_of(session: Session, reference: str, actor: Actor) -> CooperativeApplication:
    """Return an application to who began it, to officers of its cooperative and to moderators; else it is not there."""
    found = session.scalar(select(CooperativeApplication).where(CooperativeApplication.reference == reference))
    if found is None or not may_see(found, actor):
        raise NotFound
    return found


def may_see(application: CooperativeApplication, actor: Actor) -> bool:
    """Tell whether the actor may open an application."""
    if actor.has_role(StaffRole.MODERATOR) or application.cooperative_id in actor.memberships:
        return True
    return _is_own_beginning(application, actor)


def may_write(application: CooperativeApplication, actor: Actor) -> bool:
    """Tell whether the actor may fill in an application: its writing officers, who began it, or a moderator for it."""
    if actor.user_id is None:
        return False
    if application.cooperative_id is not None and application.cooperative_id in actor.memberships:
        return actor.may_write_for(application.cooperative_id)
    return actor.has_role(StaffRole.MODERATOR) or _is_own_beginning(application, actor)


def application_for_staff(session: Session, reference: str) -> Row:
    """Return an application with its cooperative; for staff, who see all of them."""
    row = session.execute(_rows().where(CooperativeApplication.reference == reference)).one_or_none()
    if row is None:
        raise NotFound
    return Row(*row)


def applications_of(session: Session, actor: Actor) -> list[Row]:
    """Return what the actor began, and the applications of her cooperatives, newest first, at most a hundred."""
    mine = and_(
        CooperativeApplication.begun_by == actor.user_id,
        CooperativeApplication.is_on_behalf.is_(False),
        CooperativeApplication.cooperative_id.is_(None),
    )
    theirs = CooperativeApplication.cooperative_id.in_(list(actor.memberships))
    wanted = _rows().where(or_(mine, theirs)).order_by(CooperativeApplication.begun_at.desc())
    return [Row(*row) for row in session.execute(wanted.limit(MOST_OF_ONE))]


def applications_of_cooperative(session: Session, cooperative_id: UUID) -> Sequence[CooperativeApplication]:
    """Return the applications of a cooperative, newest first."""
    wanted = select(CooperativeApplication).where(CooperativeApplication.cooperative_id == cooperative_id)
    return session.scalars(wanted.order_by(CooperativeApplication.begun_at.desc()).limit(MOST_OF_ONE)).all()


def open_application_of(session: Session, cooperative_id: UUID) -> CooperativeApplication | None:
    """Return the application of a cooperative that is not decided yet."""
    return session.scalar(
        select(CooperativeApplication).where(CooperativeApplication.cooperative_id == cooperative_id, _OPEN)
    )


def last_approved(session: Session, cooperative_id: UUID) -> CooperativeApplication | None:
    """Return the application by which the cooperative was approved last."""
    wanted = select(CooperativeApplication).where(
        CooperativeApplication.cooperative_id == cooperative_id, CooperativeApplication.state == "approved"
    )
    return session.scalar(wanted.order_by(CooperativeApplication.second_at.desc()).limit(1))


def renewal_due(session: Session, cooperative: Cooperative) -> date | None:
    """Return the day until which an approved cooperative is approved; None for one that is not."""
    last = last_approved(session, cooperative.id)
    if last is not None:
        return last.renewal_due_on
    return approval_ends(cooperative.decided_at.date()) if cooperative.decided_at is not None else None


def renewals_due(session: Session, *, until: date) -> list[Renewal]:
    """Return the approved cooperatives whose approval ends up to a day, the first end first, at most a hundred."""
    latest = (
        select(CooperativeApplication.cooperative_id, func.max(CooperativeApplication.renewal_due_on).label("due"))
        .where(CooperativeApplication.state == "approved")
        .group_by(CooperativeApplication.cooperative_id)
        .subquery()
    )
    by_hand = cast(Cooperative.decided_at, Date) + APPROVAL_LASTS.days
    due = func.coalesce(latest.c.due, by_hand)
    wanted = (
        select(Cooperative, due)
        .outerjoin(latest, latest.c.cooperative_id == Cooperative.id)
        .where(Cooperative.state == "approved", due <= until)
        .order_by(due, Cooperative.id)
    )
    rows = session.execute(wanted.limit(MOST_OF_ONE)).all()
    ids = [cooperative.id for cooperative, _due in rows]
    running = select(CooperativeApplication).where(CooperativeApplication.cooperative_id.in_(ids), _OPEN)
    open_of = {row.cooperative_id: row for row in session.scalars(running)}
    return [Renewal(cooperative, ends_on, open_of.get(cooperative.id)) for cooperative, ends_on in rows]


def declarations_of(session: Session, cooperative_id: UUID) -> Sequence[Declaration]:
    """Return the newest declaration of each kind that a cooperative itself signed."""
    wanted = (
        select(Declaration)
        .ext(distinct_on(Declaration.kind))
        .where(Declaration.cooperative_id == cooperative_id, Declaration.site_id.is_(None))
        .order_by(Declaration.kind, Declaration.signed_on.desc(), Declaration.id.desc())
    )
    return session.scalars(wanted).all()


def page_of_applications(session: Session, *, state: str = "", after: tuple[datetime, UUID] | None = None) -> list[Row]:
    """Return one page, the longest waiting first, and one more; `waiting` stands for both states that wait for Pact."""
    wanted = _rows().order_by(CooperativeApplication.saved_at, CooperativeApplication.id).limit(PAGE + 1)
    if state == "waiting":
        wanted = wanted.where(CooperativeApplication.state.in_([each.value for each in WITH_PACT]))
    elif state:
        wanted = wanted.where(CooperativeApplication.state == state)
    if after is not None:
        wanted = wanted.where(tuple_(CooperativeApplication.saved_at, CooperativeApplication.id) > after)
    return [Row(*row) for row in session.execute(wanted)]


def open_drafts_of(session: Session, person: UUID) -> int:
    """Return how many applications a person has begun that have no cooperative yet."""
    return (
        session.scalar(
            select(func.count())
            .select_from(CooperativeApplication)
            .where(CooperativeApplication.begun_by == person, CooperativeApplication.cooperative_id.is_(None), _OPEN)
        )
        or 0
    )


def facts_of(session: Session, application: CooperativeApplication, *, now: datetime) -> Facts:
    """Return everything that completeness looks at."""
    cooperative_id, today = application.cooperative_id, now.date()
    if cooperative_id is None:
        return Facts(today=today, answers=application.answers, writers=1)
    cooperative = session.get_one(Cooperative, cooperative_id)
    roles = session.scalars(
        select(CooperativeMember.role).where(CooperativeMember.cooperative_id == cooperative_id)
    ).all()
    return Facts(
        today=today,
        answers=application.answers,
        writers=sum(role != MemberRole.VIEWER for role in roles),
        signatories=sum(role == MemberRole.SIGNATORY for role in roles),
        invited_signatories=_invited_signatories(session, cooperative_id, now=now),
        sites=tuple(state_of_site(site) for site in sites_of(session, cooperative_id)),
        has_destination=live_destination(session, cooperative_id) is not None,
        visited_on=last_visit_on(session, cooperative_id),
        screened_on=cooperative.screened_on,
        is_suspended=cooperative.state == "suspended",
    )


def state_of_site(site: MineSite) -> SiteState:
    """Return what completeness must know of a site."""
    return SiteState(
        name=site.name,
        is_located=site.coordinates_sealed is not None,
        minerals=frozenset(site.minerals),
        right_kind=site.right_kind,
        right_valid_to=site.right_valid_to,
        attested_on=site.child_labour_attested_on,
        is_verified=site.verified_by is not None,
    )


def last_visit_on(session: Session, cooperative_id: UUID) -> date | None:
    """Return the day Pact was there last, at the cooperative or one of its sites."""
    return session.scalar(select(func.max(FieldVisit.visited_on)).where(FieldVisit.cooperative_id == cooperative_id))


def _is_own_beginning(application: CooperativeApplication, actor: Actor) -> bool:
    """Tell whether the actor began it and it has no cooperative yet; from then on its officers are those who may."""
    is_bare = application.cooperative_id is None and not application.is_on_behalf
    return is_bare and application.begun_by == actor.user_id


def _invited_signatories(session: Session, cooperative_id: UUID, *, now: datetime) -> int:
    wanted = (
        select(func.count())
        .select_from(Invitation)
        .where(
            Invitation.cooperative_id == cooperative_id,
            Invitation.member_role == MemberRole.SIGNATORY.value,
            Invitation.accepted_at.is_(None),
            Invitation.expires_at > now,
        )
    )
    return session.scalar(wanted) or 0


def _rows() -> Select[CooperativeApplication, Cooperative]:
    return select(CooperativeApplication, Cooperative).outerjoin(
        Cooperative, Cooperative.id == CooperativeApplication.cooperative_id
    )
