"""What follows a sale in the moderators' queue."""

from uuid import UUID

from marketplace.jobs.app import queue, work
from marketplace.lots.services.availability import CLOSE_CASES
from marketplace.moderation import services
from marketplace.unit_of_work import UnitOfWork


@queue.task(name=CLOSE_CASES)
@work()
def close_cases_of_lot(uow: UnitOfWork, lot_id: str) -> None:
    """Close the case of a lot that is sold or off sale."""
    services.close_cases_of_lot(uow, lot_id=UUID(lot_id))
