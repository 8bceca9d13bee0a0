"""News from the provider: stored once by its id, applied by a job that fetches the object again.

What a webhook says is never believed; it only tells what to look at. Order, repeats and gaps do not matter.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from marketplace.core.actor import PROVIDER, SYSTEM
from marketplace.payments import models
from marketplace.payments.applying import apply
from marketplace.payments.consequences import Desk
from marketplace.payments.findings import Found, Outcome
from marketplace.payments.models import ProviderNews, Refund
from marketplace.payments.problems import Kind, open_problem
from marketplace.payments.provider import (
    CheckoutStatus,
    Payment,
    PaymentProvider,
    ProviderEvent,
    ProviderRefused,
    ProviderUnavailable,
)
from marketplace.unit_of_work import UnitOfWork, running

APPLY: Final = "payments.apply_news"
CASH_MOVED: Final = "customer_cash_balance_transaction"  # its `object_id` is the customer
FETCHED: Final = frozenset(
    {"account", "checkout.session", CASH_MOVED, "dispute", "payment_intent", "payout", "refund", "transfer"}
)
# News this old still waiting lost its job, or could not be applied at the first try.
OVERDUE: Final = timedelta(minutes=1)
AT_ONCE: Final = 50


def receive(uow: UnitOfWork, *, event: ProviderEvent) -> bool:
    """Store news by its id and ask the worker to apply it; return False when it is known already."""
    values = {
        "event_id": event.id,
        "type": event.type,
        "object_type": event.object_type,
        "object_id": event.object_id,
        "payload": {"id": event.id, "type": event.type, "created": event.created.isoformat()},
        "received_at": uow.clock.wall(),
        "state": "received" if event.object_type in FETCHED else "ignored",
    }
    statement = insert(ProviderNews).values(values).on_conflict_do_nothing(index_elements=["event_id"])
    is_new = uow.session.scalar(statement.returning(ProviderNews.event_id)) is not None
    if is_new and values["state"] == "received":
        uow.defer(APPLY, event_id=event.id)
    return is_new


def apply_news(desk: Desk, *, event_id: str) -> None:
    """Fetch what the news is about and apply it; when the provider does not answer, it stays for the next round."""
    with running(lambda: desk.make_uow(SYSTEM), read_only=True) as uow:
        news = uow.session.get(ProviderNews, event_id)
        if news is None or news.state != "received":
            return
        object_type, object_id = news.object_type, news.object_id
    reason = ""
    found: Found | None
    try:
        found = fetch(desk.provider, object_type, object_id)
    except ProviderUnavailable:
        return
    except ProviderRefused as error:
        found, reason = None, error.reason
    with running(lambda: desk.make_uow(PROVIDER)) as uow:
        outcome = (
            apply(uow, found=found, consequences=desk.consequences)
            if found is not None
            else _not_found(uow, object_id, reason)
        )
        _note(uow, event_id, outcome)


def check_payment(desk: Desk, *, payment_id: UUID) -> None:
    """Look at a payment at the provider without waiting for news of it."""
    with running(lambda: desk.make_uow(SYSTEM), read_only=True) as uow:
        payment = uow.session.get(models.Payment, payment_id)
        session_id = payment.session_id if payment is not None else None
    if session_id is not None:
        check_object(desk, "checkout.session", session_id)


def check_refund(desk: Desk, *, refund_id: UUID) -> None:
    """Look at a refund at the provider without waiting for news of it."""
    with running(lambda: desk.make_uow(SYSTEM), read_only=True) as uow:
        refund = uow.session.get(Refund, refund_id)
        reference = refund.provider_ref if refund is not None else None
    if reference is not None:
        check_object(desk, "refund", reference)


def check_object(desk: Desk, object_type: str, object_id: str) -> None:
    """Look at an object at the provider without waiting for news of it."""
    try:
        found = fetch(desk.provider, object_type, object_id)
    except ProviderUnavailable:
        return
    with running(lambda: desk.make_uow(PROVIDER)) as uow:
        apply(uow, found=found, consequences=desk.consequences)


def overdue(uow: UnitOfWork) -> Sequence[str]:
    """Return news that waits longer than it should, oldest first."""
    found = (
        select(ProviderNews.event_id)
        .where(ProviderNews.state == "received", ProviderNews.received_at < uow.clock.wall() - OVERDUE)
        .order_by(ProviderNews.received_at)
        .limit(AT_ONCE)
    )
    return uow.session.scalars(found).all()


def fetch(provider: PaymentProvider, object_type: str, object_id: str) -> Found:
    """Return the object as it stands at the provider now, with the payment behind a page."""
    match object_type:
        case "checkout.session":
            page = provider.find_checkout(object_id)
            intent = page.payment_intent_id
            return _with_cash(provider, page, provider.find_payment(intent) if intent is not None else None)
        case "payment_intent":
            return _with_cash(provider, None, provider.find_payment(object_id))
        case "refund":
            return Found(refund=provider.find_refund(object_id))
        case "dispute":
            dispute = provider.find_dispute(object_id)
            intent = dispute.payment_intent_id
            paid = provider.find_payment(intent) if intent is not None else None
            return replace(_with_cash(provider, None, paid), dispute=dispute)
        case _:
            return _fetch_without_order(provider, object_type, object_id)


def _fetch_without_order(provider: PaymentProvider, object_type: str, object_id: str) -> Found:
    match object_type:
        case "transfer":
            return Found(transfer=provider.find_transfer(object_id))
        case "account":
            return Found(recipient=provider.find_recipient(object_id))
        case "payout":
            return Found(bank_payout=provider.find_bank_payout(object_id))
        case "customer_cash_balance_transaction":
            return Found(customer_id=object_id, cash=tuple(provider.cash_receipts_of(object_id)))
        case _:
            return Found()


def _with_cash(provider: PaymentProvider, page: CheckoutStatus | None, payment: Payment | None) -> Found:
    """Add the buyer's bank transfers to a payment that was made by them."""
    if payment is None or payment.customer_id is None:
        return Found(page=page, payment=payment)
    return Found(page=page, payment=payment, cash=tuple(provider.cash_receipts_of(payment.customer_id)))


def _not_found(uow: UnitOfWork, object_id: str, reason: str) -> Outcome:
    open_problem(uow, kind=Kind.NOT_FOUND, subject=object_id, detail=reason)
    return Outcome("quarantined", Kind.NOT_FOUND.value)


def _note(uow: UnitOfWork, event_id: str, outcome: Outcome) -> None:
    # Only here and only after the order: two jobs with the same news wait for one another at the order.
    news = uow.session.get_one(ProviderNews, event_id, with_for_update=True, populate_existing=True)
    if news.state == "received":
        news.state, news.reason = outcome.state, outcome.reason
        news.applied_at = uow.now if outcome.state != "received" else None
