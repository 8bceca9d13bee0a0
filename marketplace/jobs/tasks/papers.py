"""Write the papers of what happened: each in a unit of work of its own, so that one fault stops no other."""

from collections.abc import Callable
from uuid import UUID

import structlog
from sqlalchemy.exc import SQLAlchemyError

from marketplace.core.errors import DomainError
from marketplace.jobs.app import each_its_own, queue
from marketplace.orders.models import Order
from marketplace.papers import queries, services
from marketplace.payments.models import Payout, Refund
from marketplace.unit_of_work import UnitOfWork, running

log = structlog.get_logger()


@queue.periodic(cron="* * * * *")
@queue.task(name="papers.issue", queueing_lock="papers.issue", lock="papers.issue")
@each_its_own
def issue(make_uow: Callable[[], UnitOfWork], timestamp: int = 0) -> None:
    """Issue every paper that is missing, oldest event first."""
    del timestamp
    issue_waiting(make_uow)


def issue_waiting(make_uow: Callable[[], UnitOfWork]) -> int:
    """Issue what is missing now, a batch of each kind; return how many papers were written."""
    with running(make_uow, read_only=True) as uow:
        found = queries.waiting(uow.session)
    written = 0
    for write, keys in (
        (_invoice, found.invoices),
        (_receipt, found.receipts),
        (_credit_note, found.refunds),
        (_statement, found.payouts),
    ):
        for key in keys:
            written += _one(make_uow, write, key)
    return written


def _one(make_uow: Callable[[], UnitOfWork], write: Callable[[UnitOfWork, UUID], object], key: UUID) -> bool:
    try:
        with running(make_uow) as uow:
            write(uow, key)
    except (DomainError, SQLAlchemyError, ValueError):
        log.exception("paper_not_issued", subject=str(key))
        return False
    return True


def _invoice(uow: UnitOfWork, key: UUID) -> object:
    return services.issue_invoice(uow, order=uow.session.get_one(Order, key))


def _receipt(uow: UnitOfWork, key: UUID) -> object:
    return services.issue_receipt(uow, order=uow.session.get_one(Order, key))


def _credit_note(uow: UnitOfWork, key: UUID) -> object:
    return services.issue_credit_note(uow, refund=uow.session.get_one(Refund, key))


def _statement(uow: UnitOfWork, key: UUID) -> object:
    return services.issue_statement(uow, payout=uow.session.get_one(Payout, key))
