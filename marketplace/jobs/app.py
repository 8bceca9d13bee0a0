"""The job queue: procrastinate in our own PostgreSQL, jobs inserted inside the transaction that decided them."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

import procrastinate
from flask import Flask
from procrastinate.exceptions import AlreadyEnqueued
from sqlalchemy.orm import Session

from marketplace.core.actor import SYSTEM, Actor
from marketplace.http.context import make_uow
from marketplace.unit_of_work import running

queue = procrastinate.App(connector=procrastinate.SyncPsycopgConnector())
# Inside the worker `queue` has an asynchronous connector, which cannot use a session's connection; this one can.
_inserter = procrastinate.App(connector=procrastinate.SyncPsycopgConnector())
_flask_app: list[Flask] = []


def bind(app: Flask) -> None:
    """Tell the tasks which application they run for."""
    _flask_app[:] = [app]


def enqueue(session: Session, task: str, arguments: Mapping[str, object], *, queueing_lock: str | None) -> None:
    """Insert a job on the session's own connection: a rollback leaves none."""
    if queueing_lock is None:
        _defer(session, task, arguments, None)
        return
    try:
        with session.begin_nested():  # inside it, so that the savepoint is there before the driver's own statement
            _defer(session, task, arguments, queueing_lock)
    except AlreadyEnqueued:
        return  # one waiting job under this lock is enough


def _defer(session: Session, task: str, arguments: Mapping[str, object], queueing_lock: str | None) -> None:
    connection = session.connection().connection.driver_connection
    known = queue.tasks.get(task)
    deferrer = _inserter.configure_task(
        task, connection=connection, queueing_lock=queueing_lock, lock=known.lock if known else None
    )
    deferrer.defer(**_json(arguments))


def work(actor: Actor = SYSTEM) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a task function a unit of work as its first argument and commit when it returns."""

    def decorate(function: Callable[..., None]) -> Callable[..., None]:
        @wraps(function)
        def run(**arguments: Any) -> None:
            with _flask_app[0].app_context(), running(lambda: make_uow(actor)) as uow:
                function(uow, **arguments)

        return run

    return decorate


def each_its_own(function: Callable[..., None]) -> Callable[..., None]:
    """Give a task function a maker of units of work, for work that commits step by step."""

    @wraps(function)
    def run(**arguments: Any) -> None:
        with _flask_app[0].app_context():
            function(make_uow, **arguments)

    return run


def _json(arguments: Mapping[str, object]) -> dict[str, Any]:
    return {name: value if isinstance(value, int | list | dict) else str(value) for name, value in arguments.items()}
