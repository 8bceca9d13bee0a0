"""The world before the first move: cooperatives with lots on sale and checked accounts, buyers, staff. Built once."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from flask import Flask
from sqlalchemy import event

from marketplace.accounts.models import User
from marketplace.core.actor import Actor, MemberRole, StaffRole
from marketplace.http.context import make_uow
from marketplace.http.database import db
from marketplace.payments import destinations
from marketplace.payments.destination_details import read_details
from marketplace.unit_of_work import UnitOfWork
from tests import databases
from tests.builders.lots import STONE, Steps, published_lot, seller
from tests.builders.payments import BANK, MOBILE
from tests.conftest import TODAY
from tests.people import actor, buyer, member, person
from tests.simulation.clock import SimulatedClock, decided_by
from tests.simulation.database import Database

SMALL = ("930", "450")
# Above the threshold from which two people decide.
LARGE = ("6000",)
BEGINNING: Final = "beginning"
BEFORE_ALL_SEEDS: Final = -1_000
COOPERATIVES: Final = (("mobile", MOBILE), ("bank", BANK))


@dataclass(frozen=True)
class Offered:
    """A lot on sale."""

    id: UUID
    reference: str
    sha256: str
    weight_mg: int


@dataclass
class World:
    """Who can act, and on what."""

    app: Flask
    clock: SimulatedClock
    database: Database
    buyers: dict[str, Actor] = field(default_factory=dict)
    members: dict[str, Actor] = field(default_factory=dict)
    staff: dict[str, Actor] = field(default_factory=dict)
    lots: list[Offered] = field(default_factory=list)

    @property
    def people(self) -> dict[str, Actor]:
        """Everybody with a name."""
        return {**self.buyers, **self.members, **self.staff}


@contextmanager
def built(name: str, files: Path) -> Iterator[World]:
    """Yield a world on a database of its own."""
    with databases.copy(name) as url:
        clock = SimulatedClock(TODAY)
        app = databases.application(url, data_dir=files, clock=clock, LOG_LEVEL="ERROR")
        _hasten(app)
        world = World(app, clock, Database(url))
        try:
            # The same ids and references in every world: a seed tells the same story in every process.
            with app.app_context(), decided_by(BEFORE_ALL_SEEDS, clock):
                uow = make_uow()
                _populate(world, uow)
                uow.commit()
                uow.session.close()
            world.database.run("DELETE FROM procrastinate_jobs")
            world.database.keep(BEGINNING)
            yield world
        finally:
            world.database.close()
            with app.app_context():
                db.engine.dispose()


def _hasten(app: Flask) -> None:
    """Let the database prepare each statement at its first use and keep it: every seed sends the same."""
    with app.app_context():
        engine = db.engine

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        connection.prepare_threshold, connection.prepared_max = 0, 1_000

    engine.dispose()


def _populate(world: World, uow: UnitOfWork) -> None:
    for name in ("bob", "charlie", "dora"):
        world.buyers[name] = actor(uow.session, buyer(uow, name, level=3)[0])
    for name, role in (
        ("zawadi", StaffRole.MODERATOR),
        ("juma", StaffRole.MODERATOR),
        ("rose", StaffRole.MODERATOR),
        ("vera", StaffRole.VERIFIER),
    ):
        world.staff[name] = actor(uow.session, person(uow, name, role))
    for name in ("frida", "grace", "victor"):
        world.staff[name] = actor(uow.session, person(uow, name, StaffRole.FINANCE))
    number = 0
    for place, (name, form) in enumerate(COOPERATIVES):
        site, secretary = seller(uow)
        world.members[f"secretary of {name}"] = actor(uow.session, secretary)
        signatory = member(uow, f"signatory of {name}", site.cooperative_id, role=MemberRole.SIGNATORY)
        world.members[signatory.name] = actor(uow.session, signatory)
        _give_account(world, uow, signatory, form)
        for price in (*SMALL[place:], *LARGE):
            number += 1
            lot, version, _ = published_lot(uow, of=(site, secretary), steps=_priced(price), number=number)
            world.lots.append(Offered(lot.id, lot.reference, version.sha256, version.content["weight_mg"]))


def _priced(price: str) -> Steps:
    return MappingProxyType({**STONE, "price": {**STONE["price"], "wanted": price}})


def _give_account(world: World, uow: UnitOfWork, signatory: User, form: dict[str, str]) -> None:
    by_signatory = uow.acting_as(actor(uow.session, signatory))
    destination = destinations.enter(
        by_signatory,
        cooperative_id=next(iter(by_signatory.actor.memberships)),
        details=read_details(form),
        currency="USD",
    )
    destination.usable_from -= timedelta(days=3)
    uow.session.flush()
    destinations.verify(uow.acting_as(world.staff["victor"]), destination=destination)
