"""Commands whose worker died while it asked the provider: their leases end early, so that they go out again soon.

A lease is longer than a slow provider needs. When the queue finds jobs of a dead worker, waiting for its end would only
keep a buyer waiting: the command goes out again under its key, and the provider answers what it answered before.
"""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from marketplace.payments.models import ProviderCommand
from marketplace.payments.outbox import AT_ONCE, LEASE
from marketplace.unit_of_work import UnitOfWork


def end_leases(uow: UnitOfWork, *, silent_for: timedelta) -> Sequence[UUID]:
    """End the leases taken longer than `silent_for` ago, oldest first, and return their commands.

    Of a living worker that waits so long for the provider, nothing is lost: its late answer finds another attempt.
    """
    now = uow.clock.wall()
    found = uow.session.scalars(
        select(ProviderCommand)
        .where(ProviderCommand.state == "leased", ProviderCommand.leased_until < now + LEASE - silent_for)
        .order_by(ProviderCommand.leased_until)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    for command in found:
        command.leased_until = now
        uow.record("provider_command.end_lease", command, attempt=command.attempts)
    return [command.id for command in found]
