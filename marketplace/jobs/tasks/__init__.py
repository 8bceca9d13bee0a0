"""What the worker does: a module per domain, each with the tasks of its own."""

from importlib import import_module
from typing import Final

# Every module with tasks; the worker imports them all before it takes a job.
MODULES: Final[tuple[str, ...]] = (
    "audit",
    "documents",
    "incidents",
    "moderation",
    "notifications",
    "offers",
    "orders",
    "papers",
    "passports",
    "payments",
    "price_texts",
    "privacy",
    "queue",
    "rates",
)  # fmt: skip
# Tasks the worker runs when it starts, so that what was missed while nothing ran is found at once.
AT_START: Final[tuple[str, ...]] = (
    "queue.rescue", "payments.sweep", "payments.fill_fingerprints", "rates.look", "prices.text_of_the_day",
)  # fmt: skip


def import_tasks() -> None:
    """Make every task known to the queue."""
    for name in MODULES:
        import_module(f"marketplace.jobs.tasks.{name}")
