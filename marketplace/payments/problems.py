"""Money matters that a person must look at: opened once, closed with a note."""

from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import select

from marketplace.core.errors import Conflict, InvalidInput
from marketplace.core.text import N_
from marketplace.payments.models import PaymentProblem
from marketplace.unit_of_work import UnitOfWork

LONGEST_NOTE: Final = 1000


class Kind(StrEnum):
    """What is wrong."""

    UNKNOWN_ORDER = "unknown_order"
    OTHER_ORDER = "other_order"
    OTHER_AMOUNT = "other_amount"
    UNKNOWN_REFUND = "unknown_refund"
    NOT_FOUND = "not_found"
    REFUSED = "refused"
    LATE = "late"
    CHARGEBACK = "chargeback"
    CREDIT = "credit"
    RETURNED = "returned"


LABELS: Final[dict[Kind, str]] = {
    Kind.UNKNOWN_ORDER: N_("Payment for an order we do not know"),
    Kind.OTHER_ORDER: N_("Payment names another order"),
    Kind.OTHER_AMOUNT: N_("Amount or currency is not the agreed one"),
    Kind.UNKNOWN_REFUND: N_("Refund we did not ask for"),
    Kind.NOT_FOUND: N_("The provider does not know what it told us about"),
    Kind.REFUSED: N_("The provider refused a command"),
    Kind.LATE: N_("Payment came after the order ended; it goes back"),
    Kind.CHARGEBACK: N_("A buyer's bank takes a payment back"),
    Kind.CREDIT: N_("A buyer sent money that no order uses"),
    Kind.RETURNED: N_("Money we sent came back"),
}


class AlreadyResolved(Conflict):
    """Somebody closed the problem before."""

    code = "already_resolved"
    message = N_("Somebody already closed this. Look at the note.")


def open_problem(
    uow: UnitOfWork, *, kind: Kind, subject: str, detail: str = "", order_id: UUID | None = None
) -> PaymentProblem:
    """Open a problem, or return the one that is open about the same subject."""
    found = uow.session.scalar(
        select(PaymentProblem).where(
            PaymentProblem.kind == kind, PaymentProblem.subject == subject, PaymentProblem.resolved_at.is_(None)
        )
    )
    if found is not None:
        return found
    problem = PaymentProblem(
        kind=kind.value, subject=subject, order_id=order_id, detail=detail[:500], opened_at=uow.now
    )
    uow.session.add(problem)
    uow.session.flush()
    uow.record("payment_problem.open", problem, kind=kind, subject=subject)
    return problem


def resolve(uow: UnitOfWork, *, problem: PaymentProblem, note: str) -> None:
    """Close a problem; the note says what was found and done."""
    note = note.strip()
    if not note or len(note) > LONGEST_NOTE:
        raise InvalidInput({"note": N_("Write what you found and what you did, in at most 1,000 letters.")})
    uow.session.refresh(problem, with_for_update=True)
    if problem.resolved_at is not None:
        raise AlreadyResolved
    problem.resolved_by, problem.resolved_at, problem.note = uow.actor.user_id, uow.now, note
    uow.record("payment_problem.resolve", problem, note=note)
