"""How to reach who reported something is erased once the case is closed; staff are told of overdue steps."""

from collections.abc import Callable

import structlog

from marketplace.incidents.services.letters import remind
from marketplace.incidents.services.reports import erase_senders
from marketplace.jobs.app import each_its_own, queue, work
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


@queue.periodic(cron="29 5 * * *")
@queue.task(name="incidents.remind", queueing_lock="incidents.remind", lock="incidents.remind")
@work()
def remind_of_steps(uow: UnitOfWork, timestamp: int = 0) -> None:
    """Write to moderators about steps of remediation whose day is over."""
    del timestamp
    told = remind(uow)
    if told:
        log.info("incident_steps_overdue", steps=told)
