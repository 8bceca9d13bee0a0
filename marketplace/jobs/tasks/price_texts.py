"""The price of the day by text message, at six in the morning (UTC)."""

from collections.abc import Callable
from typing import Final

import structlog

from marketplace.core.actor import CLOCK
from marketplace.jobs.app import each_its_own, queue
from marketplace.notifications.queries import sms_sender_of
from marketplace.pricing.services.price_texts import send_daily_texts
from marketplace.unit_of_work import UnitOfWork

SEND_FROM_HOUR: Final = 6

log = structlog.get_logger()


@queue.periodic(cron=f"0 {SEND_FROM_HOUR} * * *")
@queue.task(name="prices.text_of_the_day", queueing_lock="prices.text_of_the_day", lock="prices.text_of_the_day")
@each_its_own
def text_of_the_day(make_uow: Callable[[], UnitOfWork], timestamp: int = 0) -> None:
    """Send today's price to everybody who has not got it; a worker that starts later than six catches up."""
    del timestamp

    def working() -> UnitOfWork:
        return make_uow().acting_as(CLOCK)

    uow = working()
    is_early, is_offered = uow.now.hour < SEND_FROM_HOUR, sms_sender_of(uow.settings) is not None
    if is_early or not is_offered:
        return
    sent = send_daily_texts(working)
    log.info("daily_texts_written", count=sent)
