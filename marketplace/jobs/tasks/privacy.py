"""The audit log forgets by itself what it told for long enough, each night."""

from collections.abc import Callable

import structlog

from marketplace.jobs.app import each_its_own, queue
from marketplace.transparency.retention import retain
from marketplace.unit_of_work import UnitOfWork

log = structlog.get_logger()


@queue.periodic(cron="53 1 * * *")
@queue.task(name="privacy.retain", queueing_lock="privacy.retain", lock="privacy.retain")
@each_its_own
def forget(make_uow: Callable[[], UnitOfWork], timestamp: int = 0) -> None:
    """Erase the disclosures whose time is over; before the nightly verification, so that it sees what is left."""
    del timestamp
    for each in retain(make_uow):
        log.info("disclosures_erased", retention_class=each.retention_class, disclosures=each.disclosures)
