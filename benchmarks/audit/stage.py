"""A database of its own with as many entries as a measurement needs, written past the application."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import psycopg
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from marketplace.audit.leaf import Change, Target
from marketplace.audit.log import append
from marketplace.audit.models import AuditEvent
from marketplace.audit.tlog.merkle import GrowingTree, leaf_hash
from marketplace.core import embedded_postgres
from marketplace.core.actor import SYSTEM, RequestContext
from tests import databases

# Entries beside a real leaf, of its length: only the identifiers differ. They carry no disclosures.
_FILL: Final = """
INSERT INTO audit_event (event_id, at, action, target_type, target_id, outcome, leaf, idx)
SELECT id, TIMESTAMPTZ '2026-09-29 09:00:00Z', 'bench.write', 'test', '0', 'ok',
       convert_to(replace(%(leaf)s, %(id)s, id::text), 'UTF8'), %(first)s + number
FROM (SELECT number, gen_random_uuid() AS id FROM generate_series(0, %(count)s::bigint - 1) AS number) AS made
"""


@contextmanager
def staged() -> Iterator[tuple[str, Callable[[], Session]]]:
    """Yield the address of a migrated database on a durable server of its own, and a maker of sessions."""
    with TemporaryDirectory(prefix="bench-audit-") as folder:
        server = Path(folder)
        url = embedded_postgres.start(server)
        try:
            databases.migrate(url)
            engine = create_engine(url)
            yield url, lambda: Session(engine)
            engine.dispose()
        finally:
            embedded_postgres.stop(server)


def fill(url: str, session: Session, *, count: int, first: int | None) -> None:
    """Write entries from place `first` on, or without a place, and the nodes of their tree when they begin it."""
    if session.query(AuditEvent).count() == 0:
        change = Change(datetime(2026, 9, 29, 9, tzinfo=UTC), "bench.write", [Target("test", "0")], "ok", {}, {"a": 1})
        append(session, change, actor=SYSTEM, context=RequestContext("request", "127.0.0.1"))
        session.flush()
    sample = session.query(AuditEvent).order_by(AuditEvent.seq).first()
    assert sample is not None
    leaf, event_id = sample.leaf.decode("utf-8"), str(sample.event_id)
    session.rollback()
    with psycopg.connect(url.replace("+psycopg", "", 1), autocommit=True) as connection:
        connection.execute(_FILL, {"leaf": leaf, "id": event_id, "count": count, "first": first})
        if first == 0:
            _copy_nodes(connection, count)
        connection.execute("VACUUM ANALYZE audit_event, audit_node")


def _copy_nodes(connection: psycopg.Connection[tuple[object, ...]], count: int) -> None:
    tree = GrowingTree()
    for begin in range(0, count, 50_000):
        rows = connection.execute(
            "SELECT leaf FROM audit_event WHERE idx >= %s AND idx < %s ORDER BY idx",
            (begin, begin + 50_000),
            binary=True,
        ).fetchall()
        with connection.cursor().copy("COPY audit_node (level, idx, hash) FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types(["int2", "int8", "bytea"])
            for (leaf,) in rows:
                for node in tree.add(leaf_hash(leaf)):  # type: ignore[arg-type]
                    copy.write_row(node)
