"""What the marketplace asks of whoever takes card payments, in its own words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final, Literal, Protocol

from marketplace.core.errors import DomainError, Unavailable
from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.payments.provider_disputes import DisputeProvider
from marketplace.payments.provider_recipients import RecipientProvider

# How long the provider keeps a payment page open, counted from the moment it receives the call.
SHORTEST_CHECKOUT: Final = timedelta(minutes=30)
LONGEST_CHECKOUT: Final = timedelta(hours=24)
# How long the provider remembers an idempotency key; older commands are looked up, never sent again.
KEY_REMEMBERED: Final = timedelta(hours=24)
LARGEST_PAGE: Final = 100

CheckoutState = Literal["open", "complete", "expired"]


@dataclass(frozen=True, slots=True)
class Checkout:
    """A payment page that was opened for one order."""

    session_id: str
    url: str
    expires_at: datetime
    payment_intent_id: str | None


@dataclass(frozen=True, slots=True)
class CheckoutStatus:
    """How a payment page stands; `order_reference` is None for a page that is not ours."""

    session_id: str
    status: CheckoutState
    payment_status: Literal["paid", "unpaid"]
    payment_intent_id: str | None
    amount: Money
    order_reference: str | None


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment; charge, fee and balance transaction exist once it was captured.

    A payment by bank transfer has a customer, and is `missing` what did not arrive yet. `method_fingerprint` is the
    provider's own name of the card or account that paid: the same one always has the same; None where it tells none.
    `booked` is what counts to our balance before the fee: in another currency than was paid when the provider exchanged
    it at `provider_rate`.
    """

    id: str
    status: str
    amount_received: Money
    charge_id: str | None
    fee: Money | None
    balance_transaction_id: str | None
    order_reference: str | None
    customer_id: str | None = None
    missing: Money | None = None
    method_fingerprint: str | None = None
    booked: Money | None = None
    provider_rate: Decimal | None = None


@dataclass(frozen=True, slots=True)
class CashReceipt:
    """A bank transfer that arrived at the provider for a customer, whatever payment it is used for then.

    `sender` names the account it came from: the same one always has the same name; None where too little is known.
    """

    id: str
    customer_id: str
    amount: Money
    created: datetime
    sender: str | None = None


@dataclass(frozen=True, slots=True)
class Refund:
    """Money on its way back to a buyer: pending, requires_action, succeeded, failed or canceled.

    `booked` is what left our balance for it, `returned` what came back when it failed, in the balance's currency.
    """

    id: str
    status: str
    amount: Money
    balance_transaction_id: str | None
    failure_balance_transaction_id: str | None
    payment_intent_id: str | None
    order_reference: str | None
    reference: str | None = None
    booked: Money | None = None
    returned: Money | None = None


@dataclass(frozen=True, slots=True)
class BalanceTransaction:
    """One line of the provider's own books: `net` is `amount` less `fee`, signed as the balance moves."""

    id: str
    type: str
    source_id: str | None
    amount: Money
    fee: Money
    net: Money
    created: datetime


@dataclass(frozen=True, slots=True)
class ProviderEvent:
    """The provider says that something happened; fetch the object itself before acting on it."""

    id: str
    type: str
    object_id: str
    object_type: str
    created: datetime
    raw: Mapping[str, Any]


class ProviderUnavailable(Unavailable):
    """The provider did not answer; `outcome_unknown` says whether the command may have been carried out."""

    code = "payment_provider_unavailable"
    message = N_("The payment service does not answer now. Nothing was lost. Try again in a minute.")

    def __init__(self, *, outcome_unknown: bool) -> None:
        self.outcome_unknown = outcome_unknown
        super().__init__()


class FundsNotThere(ProviderUnavailable):
    """Our balance at the provider does not hold enough yet; nothing was asked of it."""

    def __init__(self) -> None:
        super().__init__(outcome_unknown=False)


class ProviderRefused(DomainError):
    """The provider said no for good; `reason` is its code and `detail` its words, for staff and logs."""

    code = "payment_provider_refused"
    message = N_("The payment service refused this. Our staff can see why.")

    def __init__(self, reason: str, detail: str) -> None:
        self.reason, self.detail = reason, detail
        super().__init__()


class ForgedEvent(DomainError):
    """A message that claims to come from the provider does not, or is too old or too new."""

    code = "forged_event"
    message = N_("This message does not carry a valid signature.")


class PaymentProvider(DisputeProvider, RecipientProvider, Protocol):
    """Take payments and give them back. Every call may raise ProviderUnavailable or ProviderRefused.

    A `key` makes a command happen once. Send the same key only with exactly the same arguments: that is why
    `expires_at` is a moment the caller fixed when it wrote the command, not a span counted anew at each try.
    """

    def create_checkout(
        self,
        *,
        key: str,
        order_reference: str,
        amount: Money,
        description: str,
        success_url: str,
        cancel_url: str,
        expires_at: datetime,
        customer_email: str | None,
        customer_id: str | None = None,
    ) -> Checkout:
        """Open a payment page; `expires_at` must lie SHORTEST_CHECKOUT to LONGEST_CHECKOUT after the call arrives.

        With a customer the page takes a bank transfer, which may arrive days after the page was closed; else a card.
        """
        ...

    def create_customer(self, *, key: str, reference: str, email: str | None) -> str:
        """Keep a customer, whom bank transfers belong to, and return the provider's id."""
        ...

    def cancel_payment(self, payment_intent_id: str, *, key: str) -> Payment:
        """Stop waiting for a bank transfer; a payment already made or canceled is answered as it stands."""
        ...

    def cash_receipts_of(self, customer_id: str) -> Sequence[CashReceipt]:
        """Return every bank transfer that arrived from a customer, the oldest first."""
        ...

    def find_checkout(self, session_id: str) -> CheckoutStatus:
        """Return how a payment page stands now."""
        ...

    def expire_checkout(self, session_id: str, *, key: str) -> CheckoutStatus:
        """Close a payment page; one already complete or expired is answered as it stands."""
        ...

    def find_payment(self, payment_intent_id: str) -> Payment:
        """Return a payment with its fee."""
        ...

    def create_refund(
        self, *, key: str, payment_intent_id: str, amount: Money, order_reference: str, reference: str | None = None
    ) -> Refund:
        """Return all or part of a captured payment; `reference` tells several refunds of one order apart."""
        ...

    def find_refund(self, refund_id: str) -> Refund:
        """Return how a refund stands now."""
        ...

    def refunds_of(self, payment_intent_id: str) -> Sequence[Refund]:
        """Return every refund of a payment, the oldest first: the look-up after an unknown outcome."""
        ...

    def read_event(self, payload: bytes, signature: str, *, now_wall: datetime) -> ProviderEvent:
        """Return a signed event, or raise ForgedEvent."""
        ...

    def events_since(self, after_id: str | None, *, limit: int = LARGEST_PAGE) -> Sequence[ProviderEvent]:
        """Return the events after one, the oldest first; without one, from the oldest the provider keeps."""
        ...

    def balance_transactions_since(
        self, after_id: str | None, *, limit: int = LARGEST_PAGE
    ) -> Sequence[BalanceTransaction]:
        """Return the lines of the provider's books after one, the oldest first; without one, from the first."""
        ...
