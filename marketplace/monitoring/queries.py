"""Reads for the pages of the monitoring report: cooperatives to choose, and what was told."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple, TypeVar
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from marketplace.compliance.models import Cooperative
from marketplace.core.actor import Actor
from marketplace.core.errors import NotFound
from marketplace.monitoring.models import MinerSheet, OfficerCount, TaxReceipt, TrainingSession

PAGE: Final = 25
MOST_COOPERATIVES: Final = 500
_KNOWN: Final = ("approved", "suspended")
Record = TypeVar("Record", MinerSheet, TrainingSession, TaxReceipt, OfficerCount)


class Named(NamedTuple):
    """A cooperative by its name."""

    key: UUID
    reference: str
    name: str
    country: str


class Told(NamedTuple):
    """A record with the cooperative it is about."""

    record: Any
    cooperative: Cooperative


def known_cooperatives(session: Session) -> list[Named]:
    """Return cooperatives that were approved, by name; at most 500."""
    found = select(Cooperative.id, Cooperative.reference, Cooperative.legal_name, Cooperative.country)
    rows = session.execute(
        found.where(Cooperative.state.in_(_KNOWN)).order_by(Cooperative.legal_name).limit(MOST_COOPERATIVES)
    )
    return [Named(*row) for row in rows]


def page_of_records(session: Session, kind: type[Record], *, after: tuple[datetime, UUID] | None) -> list[Told]:
    """Return one page of what was told of a kind, newest first, and one more."""
    wanted = select(kind, Cooperative).join(Cooperative, Cooperative.id == kind.cooperative_id)
    wanted = wanted.order_by(kind.entered_at.desc(), kind.id.desc()).limit(PAGE + 1)
    if after is not None:
        wanted = wanted.where(tuple_(kind.entered_at, kind.id) < after)
    return [Told(*row) for row in session.execute(wanted)]


def record_by_id(session: Session, kind: type[Record], key: UUID) -> Record:
    """Return one record; raise NotFound."""
    found = session.get(kind, key)
    if found is None:
        raise NotFound
    return found


def sheets_of_member(session: Session, actor: Actor) -> Sequence[Told]:
    """Return the newest sheets of the cooperatives an officer acts for, at most a hundred."""
    wanted = (
        select(MinerSheet, Cooperative)
        .join(Cooperative, Cooperative.id == MinerSheet.cooperative_id)
        .where(MinerSheet.cooperative_id.in_(list(actor.memberships)))
        .order_by(MinerSheet.entered_at.desc(), MinerSheet.id.desc())
        .limit(100)
    )
    return [Told(*row) for row in session.execute(wanted)]


def sheet_of_member(session: Session, reference: str, actor: Actor) -> MinerSheet:
    """Return a sheet of a cooperative the actor is an officer of; otherwise it is not there."""
    found = session.scalar(select(MinerSheet).where(MinerSheet.reference == reference))
    if found is None or found.cooperative_id not in actor.memberships:
        raise NotFound
    return found
