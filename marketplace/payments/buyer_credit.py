"""Bank transfers of buyers: each is her credit when it arrives, an order uses it, and what is left is told to her."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from marketplace.core.money import Money
from marketplace.ledger import chart, provider_recipes
from marketplace.ledger.models import LedgerJournal
from marketplace.ledger.queries import balance
from marketplace.ledger.services import post
from marketplace.notifications.services import tell
from marketplace.payments.findings import APPLIED, Found, Outcome
from marketplace.payments.models import Payment
from marketplace.payments.problems import Kind, open_problem
from marketplace.payments.provider import CashReceipt
from marketplace.payments.provider_models import ProviderCustomer
from marketplace.payments.provider_time import business_time
from marketplace.unit_of_work import UnitOfWork


def keep_customer(uow: UnitOfWork, *, payment: Payment, provider_ref: str, user_id: str) -> None:
    """Remember a buyer's customer at the provider, once."""
    if payment.buyer_id is None or customer_of(uow, payment) is not None:
        return
    customer = ProviderCustomer(
        buyer_id=payment.buyer_id, user_id=UUID(user_id), provider_ref=provider_ref, created_at=uow.now
    )
    uow.session.add(customer)
    uow.session.flush()
    uow.record("provider_customer.keep", customer, provider_ref=provider_ref)


def customer_of(uow: UnitOfWork, payment: Payment) -> ProviderCustomer | None:
    """Return the buyer of a payment as the provider knows her."""
    return uow.session.scalar(select(ProviderCustomer).where(ProviderCustomer.buyer_id == payment.buyer_id))


def apply_cash(uow: UnitOfWork, found: Found) -> Outcome:
    """Owe a buyer what her transfers brought; money that no order waits for is told to her and to finance."""
    customer = uow.session.scalar(
        select(ProviderCustomer).where(ProviderCustomer.provider_ref == found.customer_id).with_for_update()
    )
    if customer is None:
        if not found.cash:
            return Outcome("ignored", "not ours")
        open_problem(uow, kind=Kind.CREDIT, subject=f"customer {found.customer_id}", detail=_told(found.cash))
        return Outcome("quarantined", Kind.CREDIT.value)
    for currency in _receive(uow, customer, found.cash):
        if not _is_awaited(uow, customer, currency):
            _tell_credit(uow, customer, currency)
    return APPLIED


def use_credit(uow: UnitOfWork, *, payment: Payment, cash: Sequence[CashReceipt]) -> None:
    """Use the buyer's credit for a payment that arrived in full; what is left stays hers, and she is told."""
    customer = customer_of(uow, payment)
    if customer is None:
        raise LookupError(f"no customer of payment {payment.id}")
    uow.session.refresh(customer, with_for_update=True)
    _receive(uow, customer, cash)
    amount = Money(payment.amount_minor, payment.currency)
    post(
        uow,
        entry=provider_recipes.credit_used(customer.buyer_id, amount),
        key=f"{payment.id}:credit_used",
        order_id=payment.order_id,
    )
    _tell_credit(uow, customer, payment.currency)


def _receive(uow: UnitOfWork, customer: ProviderCustomer, cash: Sequence[CashReceipt]) -> list[str]:
    """Post the transfers that are new; return their currencies."""
    keys = [f"credit_received:{receipt.id}" for receipt in cash]
    known = set(
        uow.session.scalars(select(LedgerJournal.idempotency_key).where(LedgerJournal.idempotency_key.in_(keys)))
    )
    new = [receipt for receipt in cash if f"credit_received:{receipt.id}" not in known]
    for receipt in new:
        post(
            uow,
            entry=provider_recipes.credit_received(customer.buyer_id, receipt.amount),
            key=f"credit_received:{receipt.id}",
            external_ref=receipt.id,
            event_at=business_time(uow, receipt.created),
        )
    return sorted({receipt.amount.currency for receipt in new})


def _is_awaited(uow: UnitOfWork, customer: ProviderCustomer, currency: str) -> bool:
    waiting = select(Payment.id).where(
        Payment.buyer_id == customer.buyer_id,
        Payment.currency == currency,
        Payment.state.in_(("creating", "open")),
    )
    return uow.session.scalar(waiting.limit(1)) is not None


def _tell_credit(uow: UnitOfWork, customer: ProviderCustomer, currency: str) -> None:
    credit = balance(uow.session, chart.buyer_credit(customer.buyer_id), currency)
    if not credit:
        return
    open_problem(uow, kind=Kind.CREDIT, subject=f"buyer {customer.buyer_id} {currency}", detail=str(credit))
    tell(uow, user_id=customer.user_id, template="payment_credit", params={"credit": credit})


def _told(cash: Sequence[CashReceipt]) -> str:
    return "; ".join(f"{receipt.id} {receipt.amount}" for receipt in cash)
