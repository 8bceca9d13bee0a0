"""The worker: takes jobs from the queue and runs the periodic tasks, as the real one does, one at a time.

A worker that is killed leaves its job marked as being done; another one puts it back, as `queue.rescue` does.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from marketplace.jobs.app import queue
from marketplace.jobs.tasks import import_tasks
from tests.simulation.database import Database
from tests.simulation.faults import Crash

import_tasks()

# What has nothing to do with money: letters, rates, texts, the queue's own upkeep, flags of lots.
NOT_RUN: Final = ("notifications.", "rates.", "prices.", "queue.", "moderation.")
# The first is wanted often: it is what makes up for a killed worker.
PERIODIC: Final = ("payments.resend", "orders.clock", "payments.sweep", "papers.issue")


@dataclass
class Worker:
    """Runs what waits."""

    database: Database

    def waiting(self) -> Sequence[Any]:
        """Return the jobs that nobody does yet, the oldest first."""
        return self.database.rows(
            "SELECT id, task_name, args FROM procrastinate_jobs WHERE status = 'todo'"
            " AND NOT task_name LIKE ANY(%s) ORDER BY id",
            [f"{name}%" for name in NOT_RUN],
        )

    def has_work(self) -> bool:
        """Tell whether a job waits."""
        return bool(self.waiting())

    def take(self, chance: random.Random | None) -> tuple[int, str, dict[str, str]] | None:
        """Take a waiting job, the oldest or with `chance` any, as one of several workers would."""
        rows = self.waiting()
        if not rows:
            return None
        row = chance.choice(rows) if chance is not None else rows[0]
        self.database.run("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = %s", row.id)
        return row.id, row.task_name, row.args

    def run_one(self, chance: random.Random | None = None) -> str | None:
        """Run a waiting job; return its name, or None when there is none."""
        taken = self.take(chance)
        if taken is None:
            return None
        number, name, arguments = taken
        self._run(number, name, arguments)
        return name

    def rescue(self) -> None:
        """Put back the jobs of killed workers."""
        self.database.run("UPDATE procrastinate_jobs SET status = 'todo' WHERE status = 'doing'")

    def _run(self, number: int, name: str, arguments: dict[str, str]) -> None:
        try:
            queue.tasks[name].func(**arguments)
        except Crash:
            raise
        except Exception:  # the queue forgets a task that failed, as procrastinate does; the fault itself goes on
            self.database.run("DELETE FROM procrastinate_jobs WHERE id = %s", number)
            raise
        self.database.run("DELETE FROM procrastinate_jobs WHERE id = %s", number)


def run_task(name: str, **arguments: str) -> None:
    """Run a task."""
    queue.tasks[name].func(**arguments)
