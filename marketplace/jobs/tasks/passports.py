"""Passports: what changed gets a new version each minute; each night every lot is compared, whatever changed it."""

from collections.abc import Callable, Sequence
from typing import Final
from uuid import UUID

import structlog

from marketplace.jobs.app import each_its_own, queue
from marketplace.passport import queries
from marketplace.passport.keys import PassportKeyRefused, load_issuer
from marketplace.passport.services import issue_if_changed
from marketplace.unit_of_work import UnitOfWork, running

log = structlog.get_logger()
BATCH: Final = 50
MOST_LOTS: Final = 100_000


@queue.periodic(cron="* * * * *")
@queue.task(name="passports.issue", queueing_lock="passports.issue", lock="passports")
@each_its_own
def issue(make_uow: Callable[[], UnitOfWork], timestamp: int = 0) -> None:
    """Issue passports for lots that were published or moved since their last one, at most BATCH of them."""
    del timestamp
    with running(make_uow, read_only=True) as uow:
        waiting = queries.waiting_lots(uow.session, limit=BATCH)
    _issue_each(make_uow, waiting)


@queue.periodic(cron="41 1 * * *")
@queue.task(name="passports.compare", queueing_lock="passports.compare", lock="passports")
@each_its_own
def compare(make_uow: Callable[[], UnitOfWork], timestamp: int = 0) -> None:
    """Compare every public lot's record with its last passport, so that no change is forgotten."""
    del timestamp
    after: UUID | None = None
    for _ in range(MOST_LOTS // BATCH):
        with running(make_uow, read_only=True) as uow:
            found = queries.lots_after(uow.session, after, limit=BATCH)
        if not found or not _issue_each(make_uow, found):
            return
        after = found[-1]


def _issue_each(make_uow: Callable[[], UnitOfWork], lot_ids: Sequence[UUID]) -> bool:
    for lot_id in lot_ids:
        try:
            with running(make_uow) as uow:
                issue_if_changed(uow, lot_id=lot_id, issuer=load_issuer(uow.settings))
        except PassportKeyRefused as refused:
            log.warning("passport_refused", code=refused.code, reason=refused.message)
            return False
    return True
