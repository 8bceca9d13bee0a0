"""Note what the provider answered to a command."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from marketplace.payments import provider
from marketplace.payments.consequences import Consequences
from marketplace.payments.models import Payment, ProviderCommand, Refund
from marketplace.payments.problems import Kind, open_problem
from marketplace.payments.receipts import apply_refund, close_payment, fail_refund
from marketplace.unit_of_work import UnitOfWork

CHECK: Final = "payments.check"


@dataclass(frozen=True, slots=True)
class PageOpened:
    """The payment page is there."""

    page: provider.Checkout


@dataclass(frozen=True, slots=True)
class PageClosed:
    """How the payment page stands after we asked to close it."""

    page: provider.CheckoutStatus


@dataclass(frozen=True, slots=True)
class Refunded:
    """The refund was taken on."""

    refund: provider.Refund


@dataclass(frozen=True, slots=True)
class Refused:
    """A no for good."""

    reason: str
    detail: str


Answer = PageOpened | PageClosed | Refunded | Refused


def note(uow: UnitOfWork, *, command_id: UUID, answer: Answer, attempt: int, consequences: Consequences) -> None:
    """Note the answer once, with what follows from it; one that comes late to a finished command is dropped."""
    command = uow.session.get_one(ProviderCommand, command_id)
    refund = uow.session.get_one(Refund, command.subject_id) if command.kind == "refund" else None
    payment = uow.session.get_one(Payment, refund.payment_id if refund is not None else command.subject_id)
    consequences.lock_order(uow, payment.order_id)
    uow.session.refresh(command, with_for_update=True)
    uow.session.refresh(payment, with_for_update={"key_share": True})
    if command.state in ("done", "failed"):
        return
    _close(uow, command, answer)
    match answer:
        case PageOpened(page):
            _page_opened(uow, payment, page, is_repeat=attempt > 1)
        case PageClosed(page):
            _page_closed(uow, payment, page, consequences)
        case Refunded(found) if refund is not None:
            apply_refund(uow, refund=refund, found=found, consequences=consequences)
        case Refused():
            _open_refusal(uow, command, payment)
            _refused(uow, payment, refund, consequences)


def _close(uow: UnitOfWork, command: ProviderCommand, answer: Answer) -> None:
    command.leased_until, command.done_at = None, uow.clock.wall()
    command.state = "failed" if isinstance(answer, Refused) else "done"
    command.last_error = f"{answer.reason}: {answer.detail}"[:300] if isinstance(answer, Refused) else None
    uow.record("provider_command.answer", command, state=command.state, error=command.last_error)


def _page_opened(uow: UnitOfWork, payment: Payment, page: provider.Checkout, *, is_repeat: bool) -> None:
    payment.session_id, payment.session_url = page.session_id, page.url
    payment.payment_intent_id = payment.payment_intent_id or page.payment_intent_id
    if payment.state == "creating":
        payment.state = "open"
    uow.record("payment.open", payment, session_id=page.session_id)
    if is_repeat:  # a repeated call is answered with the page as it first was, even if it was paid since
        uow.defer(CHECK, payment_id=payment.id)


def _page_closed(uow: UnitOfWork, payment: Payment, page: provider.CheckoutStatus, consequences: Consequences) -> None:
    if page.status == "expired":
        close_payment(uow, payment=payment, state="expired", consequences=consequences)
    else:  # paid in the meantime
        uow.defer(CHECK, payment_id=payment.id)


def _open_refusal(uow: UnitOfWork, command: ProviderCommand, payment: Payment) -> None:
    open_problem(
        uow,
        kind=Kind.REFUSED,
        subject=f"{command.kind} {command.id}",
        order_id=payment.order_id,
        detail=command.last_error or "",
    )


def _refused(uow: UnitOfWork, payment: Payment, refund: Refund | None, consequences: Consequences) -> None:
    if refund is None:
        # Only a page that never opened ends the order; one that could not be closed is still open.
        if payment.session_id is None:
            close_payment(uow, payment=payment, state="failed", consequences=consequences)
    elif refund.state == "decided":
        fail_refund(uow, refund=refund, failed_entry=None, consequences=consequences)
