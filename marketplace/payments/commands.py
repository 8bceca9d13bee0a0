"""Ask the provider for something: written with the decision that wants it, sent by the worker afterwards.

Nothing here moves money in the ledger: the caller posts what it decided, and what the provider did is posted when its
answer is known.
"""

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from marketplace.core.money import Money
from marketplace.payments.models import Payment, ProviderCommand, Refund
from marketplace.payments.provider import LONGEST_CHECKOUT, SHORTEST_CHECKOUT
from marketplace.payments.provider_models import ProviderCustomer
from marketplace.unit_of_work import UnitOfWork

PROVIDER_NAME: Final = "stripe"
SEND: Final = "payments.send"
# The page stays open a little longer than the order waits: the call may reach the provider late, and the order's own
# clock closes the page anyway.
CHECKOUT_SLACK: Final = timedelta(minutes=15)
REFUND_KIND: Final = "whole"


@dataclass(frozen=True, slots=True)
class Sender:
    """The buyer who sends a bank transfer, and her account here."""

    buyer_id: UUID
    user_id: UUID


def request_checkout(
    uow: UnitOfWork,
    *,
    order_id: UUID,
    order_reference: str,
    amount: Money,
    description: str,
    expires_in: timedelta,
    customer_email: str | None,
    sender: Sender | None = None,
) -> Payment:
    """Ask for a payment page that stays open at least `expires_in`; its address stands on the payment soon after.

    With a sender it takes a bank transfer. The provider closes a page after a day; the transfer promised on it may
    arrive until the order's own clock stops waiting.
    """
    payment = Payment(
        order_id=order_id,
        order_reference=order_reference,
        provider=PROVIDER_NAME,
        state="creating",
        amount_minor=amount.minor,
        currency=amount.currency,
        method="card" if sender is None else "bank_transfer",
        buyer_id=sender.buyer_id if sender is not None else None,
        created_at=uow.now,
    )
    uow.session.add(payment)
    uow.session.flush()
    open_for = min(max(expires_in, SHORTEST_CHECKOUT) + CHECKOUT_SLACK, LONGEST_CHECKOUT)
    page = f"{uow.settings.base_url}/orders/{order_reference}"
    request = {
        "order_reference": order_reference,
        "amount_minor": amount.minor,
        "currency": amount.currency,
        "description": description,
        "success_url": f"{page}?payment=sent",
        "cancel_url": f"{page}?payment=left",
        "expires_at": (uow.clock.wall() + open_for).replace(microsecond=0).isoformat(),
        "customer_email": customer_email,
        **(_customer(uow, sender, customer_email) if sender is not None else {}),
    }
    command = _put(uow, kind="checkout", subject=payment, key=f"checkout:{payment.id}", request=request)
    uow.record("payment.request", payment, command, order_reference=order_reference, amount=amount)
    return payment


def request_expiry(uow: UnitOfWork, *, payment: Payment) -> None:
    """Ask to close the payment page; asking again changes nothing. Only the answer ends the payment."""
    key = f"expiry:{payment.id}"
    if uow.session.scalar(select(ProviderCommand.id).where(ProviderCommand.key == key)) is None:
        write(uow, kind="expiry", subject=payment, key=key, request={})


def _customer(uow: UnitOfWork, sender: Sender, email: str | None) -> dict[str, str | None]:
    """Return who sends the transfer: as the provider knows her, or the stable key under which it will.

    The address is in the key, because the provider refuses one key with two addresses.
    """
    known = uow.session.scalar(
        select(ProviderCustomer.provider_ref).where(ProviderCustomer.buyer_id == sender.buyer_id)
    )
    return {
        "buyer_id": str(sender.buyer_id),
        "user_id": str(sender.user_id),
        "customer_id": known,
        "customer_key": f"customer:{sender.buyer_id}:{sha256((email or '').encode()).hexdigest()[:16]}",
    }


def request_refund(uow: UnitOfWork, *, payment: Payment, amount: Money, reason: str, kind: str = REFUND_KIND) -> Refund:
    """Ask to give money back: one refund of a kind an order, tried again under a new key only after it surely failed.

    `kind` is "whole", or names a part (for example "adjustment"): several parts of one order go back apart.
    """
    refund = uow.session.scalar(
        select(Refund).where(Refund.order_id == payment.order_id, Refund.kind == kind).with_for_update()
    )
    if refund is None:
        refund = _new_refund(uow, payment, amount, reason=reason, kind=kind)
    elif refund.state == "failed":
        _try_again(uow, refund)
    else:
        return refund
    request = {
        "payment_intent_id": payment.payment_intent_id,
        "amount_minor": refund.amount_minor,
        "currency": refund.currency,
        "order_reference": payment.order_reference,
        "reference": str(refund.id),
    }
    write(uow, kind="refund", subject=refund, key=f"refund:{refund.id}:{refund.tries}", request=request)
    return refund


def _new_refund(uow: UnitOfWork, payment: Payment, amount: Money, *, reason: str, kind: str) -> Refund:
    refund = Refund(
        order_id=payment.order_id,
        payment_id=payment.id,
        kind=kind,
        state="decided",
        amount_minor=amount.minor,
        currency=amount.currency,
        former_refs=[],
        tries=1,
        reason=reason,
        created_at=uow.now,
    )
    uow.session.add(refund)
    uow.session.flush()
    uow.record("refund.request", refund, payment, amount=amount, reason=reason)
    return refund


def _try_again(uow: UnitOfWork, refund: Refund) -> None:
    former = [refund.provider_ref] if refund.provider_ref else []
    refund.former_refs = [*refund.former_refs, *former]
    refund.provider_ref = refund.balance_transaction_id = refund.done_at = None
    refund.state, refund.tries = "decided", refund.tries + 1
    uow.record("refund.try_again", refund, tries=refund.tries)


def write(uow: UnitOfWork, *, kind: str, subject: Any, key: str, request: dict[str, Any]) -> None:
    """Write a command about a row, under the key that makes it happen once, and ask the worker to send it."""
    command = _put(uow, kind=kind, subject=subject, key=key, request=request)
    uow.record("provider_command.write", command, subject, kind=kind)


def _put(uow: UnitOfWork, *, kind: str, subject: Any, key: str, request: dict[str, Any]) -> ProviderCommand:
    """Keep a command and its job; the caller records it."""
    command = ProviderCommand(
        kind=kind,
        subject_id=subject.id,
        key=key,
        request=request,
        state="waiting",
        attempts=0,
        created_at=uow.clock.wall(),
    )
    uow.session.add(command)
    uow.session.flush()
    uow.defer(SEND, command_id=command.id)
    return command
