"""What was fetched from the provider just now, and what became of it."""

from dataclasses import dataclass
from typing import Final

from marketplace.payments import provider
from marketplace.payments.provider_disputes import Dispute
from marketplace.payments.provider_recipients import BankPayout, Recipient, Transfer


@dataclass(frozen=True, slots=True)
class Found:
    """Objects fetched from the provider just now."""

    page: provider.CheckoutStatus | None = None
    payment: provider.Payment | None = None
    refund: provider.Refund | None = None
    customer_id: str | None = None
    cash: tuple[provider.CashReceipt, ...] = ()
    dispute: Dispute | None = None
    recipient: Recipient | None = None
    transfer: Transfer | None = None
    bank_payout: BankPayout | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of news: `applied`, `ignored`, `quarantined`, or `received` when it must be read again."""

    state: str
    reason: str | None = None


APPLIED: Final = Outcome("applied")
NOT_OURS: Final = Outcome("ignored", "not ours")
NOT_YET: Final = Outcome("received", "not booked yet")
