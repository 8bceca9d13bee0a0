"""How to reach who reported something is erased once the case is closed."""

from collections.abc import Callable

import structlog

from marketplace.incidents.services.reports import erase_senders
from marketplace.jobs.app import each_its_own, queue
from marketplace.unit_of_work import UnitOfWork, running

log = structlog.get_logger()


@queue.periodic(cron="17 2 * * *")
@queue.task(name="incidents.forget_senders", queueing_lock="incidents.forget", lock="incidents.forget")
@each_its_own
def forget_senders(make_uow: Callable[[], UnitOfWork], timestamp: int = 0) -> None:
    """Erase telephone numbers and contacts of closed cases."""
    del timestamp
    with running(make_uow) as uow:
        erased = erase_senders(uow)
    if erased:
        log.info("report_senders_erased", reports=erased)
