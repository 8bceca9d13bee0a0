"""Each morning: warn of documents that end soon, end those whose last day is over, and hide what needs them."""

from collections.abc import Callable

import structlog

from marketplace.documents.services.expiry import cooperatives_with_ending, end_documents
from marketplace.jobs.app import each_its_own, queue
from marketplace.lots.services.site_pauses import bring_in_line
from marketplace.unit_of_work import UnitOfWork, running

log = structlog.get_logger()


@queue.periodic(cron="7 4 * * *")
@queue.task(name="documents.end", queueing_lock="documents.end", lock="documents.end")
@each_its_own
def end(make_uow: Callable[[], UnitOfWork], timestamp: int = 0) -> None:
    """Warn and end, one cooperative a transaction: what goes wrong at one keeps no other from being told."""
    del timestamp
    with running(make_uow, read_only=True) as uow:
        waiting = cooperatives_with_ending(uow.session, today=uow.now.date())
    ended = 0
    for cooperative_id in waiting:
        with running(make_uow) as uow:
            ended += end_documents(uow, cooperative_id=cooperative_id, in_line=bring_in_line)
    if ended:
        log.info("documents_ended", documents=ended)
