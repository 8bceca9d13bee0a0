"""A command whose worker died does not wait for the end of its lease."""

from datetime import timedelta

from sqlalchemy import select

from marketplace.core.clock import SetClock
from marketplace.payments.leases import end_leases
from marketplace.payments.models import ProviderCommand
from marketplace.payments.outbox import LEASE
from marketplace.unit_of_work import UnitOfWork
from tests.builders.orders import placed_order

SILENT = timedelta(seconds=15)


def leased(uow: UnitOfWork, *, ago: timedelta) -> ProviderCommand:
    """Make a command that a worker leased some time ago."""
    placed_order(uow)
    command = uow.session.scalars(select(ProviderCommand)).one()
    command.state, command.attempts = "leased", 1
    command.leased_until = uow.clock.wall() + LEASE - ago
    uow.record("provider_command.lease", command)
    uow.session.flush()
    return command


def test_a_lease_older_than_the_silence_of_its_worker_ends(uow: UnitOfWork, clock: SetClock) -> None:
    command = leased(uow, ago=timedelta(seconds=16))

    assert end_leases(uow, silent_for=SILENT) == [command.id]
    assert command.leased_until is not None
    assert command.leased_until <= uow.clock.wall()


def test_a_younger_lease_stays(uow: UnitOfWork, clock: SetClock) -> None:
    command = leased(uow, ago=timedelta(seconds=14))
    until = command.leased_until

    assert end_leases(uow, silent_for=SILENT) == []
    assert command.leased_until == until
