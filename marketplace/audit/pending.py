"""Entries that wait for the end of their transaction, where one statement writes them all.

An entry has ten rows and more: written one by one they would be most of a transaction's statements. Whoever reads
the log inside the transaction finds them all the same: they are written before a statement that names its tables.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID
from weakref import WeakKeyDictionary, ref

from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session, SessionTransaction

from marketplace.audit.leaf import Disclosure, Target

_PENDING: Final = "audit_pending"
_SESSIONS: Final = "audit_sessions"
_TABLES: Final = "audit_"
# Values travel as JSON: the driver would quote every element of an array on its own, the encoder writes all at once.
_WRITE: Final = """
WITH entry AS (
  INSERT INTO audit_event (event_id, at, action, target_type, target_id, outcome, leaf)
  SELECT event_id, at, action, target_type, target_id, outcome, convert_to(leaf, 'UTF8')
  FROM json_to_recordset(%(entries)s::json) AS one (
    event_id uuid, at timestamptz, action text, target_type text, target_id text, outcome text, leaf text
  )
  RETURNING seq, event_id
), target AS (
  INSERT INTO audit_target (seq, type, id)
  SELECT entry.seq, one.type, one.id
  FROM json_to_recordset(%(targets)s::json) AS one (event_id uuid, type text, id text) JOIN entry USING (event_id)
), disclosure AS (
  INSERT INTO audit_disclosure (seq, name, digest, encoded)
  SELECT entry.seq, one.name, one.digest, one.encoded
  FROM json_to_recordset(%(disclosures)s::json) AS one (event_id uuid, name text, digest text, encoded text)
  JOIN entry USING (event_id)
)
INSERT INTO audit_search (seq, actor_kind, actor_id, actor_name, address, request_id, details)
SELECT entry.seq, one.actor_kind, one.actor_id, one.actor_name, one.address, one.request_id, one.details::jsonb
FROM json_to_recordset(%(search)s::json) AS one (
  event_id uuid, actor_kind text, actor_id uuid, actor_name text, address text, request_id text, details text
) JOIN entry USING (event_id)
"""
_JSON: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


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
    (connection or session.connection()).exec_driver_sql(_WRITE, _documents(waiting))


def _pending_of(session: Session) -> _Pending:
    pending: _Pending = session.info.setdefault(_PENDING, _Pending())
    return pending


def _documents(entries: Sequence[Entry]) -> dict[str, str]:
    documents: dict[str, list[dict[str, str | None]]] = {"entries": [], "targets": [], "disclosures": [], "search": []}
    for entry in entries:
        event_id, first = str(entry.event_id), entry.targets[0]
        documents["entries"].append(
            {
                "event_id": event_id,
                "at": entry.at.isoformat(),
                "action": entry.action,
                "target_type": first.type,
                "target_id": first.id,
                "outcome": entry.outcome,
                "leaf": entry.leaf.decode("utf-8"),
            }
        )
        documents["search"].append(
            {
                "event_id": event_id,
                "actor_kind": entry.actor_kind,
                "actor_id": str(entry.actor_id) if entry.actor_id is not None else None,
                "actor_name": entry.actor_name,
                "address": entry.address,
                "request_id": entry.request_id,
                "details": entry.details,
            }
        )
        for target in dict.fromkeys(entry.targets):
            documents["targets"].append({"event_id": event_id, "type": target.type, "id": target.id})
        for item in entry.disclosures:
            documents["disclosures"].append(
                {"event_id": event_id, "name": item.name, "digest": item.digest, "encoded": item.encoded}
            )
    return {name: _JSON.encode(rows) for name, rows in documents.items()}


@event.listens_for(Session, "after_begin")
def _remember_session(session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    # `info` lives as long as the driver's connection, which another session takes from the pool when this one ended;
    # the object that stands for it is new each time, and tells whose it is now.
    connection.info.setdefault(_SESSIONS, WeakKeyDictionary())[session] = ref(connection)


@event.listens_for(Engine, "before_cursor_execute")
def _write_before_reading(
    connection: Connection, _cursor: object, statement: str, _parameters: object, _context: object, _many: object
) -> None:
    if _TABLES in statement:
        for session, used in tuple(connection.info.get(_SESSIONS, {}).items()):
            if used() is connection and _PENDING in session.info and session.in_transaction():
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
