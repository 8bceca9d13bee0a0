"""The clock of orders: notices and deadlines, every minute."""

from collections.abc import Callable

from marketplace.jobs.app import each_its_own, queue
from marketplace.orders.services import run_due
from marketplace.orders.services.hold_alarms import run_alarms
from marketplace.orders.services.pausing import shift_deadlines as shift_all
from marketplace.unit_of_work import UnitOfWork


@queue.periodic(cron="* * * * *")
@queue.task(name="orders.clock", queueing_lock="orders.clock", lock="orders.clock")
@each_its_own
def clock(make_uow: Callable[[], UnitOfWork], timestamp: int = 0) -> None:
    """Attend to every order that is due; deadlines that force majeure moves are moved first."""
    del timestamp
    shift_all(make_uow)
    run_due(make_uow)


@queue.task(name="orders.shift_deadlines", queueing_lock="orders.shift_deadlines", lock="orders.clock")
@each_its_own
def shift_deadlines(make_uow: Callable[[], UnitOfWork]) -> None:
    """Move the deadlines of a region that was just closed or opened."""
    shift_all(make_uow)


@queue.periodic(cron="17 * * * *")
@queue.task(name="orders.warn_of_long_holds", queueing_lock="orders.warn_of_long_holds", lock="orders.hold_alarms")
@each_its_own
def warn_of_long_holds(make_uow: Callable[[], UnitOfWork], timestamp: int = 0) -> None:
    """Write to staff about payments that are held for long."""
    del timestamp
    run_alarms(make_uow)
