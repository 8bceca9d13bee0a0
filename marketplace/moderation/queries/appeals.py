"""Read appeals."""

from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from marketplace.compliance.models import Cooperative
from marketplace.core.errors import NotFound
from marketplace.moderation.models import Appeal, ModerationCase

PAGE: Final = 25


class AppealRow(NamedTuple):
    """An appeal with its case and the cooperative's name."""

    appeal: Appeal
    case: ModerationCase
    cooperative: str


def appeal_by_id(session: Session, key: UUID, *, lock: bool = False) -> Appeal:
    """Return an appeal, or raise NotFound."""
    query = select(Appeal).where(Appeal.id == key)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None:
        raise NotFound
    return found


def appeal_of_case(session: Session, case_id: UUID) -> Appeal | None:
    """Return the appeal against a case, if there is one."""
    return session.scalar(select(Appeal).where(Appeal.case_id == case_id))


def page_of_appeals(session: Session, *, state: str, after: tuple[datetime, UUID] | None) -> list[AppealRow]:
    """Return a page of appeals, oldest first, and one more when another page follows; an empty state shows all."""
    query = (
        select(Appeal, ModerationCase, Cooperative.legal_name)
        .join(ModerationCase, ModerationCase.id == Appeal.case_id)
        .join(Cooperative, Cooperative.id == Appeal.cooperative_id)
        .order_by(Appeal.made_at, Appeal.id)
        .limit(PAGE + 1)
    )
    if state:
        query = query.where(Appeal.state == state)
    if after is not None:
        query = query.where(tuple_(Appeal.made_at, Appeal.id) > after)
    return [AppealRow(*row) for row in session.execute(query)]
