"""The sandbox's own state in one SQLite file: it outlives a restart and a killed process."""

from __future__ import annotations

import json
import secrets
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TypeAlias

from marketplace.sandbox.refusals import not_found

Body: TypeAlias = dict[str, Any]
# How many seconds money that came in stays pending; the control page sets it.
SETTLES_AFTER: Final = "settles_after_seconds"
_TWO_DAYS: Final = 2 * 24 * 60 * 60

_SCHEMA = """
CREATE TABLE IF NOT EXISTS object (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
    created INTEGER NOT NULL, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS object_by_kind ON object (kind, seq);
CREATE TABLE IF NOT EXISTS idempotency (
    key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, request_id TEXT NOT NULL, created INTEGER NOT NULL,
    status INTEGER, body TEXT);
CREATE TABLE IF NOT EXISTS delivery (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, event_id TEXT NOT NULL, state TEXT NOT NULL, due REAL NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0, last_answer TEXT);
CREATE INDEX IF NOT EXISTS delivery_by_due ON delivery (state, due);
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
"""


class Store:
    """One connection behind one lock: every change is serial, so the sandbox always answers the same way."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=NORMAL")
        self._connection.executescript(_SCHEMA)
        # Work and its remembered answer commit together, so a key left open means that nothing happened.
        self._connection.execute("DELETE FROM idempotency WHERE status IS NULL")

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Give a transaction that commits on return and rolls back on raise."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield Transaction(self._connection)
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()


class Transaction:
    """What may be read and changed inside one transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.execute = connection.execute

    def now(self) -> int:
        """Return the sandbox's time in seconds: the wall clock plus what the control page added."""
        return int(time.time()) + self.setting("clock_offset")

    def setting(self, name: str, default: int = 0) -> int:
        """Return a setting, or what it is before it was ever set."""
        row = self.execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
        return int(row["value"]) if row else default

    def settled_on(self) -> int:
        """Return when money that comes in now becomes available."""
        return self.now() + self.setting(SETTLES_AFTER, _TWO_DAYS)

    def set(self, name: str, value: int) -> None:
        """Keep a setting."""
        self.execute("INSERT INTO setting VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = ?2", (name, value))

    def add(self, body: Body) -> Body:
        """Keep a new object; it needs `id`, `object` and `created`."""
        self.execute(
            "INSERT INTO object (id, kind, created, body) VALUES (?, ?, ?, ?)",
            (body["id"], body["object"], body["created"], json.dumps(body)),
        )
        return body

    def save(self, body: Body) -> Body:
        """Keep the changed form of an object."""
        self.execute("UPDATE object SET body = ? WHERE id = ?", (json.dumps(body), body["id"]))
        return body

    def find(self, kind: str, object_id: str) -> Body:
        """Return an object of a kind, or refuse as Stripe does."""
        row = self.execute("SELECT body FROM object WHERE id = ? AND kind = ?", (object_id, kind)).fetchone()
        if row is None:
            raise not_found(kind, object_id)
        return _body(row)

    def find_any(self, object_id: str) -> Body | None:
        """Return an object of whatever kind, if there is one."""
        row = self.execute("SELECT body FROM object WHERE id = ?", (object_id,)).fetchone()
        return _body(row) if row else None

    def all_of(self, kind: str) -> list[Body]:
        """Return every object of a kind, the newest first."""
        rows = self.execute("SELECT body FROM object WHERE kind = ? ORDER BY seq DESC", (kind,))
        return [_body(row) for row in rows]


def _body(row: sqlite3.Row) -> Body:
    body: Body = json.loads(row["body"])
    return body


def new_id(prefix: str) -> str:
    """Return an id nobody can guess and no other state file repeats."""
    return f"{prefix}_{secrets.token_hex(12)}"
