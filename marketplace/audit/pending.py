"""Entries that wait for the end of their transaction, where one statement writes them all.

A purchase makes six entries of ten rows each: written one by one they would be most of its statements. Whoever reads
the log inside the transaction finds them all the same: they are written before a statement that names its tables.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID
from weakref import WeakSet

from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session, SessionTransaction

from marketplace.audit.leaf import Disclosure, Target

_PENDING: Final = "audit_pending"
_SESSIONS: Final = "audit_sessions"
_TABLES: Final = "audit_"
_WRITE: Final = """
WITH entry AS (
  INSERT INTO audit_event (event_id, at, action, target_type, target_id, outcome, leaf)
  SELECT * FROM unnest(%(event_id)s::uuid[], %(at)s::timestamptz[], %(action)s::text[], %(target_type)s::text[],
                       %(target_id)s::text[], %(outcome)s::text[], %(leaf)s::bytea[])
  RETURNING seq, event_id
), target AS (
  INSERT INTO audit_target (seq, type, id)
  SELECT entry.seq, one.type, one.id
  FROM unnest(%(of_target)s::uuid[], %(type)s::text[], %(id)s::text[]) AS one (event_id, type, id)
  JOIN entry USING (event_id)
), disclosure AS (
  INSERT INTO audit_disclosure (seq, name, digest, encoded)
  SELECT entry.seq, one.name, one.digest, one.encoded
  FROM unnest(%(of_disclosure)s::uuid[], %(name)s::text[], %(digest)s::text[], %(encoded)s::text[])
       AS one (event_id, name, digest, encoded)
  JOIN entry USING (event_id)
)
INSERT INTO audit_search (seq, actor_kind, actor_id, actor_name, address, request_id, details)
SELECT entry.seq, one.actor_kind, one.actor_id, one.actor_name, one.address, one.request_id, one.details::jsonb
FROM unnest(%(event_id)s::uuid[], %(actor_kind)s::text[], %(actor_id)s::uuid[], %(actor_name)s::text[],
            %(address)s::text[], %(request_id)s::text[], %(details)s::text[])
     AS one (event_id, actor_kind, actor_id, actor_name, address, request_id, details)
JOIN entry USING (event_id)
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry with everything that is stored of it; `details` is JSON."""

    event_id: UUID
    at: datetime
    action: str
    targets: Sequence[Target]
    outcome: str
    leaf: bytes
    disclosures: Sequence[Disclosure]
    actor_kind: str
    actor_id: UUID | None
    actor_name: str
    address: str
    request_id: str
    details: str


@dataclass(slots=True)
class _Pending:
    """The entries of one transaction: the first `written` are in the database; a savepoint notes where it began."""

    entries: list[Entry] = field(default_factory=list)
    written: int = 0
    marks: dict[int, tuple[int, int]] = field(default_factory=dict)


def add(session: Session, entry: Entry) -> None:
    """Let an entry wait for the end of the session's transaction."""
    _pending_of(session).entries.append(entry)


def write(session: Session, connection: Connection | None = None) -> None:
    """Write the entries that wait."""
    pending = session.info.get(_PENDING)
    if pending is None or pending.written == len(pending.entries):
        return
    waiting = pending.entries[pending.written :]
    pending.written = len(pending.entries)
    (connection or session.connection()).exec_driver_sql(_WRITE, _columns(waiting))


def _pending_of(session: Session) -> _Pending:
    pending: _Pending = session.info.setdefault(_PENDING, _Pending())
    return pending


def _columns(entries: Sequence[Entry]) -> dict[str, list[Any]]:
    def of(value: Callable[[Entry], Any]) -> list[Any]:
        return [value(entry) for entry in entries]

    targets = [(entry.event_id, target) for entry in entries for target in dict.fromkeys(entry.targets)]
    disclosures = [(entry.event_id, item) for entry in entries for item in entry.disclosures]
    return {
        "event_id": of(lambda entry: entry.event_id),
        "at": of(lambda entry: entry.at),
        "action": of(lambda entry: entry.action),
        "target_type": of(lambda entry: entry.targets[0].type),
        "target_id": of(lambda entry: entry.targets[0].id),
        "outcome": of(lambda entry: entry.outcome),
        "leaf": of(lambda entry: entry.leaf),
        "actor_kind": of(lambda entry: entry.actor_kind),
        "actor_id": of(lambda entry: entry.actor_id),
        "actor_name": of(lambda entry: entry.actor_name),
        "address": of(lambda entry: entry.address),
        "request_id": of(lambda entry: entry.request_id),
        "details": of(lambda entry: entry.details),
        "of_target": [event_id for event_id, _ in targets],
        "type": [target.type for _, target in targets],
        "id": [target.id for _, target in targets],
        "of_disclosure": [event_id for event_id, _ in disclosures],
        "name": [item.name for _, item in disclosures],
        "digest": [item.digest for _, item in disclosures],
        "encoded": [item.encoded for _, item in disclosures],
    }


@event.listens_for(Session, "after_begin")
def _remember_session(session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    connection.info.setdefault(_SESSIONS, WeakSet()).add(session)


@event.listens_for(Engine, "before_cursor_execute")
def _write_before_reading(
    connection: Connection, _cursor: object, statement: str, _parameters: object, _context: object, _many: object
) -> None:
    if _TABLES in statement:
        for session in tuple(connection.info.get(_SESSIONS, ())):
            if _PENDING in session.info and session.in_transaction():
                write(session, connection)


@event.listens_for(Session, "before_commit")
def _write_before_commit(session: Session) -> None:
    if not session.in_nested_transaction():  # a savepoint's end is no commit
        write(session)


@event.listens_for(Session, "after_transaction_create")
def _mark(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        pending = _pending_of(session)
        pending.marks[id(transaction)] = (len(pending.entries), pending.written)


@event.listens_for(Session, "after_soft_rollback")
def _forget_the_undone(session: Session, transaction: SessionTransaction) -> None:
    """Drop the entries made since a savepoint that was undone; those before it wait again if it took them along."""
    pending = session.info.get(_PENDING)
    if pending is not None and transaction.nested and id(transaction) in pending.marks:
        length, written = pending.marks[id(transaction)]
        del pending.entries[length:]
        pending.written = min(written, length)


@event.listens_for(Session, "after_transaction_end")
def _forget(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:  # a savepoint's end comes before the news that it was rolled back
        session.info.pop(_PENDING, None)
