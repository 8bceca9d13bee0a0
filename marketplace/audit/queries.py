"""Reads of the audit log for staff: filters, pages by cursor, one event with all that was disclosed."""

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Select, cast, func, select
from sqlalchemy.dialects.postgresql import TEXT
from sqlalchemy.orm import Session

from marketplace.audit.models import AuditDisclosure, AuditEvent, AuditSearch, AuditTarget
from marketplace.core.errors import NotFound

PAGE = 50


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What to look for; an empty part does not narrow."""

    actor: str = ""
    action: str = ""
    target: str = ""
    text: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One event as a list shows it."""

    seq: int
    at: datetime
    action: str
    actor_kind: str
    actor_name: str
    targets: Sequence[tuple[str, str]]
    outcome: str
    details: dict[str, Any]
    idx: int | None = None


@dataclass(frozen=True, slots=True)
class AuditPage:
    """A page of events, newest first, and where the next begins."""

    rows: Sequence[AuditRow]
    next_before: int | None


@dataclass(frozen=True, slots=True)
class AuditDetail:
    """One event whole: its leaf as stored and what is still disclosed."""

    row: AuditRow
    event_id: str
    leaf: str
    leaf_sha256: str
    disclosures: Sequence[tuple[str, Any, str]]


def search(session: Session, wanted: AuditFilter, *, before: int | None = None) -> AuditPage:
    """Return a page of events that fit every filter, newest first, older than `before`."""
    found = _narrow(_events(), wanted)
    if before is not None:
        found = found.where(AuditEvent.seq < before)
    events = session.execute(found.order_by(AuditEvent.seq.desc()).limit(PAGE + 1)).all()
    shown = events[:PAGE]
    rows = _rows(session, shown)
    return AuditPage(rows, shown[-1][0].seq if len(events) > PAGE else None)


def history(session: Session, *, kind: str, key: str, limit: int = 200) -> Sequence[AuditRow]:
    """Return the events about one thing, newest first."""
    about = select(AuditTarget.seq).where(AuditTarget.type == kind, AuditTarget.id == key)
    found = _events().where(AuditEvent.seq.in_(about)).order_by(AuditEvent.seq.desc()).limit(limit)
    return _rows(session, session.execute(found).all())


def detail(session: Session, seq: int) -> AuditDetail:
    """Return one event whole; raise NotFound."""
    found = session.execute(_events().where(AuditEvent.seq == seq)).one_or_none()
    if found is None:
        raise NotFound
    event: AuditEvent = found[0]
    disclosures = session.scalars(
        select(AuditDisclosure).where(AuditDisclosure.seq == seq).order_by(AuditDisclosure.name)
    )
    return AuditDetail(
        row=_rows(session, [found])[0],
        event_id=str(event.event_id),
        leaf=event.leaf.decode("utf-8"),
        leaf_sha256=hashlib.sha256(event.leaf).hexdigest(),
        disclosures=[(item.name, _disclosed(item.encoded), item.digest) for item in disclosures],
    )


def actions(session: Session) -> Sequence[str]:
    """Return every action in the log, for the filter's list."""
    return session.scalars(select(AuditEvent.action).distinct().order_by(AuditEvent.action)).all()


def _events() -> Select[AuditEvent, AuditSearch]:
    return select(AuditEvent, AuditSearch).outerjoin(AuditSearch, AuditSearch.seq == AuditEvent.seq)


def _narrow(found: Select[AuditEvent, AuditSearch], wanted: AuditFilter) -> Select[AuditEvent, AuditSearch]:
    if wanted.actor:
        found = found.where(AuditSearch.actor_name.icontains(wanted.actor, autoescape=True))
    if wanted.action:
        found = found.where(AuditEvent.action.startswith(wanted.action, autoescape=True))
    if wanted.target:
        kind, _, key = wanted.target.partition(":")
        about = select(AuditTarget.seq).where(AuditTarget.type == kind)
        found = found.where(AuditEvent.seq.in_(about.where(AuditTarget.id == key) if key else about))
    if wanted.text:
        found = found.where(cast(AuditSearch.details, TEXT).icontains(wanted.text, autoescape=True))
    if wanted.since:
        found = found.where(AuditEvent.at >= datetime.combine(wanted.since, time.min, UTC))
    if wanted.until:
        found = found.where(AuditEvent.at < datetime.combine(wanted.until + timedelta(days=1), time.min, UTC))
    return found


def _rows(session: Session, found: Sequence[Any]) -> list[AuditRow]:
    numbers = [event.seq for event, _ in found]
    targets: dict[int, list[tuple[str, str]]] = {}
    for target in session.scalars(select(AuditTarget).where(AuditTarget.seq.in_(numbers))):
        targets.setdefault(target.seq, []).append((target.type, target.id))
    return [_row(event, index, targets.get(event.seq, [])) for event, index in found]


def _row(event: AuditEvent, index: AuditSearch | None, targets: list[tuple[str, str]]) -> AuditRow:
    first = (event.target_type, event.target_id)
    return AuditRow(
        seq=event.seq,
        at=event.at,
        action=event.action,
        actor_kind=index.actor_kind if index else "",
        actor_name=index.actor_name if index else "",
        targets=[first, *(target for target in targets if target != first)],
        outcome=event.outcome,
        details=index.details if index else {},
        idx=event.idx,
    )


def _disclosed(encoded: str | None) -> Any:
    """Return the disclosed value, or None when it was erased."""
    if encoded is None:
        return None
    return json.loads(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))[2]


def count(session: Session) -> int:
    """Return how many events there are."""
    return session.scalar(select(func.count()).select_from(AuditEvent)) or 0
