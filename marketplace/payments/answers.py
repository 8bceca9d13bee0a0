"""Note what the provider answered to a command."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from marketplace.payments import further_answers, provider
from marketplace.payments.buyer_credit import keep_customer
from marketplace.payments.consequences import Consequences
from marketplace.payments.findings import Found
from marketplace.payments.models import Payment, ProviderCommand, Refund
from marketplace.payments.problems import Kind, open_problem
from marketplace.payments.provider_recipients import OnboardingLink
from marketplace.payments.receipts import apply_refund, close_payment, fail_refund
from marketplace.payments.verdicts import CANCELED
from marketplace.unit_of_work import UnitOfWork

CHECK: Final = "payments.check"


@dataclass(frozen=True, slots=True)
class PageOpened:
    """The payment page is there; one for a bank transfer has a customer."""

    page: provider.Checkout
    customer_id: str | None = None


@dataclass(frozen=True, slots=True)
class PageClosed:
    """How the payment page, and a bank transfer promised on it, stand after we asked to close them."""

    page: provider.CheckoutStatus
    payment: provider.Payment | None = None


@dataclass(frozen=True, slots=True)
class Refunded:
    """The refund was taken on."""

    refund: provider.Refund


@dataclass(frozen=True, slots=True)
class Told:
    """An object as it stands after the command."""

    found: Found


@dataclass(frozen=True, slots=True)
class LinkMade:
    """A link to a recipient's own page."""

    link: OnboardingLink


@dataclass(frozen=True, slots=True)
class Refused:
    """A no for good."""

    reason: str
    detail: str


Answer = PageOpened | PageClosed | Refunded | Told | LinkMade | Refused


def note(uow: UnitOfWork, *, command_id: UUID, answer: Answer, attempt: int, consequences: Consequences) -> None:
    """Note the answer once, with what follows from it; one that comes late to a finished command is dropped."""
    command = uow.session.get_one(ProviderCommand, command_id)
    if command.kind in further_answers.KINDS:
        _note_further(uow, command, answer, consequences)
        return
    refund = uow.session.get_one(Refund, command.subject_id) if command.kind == "refund" else None
    payment = uow.session.get_one(Payment, refund.payment_id if refund is not None else command.subject_id)
    consequences.lock_order(uow, payment.order_id)
    uow.session.refresh(command, with_for_update=True)
    uow.session.refresh(payment, with_for_update={"key_share": True})
    if command.state in ("done", "failed"):
        return
    _close(uow, command, answer)
    match answer:
        case PageOpened(page, customer_id):
            if customer_id is not None:
                keep_customer(uow, payment=payment, provider_ref=customer_id, user_id=command.request["user_id"])
            _page_opened(uow, payment, page, is_repeat=attempt > 1)
        case PageClosed():
            _page_closed(uow, payment, answer, consequences)
        case Refunded(found) if refund is not None:
            apply_refund(uow, refund=refund, found=found, consequences=consequences)
        case Refused():
            _open_refusal(uow, command, payment)
            _refused(uow, payment, refund, consequences)


def _note_further(uow: UnitOfWork, command: ProviderCommand, answer: Answer, consequences: Consequences) -> None:
    uow.session.refresh(command, with_for_update=True)
    if command.state in ("done", "failed"):
        return
    _close(uow, command, answer)
    match answer:
        case Told(found):
            further_answers.note_found(uow, found, consequences)
        case LinkMade(link):
            further_answers.note_link(uow, command, link)
        case Refused(reason, detail):
            further_answers.note_refusal(uow, command, f"{reason}: {detail}", consequences)


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


def _page_closed(uow: UnitOfWork, payment: Payment, answer: PageClosed, consequences: Consequences) -> None:
    is_canceled = answer.payment is not None and answer.payment.status == CANCELED
    if answer.page.status == "expired" or is_canceled:
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
