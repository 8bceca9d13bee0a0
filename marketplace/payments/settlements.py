"""Payments whose money the provider exchanged by itself into a currency of our balance there."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.core.money import Money
from marketplace.ledger.exchange import Swap, part_of
from marketplace.ledger.provider_exchange import Booked
from marketplace.payments.finance_models import ProviderSettlement
from marketplace.payments.models import Payment
from marketplace.payments.quotes import quote
from marketplace.payments.verdicts import Capture
from marketplace.unit_of_work import UnitOfWork


def settlement_of(session: Session, payment_id: UUID) -> ProviderSettlement | None:
    """Return what the provider made of a payment; None when it counted the very currency that was paid."""
    return session.get(ProviderSettlement, payment_id)


def keep(
    uow: UnitOfWork, *, payment: Payment, capture: Capture, worth: Money, rate_ids: Sequence[str]
) -> ProviderSettlement:
    """Note what the provider counted for a payment, its fee, and what the payment was worth."""
    row = ProviderSettlement(
        payment_id=payment.id,
        paid_minor=capture.gross.minor,
        paid_currency=capture.gross.currency,
        gross_minor=capture.settled.minor,
        fee_minor=capture.fee.minor,
        currency=capture.settled.currency,
        worth_minor=worth.minor,
        provider_rate=capture.provider_rate,
        rate_ids=list(rate_ids),
        booked_at=uow.now,
    )
    uow.session.add(row)
    uow.session.flush()
    uow.record("provider_settlement.keep", row, payment, gross=capture.settled, fee=capture.fee, worth=worth)
    return row


def worth_today(uow: UnitOfWork, amount: Money, booked: Money, *, reference: str) -> tuple[Money, list[str]]:
    """Return what an amount is worth in the provider's currency by today's rates, and these; without, what it says."""
    found = quote(uow.session, amount, booked.currency, on=uow.now.date())
    return (booked, [f"provider:{reference}"]) if found is None else (found.amount, list(found.rate_ids))


def booked_for(
    uow: UnitOfWork, *, payment_id: UUID, amount: Money, booked: Money, after: Money, reference: str
) -> tuple[Booked, list[str]]:
    """Return what a line of the provider's books moved for a part of a payment, beside what that part was worth.

    `after` is what the parts before it sum to: so all parts take with them exactly what the whole was worth.
    """
    row = settlement_of(uow.session, payment_id)
    if row is None or row.currency != booked.currency:
        worth, rate_ids = worth_today(uow, amount, booked, reference=reference)
        return Booked(booked, worth), rate_ids
    paid, worth = Money(row.paid_minor, row.paid_currency), Money(row.worth_minor, row.currency)
    return Booked(booked, part_of(Swap(paid, worth, worth), amount, after=after).given), list(row.rate_ids)
