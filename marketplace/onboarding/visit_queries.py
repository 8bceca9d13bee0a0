"""Read visits: those of a cooperative, one by its reference, and which places should be seen next."""

from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from marketplace.compliance.models import Cooperative, MineSite
from marketplace.core.errors import NotFound
from marketplace.onboarding.models import FieldVisit

MOST_OF_ONE: Final = 100
MOST_DUE: Final = 100


class Seen(NamedTuple):
    """A visit with where it was; the site is None for a visit of the cooperative itself."""

    visit: FieldVisit
    cooperative: Cooperative
    site: MineSite | None


class Due(NamedTuple):
    """A site of an approved cooperative, and when it should be seen; no day when nobody was ever there."""

    site: MineSite
    cooperative: Cooperative
    next_visit_on: date | None


def visits_of(session: Session, cooperative_id: UUID) -> list[Seen]:
    """Return the visits of a cooperative and its sites, newest first, at most a hundred."""
    wanted = _visits().where(FieldVisit.cooperative_id == cooperative_id)
    wanted = wanted.order_by(FieldVisit.visited_on.desc(), FieldVisit.id.desc())
    return [Seen(*row) for row in session.execute(wanted.limit(MOST_OF_ONE))]


def visit_by_reference(session: Session, reference: str) -> Seen:
    """Return a visit; raise NotFound."""
    row = session.execute(_visits().where(FieldVisit.reference == reference)).one_or_none()
    if row is None:
        raise NotFound
    return Seen(*row)


def visits_due(session: Session) -> Sequence[Due]:
    """Return the sites of approved cooperatives, those never seen first, then by the day they are due."""
    latest = (
        select(FieldVisit.site_id, func.max(FieldVisit.next_visit_on).label("next_visit_on"))
        .where(FieldVisit.site_id.is_not(None))
        .group_by(FieldVisit.site_id)
        .subquery()
    )
    wanted = (
        select(MineSite, Cooperative, latest.c.next_visit_on)
        .join(Cooperative, Cooperative.id == MineSite.cooperative_id)
        .outerjoin(latest, latest.c.site_id == MineSite.id)
        .where(Cooperative.state == "approved", MineSite.activity != "abandoned")
        .order_by(latest.c.next_visit_on.asc().nulls_first(), MineSite.id)
    )
    return [Due(*row) for row in session.execute(wanted.limit(MOST_DUE))]


def _visits() -> Select[FieldVisit, Cooperative, MineSite]:
    return (
        select(FieldVisit, Cooperative, MineSite)
        .join(Cooperative, Cooperative.id == FieldVisit.cooperative_id)
        .outerjoin(MineSite, MineSite.id == FieldVisit.site_id)
    )
