"""Reads of the audit log for staff: filters, pages by cursor, one event with all that was disclosed."""

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, literal, select, tuple_
from sqlalchemy.orm import Session

from marketplace.audit.models import AuditDisclosure, AuditEvent, AuditSearch, AuditTarget
from marketplace.audit.searching import AuditFilter, has_dates, narrow
from marketplace.core.errors import NotFound

PAGE = 50

__all__ = ["AuditDetail", "AuditFilter", "AuditPage", "AuditRow", "detail", "history", "search", "streamed"]


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One event as a list shows it; of a veiled one the reader may not see the facts yet, so there are none."""

    seq: int
    at: datetime
    action: str
    actor_kind: str
    actor_name: str
    targets: Sequence[tuple[str, str]]
    outcome: str
    details: dict[str, Any]
    idx: int | None = None
    event_id: UUID | None = None
    actor_id: UUID | None = None
    is_veiled: bool = False


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


def search(
    session: Session,
    wanted: AuditFilter,
    *,
    before: int | None = None,
    written_before: int | None = None,
    veil: Select[int] | None = None,
) -> AuditPage:
    """Return a page of events that fit every filter, newest first, behind `before`, of those `written_before`.

    `veil` are the numbers of events whose facts this reader may not see; no words find those.

    Between days the newest is what changed last, otherwise what was written last; the two differ by moments.
    """
    found = narrow(_events(), session, wanted, veil=veil)
    by_time = has_dates(wanted)
    if before is not None:
        found = found.where(_behind(session, before, by_time=by_time))
    if written_before is not None:
        found = found.where(AuditEvent.seq < written_before)
    order = (AuditEvent.at.desc(), AuditEvent.seq.desc()) if by_time else (AuditEvent.seq.desc(),)
    events = session.execute(found.order_by(*order).limit(PAGE + 1)).all()
    shown = events[:PAGE]
    rows = rows_of(session, shown, veil=veil)
    return AuditPage(rows, shown[-1][0].seq if len(events) > PAGE else None)


def _behind(session: Session, before: int, *, by_time: bool) -> ColumnElement[bool]:
    at = session.scalar(select(AuditEvent.at).where(AuditEvent.seq == before)) if by_time else None
    if at is None:
        return AuditEvent.seq < before
    return tuple_(AuditEvent.at, AuditEvent.seq) < tuple_(literal(at), literal(before))


def history(session: Session, *, kind: str, key: str, limit: int = 200) -> Sequence[AuditRow]:
    """Return the events about one thing, newest first."""
    about = select(AuditTarget.seq).where(AuditTarget.type == kind, AuditTarget.id == key)
    found = _events().where(AuditEvent.seq.in_(about)).order_by(AuditEvent.seq.desc()).limit(limit)
    return rows_of(session, session.execute(found).all())


def detail(session: Session, seq: int, *, veil: Select[int] | None = None) -> AuditDetail:
    """Return one event whole, without its facts when it is veiled; raise NotFound."""
    found = session.execute(_events().where(AuditEvent.seq == seq)).one_or_none()
    if found is None:
        raise NotFound
    event: AuditEvent = found[0]
    row = rows_of(session, [found], veil=veil)[0]
    facts = select(AuditDisclosure).where(AuditDisclosure.seq == seq).order_by(AuditDisclosure.name)
    disclosures: Iterable[AuditDisclosure] = [] if row.is_veiled else session.scalars(facts)
    return AuditDetail(
        row=row,
        event_id=str(event.event_id),
        leaf=event.leaf.decode("utf-8"),
        leaf_sha256=hashlib.sha256(event.leaf).hexdigest(),
        disclosures=[(item.name, _disclosed(item.encoded), item.digest) for item in disclosures],
    )


def count_found(session: Session, wanted: AuditFilter, *, most: int, veil: Select[int] | None = None) -> int:
    """Return how many events fit, at most one more than `most`."""
    found = narrow(_events(), session, wanted, veil=veil).with_only_columns(AuditEvent.seq).limit(most + 1)
    return session.scalar(select(func.count()).select_from(found.subquery())) or 0


def after_newest(session: Session) -> int:
    """Return the number before which is everything written until now, and nothing that is written later."""
    return (session.scalar(select(func.max(AuditEvent.seq))) or 0) + 1


def streamed(
    session: Session,
    wanted: AuditFilter,
    *,
    most: int,
    written_before: int | None = None,
    veil: Select[int] | None = None,
) -> Iterator[AuditRow]:
    """Yield what fits of what was `written_before`, newest first, page by page and at most `most`."""
    left, before = most, None
    while left > 0:
        page = search(session, wanted, before=before, written_before=written_before, veil=veil)
        yield from page.rows[:left]
        left -= len(page.rows)
        if page.next_before is None:
            return
        before = page.next_before


def actions(session: Session) -> Sequence[str]:
    """Return every action that the log names."""
    return session.scalars(select(AuditEvent.action).distinct().order_by(AuditEvent.action)).all()


def _events() -> Select[AuditEvent, AuditSearch]:
    return select(AuditEvent, AuditSearch).outerjoin(AuditSearch, AuditSearch.seq == AuditEvent.seq)


def rows_of(session: Session, found: Sequence[Any], *, veil: Select[int] | None = None) -> list[AuditRow]:
    """Return rows of events, each given with its line of the staff index or None, with what they are about."""
    numbers = [event.seq for event, _ in found]
    targets: dict[int, list[tuple[str, str]]] = {}
    for target in session.scalars(select(AuditTarget).where(AuditTarget.seq.in_(numbers))):
        targets.setdefault(target.seq, []).append((target.type, target.id))
    hidden = _hidden(session, numbers, veil)
    rows = [_row(event, index, targets.get(event.seq, [])) for event, index in found]
    return [replace(row, details={}, is_veiled=True) if row.seq in hidden else row for row in rows]


def _hidden(session: Session, numbers: Sequence[int], veil: Select[int] | None) -> frozenset[int]:
    if veil is None or not numbers:
        return frozenset()
    found = select(AuditEvent.seq).where(AuditEvent.seq.in_(numbers), AuditEvent.seq.in_(veil))
    return frozenset(session.scalars(found))


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
        event_id=event.event_id,
        actor_id=index.actor_id if index else None,
    )


def _disclosed(encoded: str | None) -> Any:
    """Return the disclosed value, or None when it was erased."""
    if encoded is None:
        return None
    return json.loads(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))[2]


def count(session: Session) -> int:
    """Return how many events there are."""
    return session.scalar(select(func.count()).select_from(AuditEvent)) or 0
