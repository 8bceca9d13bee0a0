"""Payments in the background: send commands, apply news, look again at what is open."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import wraps
from typing import Any, Final
from uuid import UUID

import structlog

from marketplace.core.actor import SYSTEM
from marketplace.http.context import payment_provider
from marketplace.jobs.app import each_its_own, queue
from marketplace.orders.services import settlement
from marketplace.payments import daily_report as reporting
from marketplace.payments import destinations, inbox, leases, outbox, sweep
from marketplace.payments.alone import each_alone
from marketplace.payments.consequences import Desk, MakeUnitOfWork
from marketplace.unit_of_work import running

# Batches of one run; what is left waits for the worker's next start.
MOST_BATCHES: Final = 100

log = structlog.get_logger()


def at_the_desk(function: Callable[..., None]) -> Callable[..., None]:
    """Give a task the desk of payments as its first argument."""

    @wraps(function)
    def run(make_uow: MakeUnitOfWork, **arguments: Any) -> None:
        function(Desk(make_uow, payment_provider(), settlement), **arguments)

    return each_its_own(run)


@queue.task(name="payments.send")
@at_the_desk
def send(desk: Desk, command_id: str) -> None:
    """Send one command to the provider."""
    outbox.send(desk, command_id=UUID(command_id))


@queue.task(name="payments.apply_news")
@at_the_desk
def apply_news(desk: Desk, event_id: str) -> None:
    """Apply one piece of news."""
    inbox.apply_news(desk, event_id=event_id)


@queue.task(name="payments.check")
@at_the_desk
def check(desk: Desk, payment_id: str) -> None:
    """Look at one payment at the provider."""
    inbox.check_payment(desk, payment_id=UUID(payment_id))


@queue.periodic(cron="* * * * *")
@queue.task(name="payments.resend", queueing_lock="payments.resend", lock="payments.resend")
@at_the_desk
def resend(desk: Desk, timestamp: int = 0) -> None:
    """Send the commands and apply the news that waited, or whose worker died."""
    del timestamp
    with running(lambda: desk.make_uow(SYSTEM), read_only=True) as uow:
        commands, news = outbox.waiting(uow), inbox.overdue(uow)
    each_alone(commands, lambda command_id: outbox.send(desk, command_id=command_id))
    each_alone(news, lambda event_id: inbox.apply_news(desk, event_id=event_id))


@queue.task(name="payments.send_abandoned")
@at_the_desk
def send_abandoned(desk: Desk, silent_seconds: int) -> None:
    """Send again what a dead worker was sending."""
    with running(lambda: desk.make_uow(SYSTEM)) as uow:
        commands = leases.end_leases(uow, silent_for=timedelta(seconds=silent_seconds))
    for command_id in commands:
        outbox.send(desk, command_id=command_id)


@queue.periodic(cron="7 * * * *")
@queue.task(name="payments.sweep", queueing_lock="payments.sweep", lock="payments.sweep")
@at_the_desk
def sweep_lists(desk: Desk, timestamp: int = 0) -> None:
    """Read the provider's lists, so that a webhook that never came is found."""
    del timestamp
    if not sweep.sweep(desk):
        log.warning("sweep_unanswered")


@queue.periodic(cron="37 * * * *")
@queue.task(name="payments.report_days", queueing_lock="payments.report_days", lock="payments.report_days")
@at_the_desk
def report_days(desk: Desk, timestamp: int = 0) -> None:
    """Write the reports and snapshots of the days that are over and have none; the provider's books are read first."""
    del timestamp
    with running(lambda: desk.make_uow(SYSTEM), read_only=True) as uow:
        days = reporting.days_without(uow)
    if not days:
        return
    if not sweep.sweep(desk):
        log.warning("report_waits", reason="the provider does not answer")
        return
    for day in days:
        with running(lambda: desk.make_uow(SYSTEM)) as uow:
            reporting.close_day(uow, day=day)


@queue.task(name=reporting.WRITE, queueing_lock=reporting.WRITE, lock="payments.report_days")
@at_the_desk
def report_again(desk: Desk, day: str) -> None:
    """Write one day's report once more, as a person asked."""
    if not sweep.sweep(desk):
        log.warning("report_waits", reason="the provider does not answer")
        return
    with running(lambda: desk.make_uow(SYSTEM)) as uow:
        reporting.write_report(uow, day=date.fromisoformat(day))


@queue.task(name="payments.fill_fingerprints", queueing_lock="payments.fill_fingerprints")
@each_its_own
def fill_fingerprints(make_uow: MakeUnitOfWork) -> None:
    """Give the payout destinations of earlier times their fingerprints, batch by batch."""
    after: UUID | None = None
    for _ in range(MOST_BATCHES):
        with running(lambda: make_uow(SYSTEM)) as uow:
            after = destinations.fill_fingerprints(uow, after=after)
        if after is None:
            return
