"""Send letters and text messages. The database is not held while the server or the gateway answers."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from procrastinate import RetryStrategy

from config.settings import Settings
from marketplace.core.actor import CLOCK
from marketplace.core.mailer import MailRefused
from marketplace.core.sms import ShortMessage, SmsRefused
from marketplace.jobs.app import each_its_own, queue
from marketplace.notifications import queries, services
from marketplace.notifications.models import Message
from marketplace.notifications.services import SEND
from marketplace.unit_of_work import UnitOfWork, running

NO_GATEWAY = "no gateway for text messages is named in the settings"

# Seven tries: at once, then after 2, 8, 32 s, 2, 9 and 34 minutes.
RETRY = RetryStrategy(max_attempts=7, exponential_wait=4)


@queue.task(name=SEND, retry=RETRY)
@each_its_own
def send(make_uow: Callable[[], UnitOfWork], message_id: str) -> None:
    """Send one letter or text; a refusal is noted, then raised so that the queue tries again."""
    key = UUID(message_id)

    def working() -> UnitOfWork:
        return make_uow().acting_as(CLOCK)

    with running(working, read_only=True) as uow:
        message = queries.waiting_message(uow.session, key)
        if message is None:
            return
        hand_over = _sending(message, uow.settings)
    try:
        hand_over()
    except (MailRefused, SmsRefused) as refused:
        _note(working, key, refused=str(refused))
        raise
    _note(working, key, refused=None)


def _sending(message: Message, settings: Settings) -> Callable[[], None]:
    """Return the act of handing a message over, ready to be done without the database."""
    if message.channel == "sms":
        sender, short = queries.sms_sender_of(settings), queries.short_message_of(message, settings)
        return partial(_refuse if sender is None else sender.send, short)
    return partial(queries.mailer_of(settings).send, queries.letter_of(message, settings))


def _refuse(_message: ShortMessage) -> None:
    raise SmsRefused(NO_GATEWAY)


def _note(working: Callable[[], UnitOfWork], key: UUID, *, refused: str | None) -> None:
    with running(working) as uow:
        message = queries.waiting_message(uow.session, key)
        if message is None:
            return
        if refused is None:
            services.mark_sent(uow, message=message)
        else:
            services.mark_failed(uow, message=message, reason=refused)
