"""The worker as a process: it does what was asked, takes over from a dead one, and stops when told."""

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.live import Live, prepared

pytestmark = pytest.mark.slow
STOPS_WITHIN_SECONDS = 10


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    with prepared("worker", tmp_path, LOG_LEVEL="INFO") as program:
        program.start_sandbox()
        yield program


def connect(live: Live) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(live.database_url.replace("+psycopg", ""), autocommit=True)


def ended(live: Live, task: str) -> int:
    """Count the jobs of a task that ended well, by the log: the queue removes them."""
    log = (live.folder / "worker.log").read_text(encoding="utf-8")
    return sum(f"Job {task}[" in line and "Success" in line for line in log.splitlines())


def leave_behind(live: Live, task: str, *, lock: str | None = None) -> None:
    """Leave a job as a worker does that was killed a minute ago while doing it."""
    with connect(live) as connection:
        dead = connection.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 minute') RETURNING id"
        ).fetchone()
        assert dead is not None
        connection.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status, worker_id, attempts, args, queueing_lock)"
            " VALUES ('default', %s, 'doing', %s, 0, '{}', %s)",
            (task, dead[0], lock),
        )


def test_it_looks_at_once_for_what_was_missed_and_stops_when_told(live: Live) -> None:
    live.start_worker()
    live.wait_for(lambda: ended(live, "payments.sweep") and ended(live, "queue.rescue"), "the first look")

    began = time.monotonic()
    live.kill("worker", signal.SIGTERM)

    assert time.monotonic() - began < STOPS_WITHIN_SECONDS


def test_a_job_of_a_killed_worker_is_done_by_the_next(live: Live) -> None:
    leave_behind(live, "orders.clock")

    live.start_worker()

    def is_done() -> bool:
        with connect(live) as connection:
            left = connection.execute(
                "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'orders.clock' AND status = 'doing'"
                " AND attempts = 0"
            ).fetchone()
        return left == (0,)

    live.wait_for(is_done, "the job that was left behind")


def test_a_job_that_waits_again_already_keeps_no_other_from_being_rescued(live: Live) -> None:
    leave_behind(live, "rates.look", lock="rates.planted")
    with connect(live) as connection:  # as the clock puts the next round into the queue while the last one hangs
        connection.execute(
            "INSERT INTO procrastinate_jobs"
            " (queue_name, task_name, status, attempts, args, queueing_lock, scheduled_at) VALUES"
            " ('default', 'rates.look', 'todo', 0, '{}', 'rates.planted', now() + interval '1 hour')"
        )
    leave_behind(live, "orders.clock")

    live.start_worker()

    def only_the_waiting_one_is_left() -> bool:
        with connect(live) as connection:
            left = connection.execute(
                "SELECT status::text FROM procrastinate_jobs WHERE queueing_lock = 'rates.planted'"
                " OR (status = 'doing' AND attempts = 0 AND task_name = 'orders.clock')"
            ).fetchall()
        return left == [("todo",)]

    live.wait_for(only_the_waiting_one_is_left, "the end of the job that waits again", seconds=60)
