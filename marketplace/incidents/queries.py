"""Read incidents: pages for staff, those of a cooperative, and what severe ones stop."""

from collections.abc import Sequence
from datetime import date, datetime
from statistics import median
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import Select, func, or_, select, tuple_
from sqlalchemy.orm import Session

from marketplace.compliance.models import Cooperative, MineSite
from marketplace.core.actor import Actor
from marketplace.core.errors import NotFound
from marketplace.incidents.models import Incident, IncidentNote, IncidentStep
from marketplace.incidents.transitions import ENDED
from marketplace.incidents.words import CHILD_LABOUR, SEVERE

PAGE: Final = 25
MOST_LINES: Final = 500
RUNNING: Final = Incident.state.not_in([state.value for state in ENDED])


class Place(NamedTuple):
    """An incident with where it happened; the site is None when it concerns the whole cooperative."""

    incident: Incident
    cooperative: Cooperative
    site: MineSite | None


class Filters(NamedTuple):
    """What staff look for; empty means all."""

    state: str = ""
    severity: str = ""
    code: str = ""


class Stops(NamedTuple):
    """What the publication gate asks: whether a severe incident is open, and whether one about child labour is."""

    has_severe_incident: bool
    has_child_labour_incident: bool


class Counts(NamedTuple):
    """Indicator I10 over a period: opened, substantiated, remediated; median whole days from opening to the end."""

    opened: int
    substantiated: int
    remediated: int
    median_days_open: int | None


def incident_by_reference(session: Session, reference: str, *, lock: bool = False) -> Incident:
    """Return an incident, locked when it will change; raise NotFound."""
    wanted = select(Incident).where(Incident.reference == reference)
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(wanted)
    if found is None:
        raise NotFound
    return found


def place_of(session: Session, reference: str) -> Place:
    """Return an incident with its cooperative and site; raise NotFound."""
    row = session.execute(_places().where(Incident.reference == reference)).one_or_none()
    if row is None:
        raise NotFound
    return Place(*row)


def place_of_member(session: Session, reference: str, actor: Actor) -> Place:
    """Return an incident of a cooperative the actor is an officer of; otherwise it is not there."""
    found = place_of(session, reference)
    if found.cooperative.id not in actor.memberships:
        raise NotFound
    return found


def page_of_incidents(session: Session, filters: Filters, *, after: tuple[datetime, UUID] | None) -> list[Place]:
    """Return one page, newest first, and one more, so that the caller knows whether another page follows."""
    wanted = _places().order_by(Incident.opened_at.desc(), Incident.id.desc()).limit(PAGE + 1)
    if filters.state == "running":
        wanted = wanted.where(RUNNING)
    elif filters.state:
        wanted = wanted.where(Incident.state == filters.state)
    if filters.severity:
        wanted = wanted.where(Incident.severity == filters.severity)
    if filters.code:
        wanted = wanted.where(Incident.code == filters.code)
    if after is not None:
        wanted = wanted.where(tuple_(Incident.opened_at, Incident.id) < after)
    return [Place(*row) for row in session.execute(wanted)]


def incidents_of_member(session: Session, actor: Actor) -> list[Place]:
    """Return the incidents of the actor's cooperatives, newest first, at most a hundred."""
    wanted = _places().where(Incident.cooperative_id.in_(list(actor.memberships)))
    return [Place(*row) for row in session.execute(wanted.order_by(Incident.opened_at.desc()).limit(100))]


def steps_of(session: Session, incident_id: UUID) -> Sequence[IncidentStep]:
    """Return the steps of the plan, the one due first at the beginning."""
    wanted = select(IncidentStep).where(IncidentStep.incident_id == incident_id)
    return session.scalars(wanted.order_by(IncidentStep.due_on, IncidentStep.id)).all()


def notes_of(session: Session, incident_id: UUID) -> Sequence[IncidentNote]:
    """Return the story of an incident, oldest first."""
    wanted = select(IncidentNote).where(IncidentNote.incident_id == incident_id)
    return session.scalars(wanted.order_by(IncidentNote.at, IncidentNote.id).limit(MOST_LINES)).all()


def overdue(session: Session, *, today: date) -> frozenset[UUID]:
    """Return the running incidents that have a step whose day is over."""
    wanted = select(IncidentStep.incident_id).join(Incident, Incident.id == IncidentStep.incident_id)
    late = wanted.where(IncidentStep.done_at.is_(None), IncidentStep.due_on < today, RUNNING)
    return frozenset(session.scalars(late))


def stops_of(session: Session, *, cooperative_id: UUID, site_reference: str | None) -> Stops:
    """Return what keeps goods of a site from being sold now; an incident without a site touches every site."""
    codes = session.execute(
        select(Incident.code, Incident.severity)
        .outerjoin(MineSite, MineSite.id == Incident.site_id)
        .where(Incident.cooperative_id == cooperative_id, RUNNING)
        .where(or_(Incident.site_id.is_(None), MineSite.reference == site_reference))
    ).all()
    return Stops(
        has_severe_incident=any(severity == SEVERE for _code, severity in codes),
        has_child_labour_incident=any(code == CHILD_LABOUR for code, _severity in codes),
    )


def is_paused(session: Session, *, cooperative_id: UUID, site_reference: str | None) -> bool:
    """Say whether a severe incident keeps the lots of a site out of buyers' sight."""
    return stops_of(session, cooperative_id=cooperative_id, site_reference=site_reference).has_severe_incident


def severe_incident_at(session: Session, *, cooperative_id: UUID, site_reference: str | None) -> str | None:
    """Return the reference of the oldest severe incident that stops goods of a site, or None."""
    wanted = (
        select(Incident.reference)
        .outerjoin(MineSite, MineSite.id == Incident.site_id)
        .where(Incident.cooperative_id == cooperative_id, Incident.severity == SEVERE, RUNNING)
        .where(or_(Incident.site_id.is_(None), MineSite.reference == site_reference))
    )
    return session.scalar(wanted.order_by(Incident.opened_at, Incident.id).limit(1))


def severe_incident_of(session: Session, cooperative_id: UUID) -> str | None:
    """Return the reference of a severe incident that holds the payouts of a cooperative, or None."""
    wanted = select(Incident.reference).where(
        Incident.cooperative_id == cooperative_id, Incident.severity == SEVERE, RUNNING
    )
    return session.scalar(wanted.order_by(Incident.opened_at).limit(1))


def counts(session: Session, *, since: datetime, until: datetime) -> Counts:
    """Return indicator I10 for incidents from `since` up to, and without, `until`.

    Each figure counts what happened within the period; the days are of those that ended in it.
    """

    def number(column: object, *more: object) -> int:
        wanted = select(func.count()).select_from(Incident).where(column >= since, column < until, *more)  # type: ignore[operator,arg-type]
        return session.scalar(wanted) or 0

    ended = session.execute(
        select(Incident.opened_at, Incident.ended_at).where(Incident.ended_at >= since, Incident.ended_at < until)
    ).all()
    days = [(end - start).days for start, end in ended if end is not None]
    return Counts(
        opened=number(Incident.opened_at),
        substantiated=number(Incident.substantiated_at),
        remediated=number(Incident.ended_at, Incident.state == "closed"),
        median_days_open=int(median(days)) if days else None,
    )


def _places() -> Select[Incident, Cooperative, MineSite]:
    return (
        select(Incident, Cooperative, MineSite)
        .join(Cooperative, Cooperative.id == Incident.cooperative_id)
        .outerjoin(MineSite, MineSite.id == Incident.site_id)
    )
