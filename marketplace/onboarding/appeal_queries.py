"""Read appeals against refused applications."""

from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from marketplace.compliance.models import Cooperative
from marketplace.core.errors import NotFound
from marketplace.onboarding.models import ApplicationAppeal, CooperativeApplication

PAGE: Final = 25


class AppealRow(NamedTuple):
    """An appeal with its application and cooperative."""

    appeal: ApplicationAppeal
    application: CooperativeApplication
    cooperative: Cooperative


def appeal_by_id(session: Session, key: UUID, *, lock: bool = False) -> ApplicationAppeal:
    """Return an appeal, or raise NotFound."""
    wanted = select(ApplicationAppeal).where(ApplicationAppeal.id == key)
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(wanted)
    if found is None:
        raise NotFound
    return found


def appeal_of(session: Session, application_id: UUID) -> ApplicationAppeal | None:
    """Return the appeal against the refusal of an application, if there is one."""
    return session.scalar(select(ApplicationAppeal).where(ApplicationAppeal.application_id == application_id))


def row_of(session: Session, key: UUID) -> AppealRow:
    """Return an appeal with what it is about; raise NotFound."""
    appeal = appeal_by_id(session, key)
    application = session.get_one(CooperativeApplication, appeal.application_id)
    return AppealRow(appeal, application, session.get_one(Cooperative, appeal.cooperative_id))


def page_of_appeals(session: Session, *, state: str, after: tuple[datetime, UUID] | None) -> list[AppealRow]:
    """Return a page of appeals, oldest first, and one more when another page follows; an empty state shows all."""
    wanted = (
        select(ApplicationAppeal, CooperativeApplication, Cooperative)
        .join(CooperativeApplication, CooperativeApplication.id == ApplicationAppeal.application_id)
        .join(Cooperative, Cooperative.id == ApplicationAppeal.cooperative_id)
        .order_by(ApplicationAppeal.made_at, ApplicationAppeal.id)
        .limit(PAGE + 1)
    )
    if state:
        wanted = wanted.where(ApplicationAppeal.state == state)
    if after is not None:
        wanted = wanted.where(tuple_(ApplicationAppeal.made_at, ApplicationAppeal.id) > after)
    return [AppealRow(*row) for row in session.execute(wanted)]


def is_newest(session: Session, application: CooperativeApplication) -> bool:
    """Say whether the cooperative has begun nothing newer."""
    wanted = select(CooperativeApplication.id).where(
        CooperativeApplication.cooperative_id == application.cooperative_id,
        CooperativeApplication.begun_at > application.begun_at,
    )
    return session.scalar(wanted.limit(1)) is None
