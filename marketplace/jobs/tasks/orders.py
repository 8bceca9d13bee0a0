"""The clock of orders: notices and deadlines, every minute."""

from collections.abc import Callable

from marketplace.jobs.app import each_its_own, queue
from marketplace.orders.services import run_due
from marketplace.unit_of_work import UnitOfWork


@queue.periodic(cron="* * * * *")
@queue.task(name="orders.clock", queueing_lock="orders.clock", lock="orders.clock")
@each_its_own
def clock(make_uow: Callable[[], UnitOfWork], timestamp: int = 0) -> None:
    """Attend to every order that is due."""
    del timestamp
    run_due(make_uow)
