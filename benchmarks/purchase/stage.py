"""A program in real processes on a durable server of its own, with as many lots and buyers as a measurement needs.

One lot and one buyer are made through the services; the others are copies of their rows under ids that a number gives,
so that pgbench can work out the same ids without asking.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

import psycopg
from flask import Flask

from marketplace.accounts.models import SignInSession
from marketplace.core import embedded_postgres
from marketplace.core.crypto import digest
from marketplace.http.context import make_uow
from marketplace.http.database import db
from tests import databases
from tests.builders.lots import published_lot
from tests.live import Live, free_port
from tests.people import buyer

BUYERS: Final = 64
# Copies have ids of these beginnings; what follows is their number in hexadecimal digits.
LOT: Final = "10000000-0000-7000-8000-"
VERSION: Final = "20000000-0000-7000-8000-"
PERSON: Final = "30000000-0000-7000-8000-"
BUYER: Final = "40000000-0000-7000-8000-"

_COPY: Final = """
    INSERT INTO {table} ({columns}) SELECT {copied} FROM {table} AS one, generate_series(0, %(count)s - 1) AS n,
    jsonb_populate_record(one, jsonb_build_object({changes})) AS two WHERE one.{key} = %(id)s
"""
_COLUMNS: Final = """
    SELECT column_name FROM information_schema.columns
    WHERE table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position
"""


@dataclass(frozen=True, slots=True)
class Stage:
    """The program and its server."""

    live: Live
    app: Flask
    server: Path
    sha256: str

    def administer(self) -> psycopg.Connection[tuple[object, ...]]:
        """Return a connection of the server's superuser to the program's database."""
        return psycopg.connect(
            host=str(embedded_postgres.socket_directory(self.server)), user="postgres", dbname="marketplace",
            autocommit=True,
        )  # fmt: skip


@contextmanager
def staged(folder: Path, *, lots: int, **extra: str) -> Iterator[Stage]:
    """Yield the program with its sandbox and web server running; stop everything afterwards."""
    server = folder / "server"
    url = embedded_postgres.start(server)
    live = Live(url, folder, free_port(), free_port(), extra)
    try:
        databases.migrate(url)
        app = live.app()
        sha256 = _populate(app, server, lots)
        live.start_sandbox()
        live.start_web()
        yield Stage(live, app, server, sha256)
    finally:
        for part in list(live.processes):
            live.kill(part)
        for app in live.apps:
            with app.app_context():
                db.engine.dispose()
        embedded_postgres.stop(server)


def hexadecimal(beginning: str, number: int) -> UUID:
    """Return the id of a copy."""
    return UUID(f"{beginning}{number:012x}")


def reference_of(number: int) -> str:
    """Return the reference of a copied lot."""
    return f"TZ-{number:08d}"


def token_of(number: int) -> str:
    """Return the cookie of a copied buyer."""
    return f"buyer-{number}"


def key_of(number: int) -> str:
    """Return the key of the form that buys a copied lot for the first time."""
    return f"first-form-{number:08d}"


def _populate(app: Flask, server: Path, lots: int) -> str:
    with app.app_context():
        uow = make_uow()
        lot, version, _amina = published_lot(uow)
        person, row = buyer(uow, "bob", level=3)
        ids = (lot.id, version.id, person.id, row.id)
        sha256 = version.sha256
        uow.commit()
        _copy_rows(server, ids, lots)
        for number in range(BUYERS):
            uow.session.add(
                SignInSession(
                    digest=digest(token_of(number)),
                    user_id=hexadecimal(PERSON, number),
                    created_at=uow.now,
                    last_seen_at=uow.now,
                    expires_at=uow.now + timedelta(hours=12),
                    address="127.0.0.1",
                    agent="test",
                )
            )
        uow.commit()
    return sha256


def _copy_rows(server: Path, ids: tuple[UUID, UUID, UUID, UUID], lots: int) -> None:
    lot, version, person, row = ids
    number = "lpad(to_hex(n), 12, '0')"
    reference = "'reference', 'TZ-' || lpad(n::text, 8, '0')"
    published = f"'{VERSION}' || {number}"
    kinds = (
        ("lot", "id", lot, lots,
         f"'id', '{LOT}' || {number}, {reference}, 'published_version_id', {published}, 'tag_number', NULL"),
        ("lot_version", "id", version, lots, f"'id', {published}, 'lot_id', '{LOT}' || {number}"),
        ("lot_listing", "lot_id", lot, lots, f"'lot_id', '{LOT}' || {number}, {reference}, 'version_id', {published}"),
        ("user_account", "id", person, BUYERS,
         f"'id', '{PERSON}' || {number}, 'email', 'bob' || n || '@example.org'"),
        ("buyer", "id", row, BUYERS, f"'id', '{BUYER}' || {number}, 'user_id', '{PERSON}' || {number}"),
    )  # fmt: skip
    socket = str(embedded_postgres.socket_directory(server))
    with psycopg.connect(host=socket, user="postgres", dbname="marketplace") as admin:
        # A lot and its version name one another; without triggers the order does not matter.
        admin.execute("SET session_replication_role = replica")
        for table, key, source, count, changes in kinds:
            names = [str(name) for (name,) in admin.execute(_COLUMNS, (table,))]
            copy = _COPY.format(
                table=table, key=key, changes=changes, columns=", ".join(names),
                copied=", ".join(f"two.{name}" for name in names),
            )  # fmt: skip
            admin.execute(copy, {"count": count, "id": source})
        admin.execute("ANALYZE")
