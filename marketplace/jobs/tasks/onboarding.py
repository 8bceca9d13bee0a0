"""Approvals and declarations end: people are warned, and lots of sites without a declaration are hidden."""

from collections.abc import Callable
from uuid import UUID

import structlog

from marketplace.jobs.app import each_its_own, queue
from marketplace.onboarding.services import sweeping
from marketplace.unit_of_work import UnitOfWork, running

log = structlog.get_logger()


@queue.periodic(cron="41 3 * * *")
@queue.task(name="onboarding.sweep", queueing_lock="onboarding.sweep", lock="onboarding.sweep")
@each_its_own
def sweep(make_uow: Callable[[], UnitOfWork], timestamp: int = 0) -> None:
    """Look at every approved cooperative, each in a transaction of its own."""
    del timestamp
    letters, last = 0, None
    while batch := _next(make_uow, last):
        for cooperative_id in batch:
            with running(make_uow) as uow:
                letters += sweeping.sweep(uow, cooperative_id=cooperative_id)
        last = batch[-1]
    if letters:
        log.info("endings_told", endings=letters)


def _next(make_uow: Callable[[], UnitOfWork], last: UUID | None) -> list[UUID]:
    with running(make_uow, read_only=True) as uow:
        return list(sweeping.approved_after(uow, last))
