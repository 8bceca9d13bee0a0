"""Send letters. The database is not held while the mail server answers."""

from collections.abc import Callable
from uuid import UUID

from procrastinate import RetryStrategy

from marketplace.core.actor import CLOCK
from marketplace.core.mailer import MailRefused
from marketplace.jobs.app import each_its_own, queue
from marketplace.notifications import queries, services
from marketplace.notifications.services import SEND
from marketplace.unit_of_work import UnitOfWork, running

# Seven tries: at once, then after 2, 8, 32 s, 2, 9 and 34 minutes.
RETRY = RetryStrategy(max_attempts=7, exponential_wait=4)


@queue.task(name=SEND, retry=RETRY)
@each_its_own
def send(make_uow: Callable[[], UnitOfWork], message_id: str) -> None:
    """Send one letter; a refusal is noted, then raised so that the queue tries again."""
    key = UUID(message_id)

    def working() -> UnitOfWork:
        return make_uow().acting_as(CLOCK)

    with running(working, read_only=True) as uow:
        message = queries.waiting_message(uow.session, key)
        if message is None:
            return
        letter, mailer = queries.letter_of(message, uow.settings), queries.mailer_of(uow.settings)
    try:
        mailer.send(letter)
    except MailRefused as refused:
        _note(working, key, refused=str(refused))
        raise
    _note(working, key, refused=None)


def _note(working: Callable[[], UnitOfWork], key: UUID, *, refused: str | None) -> None:
    with running(working) as uow:
        message = queries.waiting_message(uow.session, key)
        if message is None:
            return
        if refused is None:
            services.mark_sent(uow, message=message)
        else:
            services.mark_failed(uow, message=message, reason=refused)
