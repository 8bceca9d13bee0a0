"""One database with the seeded world for the whole package; the walk over all its pages."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import func, select

from marketplace.audit.models import AuditEvent
from marketplace.core.clock import SetClock
from marketplace.http.database import db
from tests import databases
from tests.conftest import TODAY
from tests.web.endpoints.walk import Address, fingerprint, real, send, who_may
from tests.web.endpoints.world import STRANGERS, Walker, World, built


@dataclass
class Seen:
    """What somebody was answered."""

    walker: Walker
    address: Address
    status: int
    location: str
    page: str


@dataclass
class Walk:
    """All answers to all GETs, the database before and after, and the actions that the log notes of them."""

    seen: list[Seen]
    before: dict[str, str]
    after: dict[str, str]
    noted: set[str]


@pytest.fixture(scope="package")
def world(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[World]:
    """The seeded world on a database of its own."""
    folder = tmp_path_factory.mktemp("endpoints")
    with databases.copy(f"endpoints_{worker_id}") as url:
        app = databases.application(url, data_dir=folder, clock=SetClock(TODAY))
        logging.getLogger("request").setLevel(logging.WARNING)
        yield built(app)
        with app.app_context():
            db.engine.dispose()


@pytest.fixture(scope="package")
def walk(world: World) -> Walk:
    """Open every page as everybody; of many things of a kind, those without interest in them try one."""
    for walker in world.walkers.values():  # the first use of a token in a day is noted
        world.app.test_client().get("/api/v1/me", headers={"Authorization": f"Bearer {walker.token}"})
    before, seen, routes, newest = fingerprint(world), [], set(), _newest(world)
    for address in real(world, "GET"):
        first, most = address.route.rule not in routes, {who_may(world, address).name, *STRANGERS}
        routes.add(address.route.rule)
        for walker in (each for each in world.walkers.values() if first or each.name in most):
            answer = send(world, walker, address)
            is_text = str(answer.mimetype).startswith(("text", "application"))
            page = answer.data.decode(errors="replace") if is_text else ""  # workbooks and PDFs are no text
            seen.append(Seen(walker, address, answer.status_code, answer.headers.get("Location", ""), page))
    return Walk(seen, before, fingerprint(world), _noted(world, since=newest))


def _newest(world: World) -> int:
    with world.app.app_context():
        return db.session.scalar(select(func.max(AuditEvent.seq))) or 0


def _noted(world: World, *, since: int) -> set[str]:
    with world.app.app_context():
        return set(db.session.scalars(select(AuditEvent.action).where(AuditEvent.seq > since)))
