"""Reference rates from their sources, on time."""

from collections.abc import Callable

import structlog

from marketplace.core.actor import CLOCK
from marketplace.http.context import settings
from marketplace.jobs.app import each_its_own, queue, work
from marketplace.pricing.services import due_sources, fetch_source, remove_old_fetches
from marketplace.unit_of_work import UnitOfWork

FETCH = "rates.fetch"
log = structlog.get_logger()


@queue.periodic(cron="*/5 * * * *")
@queue.task(name="rates.look", queueing_lock="rates.look")
@work(CLOCK)
def look(uow: UnitOfWork, timestamp: int = 0) -> None:
    """Ask for a fetch of each source that is due: a job of its own, so that a slow one delays no other."""
    del timestamp
    if uow.settings.rate_fetch:
        for source in due_sources(uow):
            uow.defer(FETCH, queueing_lock=f"{FETCH}:{source.code}", source=source.code)


@queue.task(name=FETCH)
@each_its_own
def fetch(make_uow: Callable[..., UnitOfWork], source: str) -> None:
    """Fetch one source; it may have left the settings since it was asked for."""
    described = settings().rate_sources_file.named(source)
    if described is None or not described.address or not settings().rate_fetch:
        return
    done = fetch_source(lambda: make_uow(CLOCK), source=described)
    if done is not None and done.reason:
        log.warning("rates_fetched", source=source, outcome=done.outcome, reason=done.reason)


@queue.periodic(cron="41 3 * * *")
@queue.task(name="rates.clean", queueing_lock="rates.clean")
@work(CLOCK)
def clean(uow: UnitOfWork, timestamp: int = 0) -> None:
    """Remove tries of long ago."""
    del timestamp
    remove_old_fetches(uow)
