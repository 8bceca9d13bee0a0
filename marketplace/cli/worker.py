"""`flask --app wsgi worker`: do what pages and deadlines asked for, until told to stop."""

from typing import Any, Final

import click
import psycopg
from flask import current_app
from flask.cli import with_appcontext
from procrastinate import PsycopgConnector

from config.settings import Settings
from marketplace.http.context import make_uow, settings
from marketplace.http.database import TAKE_ROLE
from marketplace.jobs.app import queue
from marketplace.jobs.sequencer import sequencing
from marketplace.jobs.tasks import AT_START, import_tasks
from marketplace.jobs.tasks.queue import HEARTBEAT_SECONDS
from marketplace.unit_of_work import running

# Two at a time: one slow letter must not keep a payment waiting.
CONCURRENCY: Final = 2
# The worker looks for jobs itself: a transaction that notifies it would let no other one commit meanwhile.
LOOK_EVERY_SECONDS: Final = 0.2
# The machine's supervisor waits a little longer than this before it kills.
GRACE_SECONDS: Final = 8


@click.command("worker")
@with_appcontext
def group() -> None:
    """Run the background worker."""
    import_tasks()
    with running(make_uow) as uow:
        for name in AT_START:
            uow.defer(name, queueing_lock=name)
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - a thread needs the application itself
    with sequencing(app), queue.replace_connector(_connector(settings())):
        queue.run_worker(
            concurrency=CONCURRENCY,
            name="worker",
            delete_jobs="successful",
            listen_notify=False,
            fetch_job_polling_interval=LOOK_EVERY_SECONDS,
            shutdown_graceful_timeout=GRACE_SECONDS,
            update_heartbeat_interval=HEARTBEAT_SECONDS,
        )


def _connector(chosen: Settings) -> PsycopgConnector:
    return PsycopgConnector(
        conninfo=chosen.database_url.replace("+psycopg", "", 1),
        configure=_take_role,
        kwargs={"connect_timeout": 5},
        min_size=1,
        max_size=4,
    )


async def _take_role(connection: psycopg.AsyncConnection[Any]) -> None:
    await connection.set_autocommit(True)
    await connection.execute(TAKE_ROLE)
