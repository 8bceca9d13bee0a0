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

import psycopg
from flask import Flask

from marketplace.accounts.models import SignInSession
from marketplace.core import embedded_postgres
from marketplace.core.crypto import digest
from marketplace.http.context import make_uow
from marketplace.http.database import db
from tests import databases
from tests.builders import copies
from tests.builders.lots import published_lot
from tests.live import Live, free_port
from tests.people import buyer

# Enough that nobody reaches the limit of 12 months in one round: a client has every sixteenth to itself.
BUYERS: Final = 256


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
        sha256 = _populate(app, url, lots)
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


def token_of(number: int) -> str:
    """Return the cookie of a copied buyer."""
    return f"buyer-{number}"


def key_of(number: int) -> str:
    """Return the key of the form that buys a copied lot for the first time."""
    return f"first-form-{number:08d}"


def _populate(app: Flask, url: str, lots: int) -> str:
    with app.app_context():
        uow = make_uow()
        lot, version, _amina = published_lot(uow)
        person, row = buyer(uow, "bob", level=3)
        lot_id, version_id, person_id, buyer_id, sha256 = lot.id, version.id, person.id, row.id, version.sha256
        uow.commit()
        copies.copy_lots(url, lot_id=lot_id, version_id=version_id, count=lots)
        copies.copy_buyers(url, user_id=person_id, buyer_id=buyer_id, count=BUYERS)
        for number in range(BUYERS):
            uow.session.add(
                SignInSession(
                    digest=digest(token_of(number)),
                    user_id=copies.copied(copies.PERSON, number),
                    created_at=uow.now,
                    last_seen_at=uow.now,
                    expires_at=uow.now + timedelta(hours=12),
                    address="127.0.0.1",
                    agent="test",
                )
            )
        uow.commit()
    return sha256
