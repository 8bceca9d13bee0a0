"""Apply what was fetched from the provider: each kind of object by the rules of its own module."""

from marketplace.payments.bank_payouts import apply_bank_payout
from marketplace.payments.buyer_credit import apply_cash
from marketplace.payments.chargebacks import apply_dispute
from marketplace.payments.consequences import Consequences
from marketplace.payments.findings import Found, Outcome
from marketplace.payments.provider_disputes import Dispute
from marketplace.payments.receipts import apply_to_payment, apply_to_refund
from marketplace.payments.recipients import apply_recipient
from marketplace.payments.transfers import apply_transfer
from marketplace.unit_of_work import UnitOfWork


def apply(uow: UnitOfWork, *, found: Found, consequences: Consequences) -> Outcome:
    """Note what was found; money that does not fit to the cent and the order is quarantined, never guessed at."""
    if found.refund is not None:
        return apply_to_refund(uow, found.refund, consequences)
    if found.dispute is not None:
        return _apply_to_dispute(uow, found, found.dispute, consequences)
    if found.transfer is not None:
        return apply_transfer(uow, found.transfer, consequences)
    if found.page is not None or found.payment is not None:
        return apply_to_payment(uow, found, consequences)
    return _apply_without_order(uow, found)


def _apply_to_dispute(uow: UnitOfWork, found: Found, dispute: Dispute, consequences: Consequences) -> Outcome:
    """Note the disputed payment first: news of the dispute may come before that of the payment."""
    if found.payment is not None:
        first = apply_to_payment(uow, found, consequences)
        if first.state in ("received", "quarantined"):
            return first
    return apply_dispute(uow, dispute, consequences)


def _apply_without_order(uow: UnitOfWork, found: Found) -> Outcome:
    if found.recipient is not None:
        return apply_recipient(uow, found.recipient)
    if found.bank_payout is not None:
        return apply_bank_payout(uow, found.bank_payout)
    if found.customer_id is not None:
        return apply_cash(uow, found)
    return Outcome("ignored", "nothing to fetch")
