"""What the provider's words mean for a payment of ours. Pure; the order of arrival does not matter.

Source: the inbox rule of the design. Amount, currency and order must be exactly the expected ones before any money
counts as received; a paid payment never becomes anything else.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from marketplace.core.money import Money
from marketplace.payments.provider import CheckoutStatus, Payment

CAPTURED = "succeeded"
CANCELED = "canceled"
AWAITED = "requires_action"
NOT_ATTEMPTED = "requires_payment_method"


class Verdict(StrEnum):
    """What to do with a payment."""

    PAID = "paid"
    CLOSED = "closed"
    WAIT = "wait"
    STARTED = "started"
    FAILED = "failed"
    OTHER_ORDER = "other_order"
    OTHER_AMOUNT = "other_amount"


WRONG = frozenset({Verdict.OTHER_ORDER, Verdict.OTHER_AMOUNT})


@dataclass(frozen=True, slots=True)
class Expected:
    """What our own books say about the payment."""

    order_reference: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Capture:
    """Money that arrived: what was paid, what the provider counted for it, the fee it kept, and who paid.

    `methods` are the provider's names of the cards or accounts the money came from.
    """

    payment_intent_id: str
    charge_id: str
    balance_transaction_id: str
    gross: Money
    fee: Money
    settled: Money
    provider_rate: Decimal | None = None
    methods: tuple[str, ...] = ()

    @property
    def is_exchanged(self) -> bool:
        """Tell whether the provider counted another currency than was paid."""
        return self.settled.currency != self.gross.currency


def judge(expected: Expected, page: CheckoutStatus | None, payment: Payment | None) -> Verdict:
    """Return what the payment page and the payment, fetched just now, mean."""
    references = {found.order_reference for found in (page, payment) if found is not None}
    if references - {expected.order_reference}:
        return Verdict.OTHER_ORDER
    if payment is not None and payment.status == CAPTURED:
        if payment.amount_received != expected.amount:
            return Verdict.OTHER_AMOUNT
        return Verdict.PAID if capture_of(payment) is not None else Verdict.WAIT
    if page is not None and page.amount != expected.amount:
        return Verdict.OTHER_AMOUNT
    return _unpaid(page, payment)


def _unpaid(page: CheckoutStatus | None, payment: Payment | None) -> Verdict:
    """Tell a page that ended from one whose buyer promised a bank transfer, which may arrive days later."""
    status = payment.status if payment is not None else None
    if status == CANCELED or (page is not None and page.status == "expired"):
        return Verdict.CLOSED
    if status == AWAITED and payment is not None and payment.missing is not None:
        return Verdict.STARTED
    is_complete = page is not None and page.status == "complete"
    return Verdict.FAILED if is_complete and status == NOT_ATTEMPTED else Verdict.WAIT


def capture_of(payment: Payment) -> Capture | None:
    """Return what was captured; None while the provider has not booked it with its fee."""
    if payment.charge_id is None or payment.fee is None or payment.balance_transaction_id is None:
        return None
    return Capture(
        payment_intent_id=payment.id,
        charge_id=payment.charge_id,
        balance_transaction_id=payment.balance_transaction_id,
        gross=payment.amount_received,
        fee=payment.fee,
        methods=() if payment.method_fingerprint is None else (payment.method_fingerprint,),
        settled=payment.amount_received if payment.booked is None else payment.booked,
        provider_rate=payment.provider_rate,
    )
