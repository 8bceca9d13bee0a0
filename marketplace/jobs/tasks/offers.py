"""The clock of offers, holds and agreements, every minute."""

from collections.abc import Callable

from marketplace.jobs.app import each_its_own, queue
from marketplace.orders.services import run_due_offers
from marketplace.unit_of_work import UnitOfWork


@queue.periodic(cron="* * * * *")
@queue.task(name="offers.clock", queueing_lock="offers.clock", lock="offers.clock")
@each_its_own
def clock(make_uow: Callable[[], UnitOfWork], timestamp: int = 0) -> None:
    """Attend to every offer and every kept lot that is due."""
    del timestamp
    run_due_offers(make_uow)
