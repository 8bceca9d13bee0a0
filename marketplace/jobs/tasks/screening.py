"""Every name is compared again, after a new list and each night; moderators are told of hits that wait."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

import structlog

from marketplace.jobs.app import each_its_own, queue, work
from marketplace.moderation.ageing import due_at
from marketplace.moderation.offices import office_of
from marketplace.screening.queries import buyers_after, cooperatives_after
from marketplace.screening.services.importing import RESCREEN
from marketplace.screening.services.letters import remind
from marketplace.screening.services.screening import screen_buyer, screen_cooperative
from marketplace.unit_of_work import UnitOfWork, running

# Few enough that a payout waits for the lock of its cooperative for a second at most.
BATCH: Final = 10
log = structlog.get_logger()
MakeUow = Callable[[], UnitOfWork]


@queue.periodic(cron="7 1 * * *")
@queue.task(name=RESCREEN, queueing_lock=RESCREEN, lock=RESCREEN)
@each_its_own
def rescreen(make_uow: MakeUow, timestamp: int = 0) -> None:
    """Screen every cooperative and every buyer, a few in each transaction."""
    del timestamp
    stopped = _over_all(make_uow, _some_cooperatives) + _over_all(make_uow, _some_buyers)
    if stopped:
        log.warning("screening_hits_wait", stopped=stopped)


@queue.periodic(cron="23 5 * * *")
@queue.task(name="screening.remind", queueing_lock="screening.remind", lock="screening.remind")
@work()
def remind_of_hits(uow: UnitOfWork, timestamp: int = 0) -> None:
    """Write to moderators about hits that wait for more than one working day."""
    del timestamp
    told = remind(uow, due=lambda since, country: due_at(since, days=1, office=office_of(country)))
    if told:
        log.info("screening_hits_reminded", hits=told)


def _over_all(make_uow: MakeUow, some: Callable[[UnitOfWork, UUID | None], tuple[UUID | None, int]]) -> int:
    after: UUID | None = None
    stopped = 0
    while True:
        with running(make_uow) as uow:
            after, more = some(uow, after)
        stopped += more
        if after is None:
            return stopped


def _some_cooperatives(uow: UnitOfWork, after: UUID | None) -> tuple[UUID | None, int]:
    rows = cooperatives_after(uow.session, after, most=BATCH)
    stopped = sum(screen_cooperative(uow, cooperative=row) is not None for row in rows)
    return (rows[-1].id if len(rows) == BATCH else None), stopped


def _some_buyers(uow: UnitOfWork, after: UUID | None) -> tuple[UUID | None, int]:
    rows = buyers_after(uow.session, after, most=BATCH)
    stopped = sum(screen_buyer(uow, buyer=row) is not None for row in rows)
    return (rows[-1].id if len(rows) == BATCH else None), stopped
