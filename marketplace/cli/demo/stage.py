"""The stage on which history is played again: people act through the services, and their jobs run at once."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any, NamedTuple
from uuid import UUID

from flask import Flask
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.accounts.queries import actor_of_user
from marketplace.cli.demo.album import Album
from marketplace.cli.demo.scenario import LotPlan, Row, Scenario
from marketplace.core.clock import SetClock
from marketplace.core.storage import FileStore
from marketplace.http.context import file_store, make_uow
from marketplace.http.database import db
from marketplace.jobs.app import queue
from marketplace.jobs.tasks import import_tasks
from marketplace.unit_of_work import UnitOfWork, running


class Job(NamedTuple):
    """A job that waits for the end of the act that asked for it."""

    task: str
    arguments: Mapping[str, object]
    lock: str | None


class Act(NamedTuple):
    """Something that happened at a moment; `order` keeps acts of one moment as they were written."""

    at: datetime
    order: int
    do: Callable[["Stage"], None]


@dataclass
class Stage:
    """Who and what is on the stage, by the keys of the scenario."""

    scenario: Scenario
    seed: int
    clock: SetClock
    album: Album
    people: dict[str, UUID] = field(default_factory=dict)
    buyers: dict[str, UUID] = field(default_factory=dict)
    cooperatives: dict[str, UUID] = field(default_factory=dict)
    sites: dict[str, str] = field(default_factory=dict)
    lots: dict[str, UUID] = field(default_factory=dict)
    orders: dict[str, UUID] = field(default_factory=dict)
    payouts: dict[str, UUID] = field(default_factory=dict)
    _waiting: list[Job] = field(default_factory=list)

    def chance(self, name: str) -> Random:
        """Return a source of chance of its own for one thing: equal for equal seeds."""
        return Random(f"{self.seed} {name}")  # noqa: S311 - a play, not a secret

    def reviewer_of(self, plan: LotPlan) -> str:
        """Return the moderator who decides about a lot."""
        return self.scenario.moderators_of(plan.cooperative)[1]

    def writer_of(self, plan: LotPlan) -> str:
        """Return the officer who lists a lot: mostly the secretary."""
        writers = [
            row["key"]
            for row in self.scenario.officers
            if row["cooperative"] == plan.cooperative and row["role"] != "viewer"
        ]
        return writers[1 if int(plan.key) % 5 == 0 else 0]

    def row_of_buyer(self, key: str) -> Row:
        """Return a buyer's row of the scenario."""
        return next(row for row in self.scenario.buyers if row["key"] == key)

    @property
    def store(self) -> FileStore:
        """Return where photos are kept."""
        return file_store()

    @contextmanager
    def acting(self, person: str) -> Iterator[UnitOfWork]:
        """Run a block as a person does, in one transaction; then the jobs it asked for."""
        with self.working() as uow:
            user = uow.session.get_one(User, self.people[person])
            yield uow.acting_as(actor_of_user(uow.session, user))

    @contextmanager
    def working(self) -> Iterator[UnitOfWork]:
        """Run a block as the system does; then the jobs it asked for."""
        before = len(self._waiting)
        try:
            with running(make_uow) as uow:
                yield uow
        except BaseException:
            del self._waiting[before:]
            raise
        self.run_jobs()

    def run_task(self, name: str, **arguments: object) -> None:
        """Run one of the worker's tasks now, and the jobs it asks for."""
        queue.tasks[name].func(**arguments)
        self.run_jobs()

    def run_jobs(self) -> None:
        """Do what was asked for, and what that asks for, as the worker would."""
        while self._waiting:
            job = self._waiting.pop(0)
            queue.tasks[job.task].func(**job.arguments)

    def enqueue(
        self, _session: Session, task: str, arguments: Mapping[str, object], *, queueing_lock: str | None
    ) -> None:
        """Take a job as the queue would: a second waiting one under the same lock is dropped."""
        if queueing_lock is not None and any(job.lock == queueing_lock for job in self._waiting):
            return
        self._waiting.append(Job(task, json.loads(json.dumps(arguments, default=str)), queueing_lock))


@contextmanager
def set_up(app: Flask, stage: Stage) -> Iterator[None]:
    """Put the stage's clock and queue into the application for the time of the play."""
    import_tasks()
    _hurry(db.engine)
    before: dict[str, Any] = {name: app.extensions[name] for name in ("clock", "enqueue")}
    app.extensions.update(clock=stage.clock, enqueue=stage.enqueue)
    try:
        yield
    finally:
        app.extensions.update(before)


def _hurry(engine: Engine) -> None:
    """Let each new connection commit without waiting for the disk: a loading broken off begins again anyway."""

    @event.listens_for(engine, "connect")
    def _do_not_wait(connection: Any, _record: object) -> None:
        before, connection.autocommit = connection.autocommit, True
        connection.execute("SET synchronous_commit TO off")
        connection.autocommit = before

    engine.dispose()
