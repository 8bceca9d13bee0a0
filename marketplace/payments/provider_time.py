"""The provider's moments in business time, which may run ahead of the machine's by a constant."""

from datetime import datetime

from marketplace.unit_of_work import UnitOfWork


def business_time(uow: UnitOfWork, moment: datetime) -> datetime:
    """Return when something of the machine's time happened, as our ledger dates it."""
    return moment + (uow.now - uow.clock.wall())
