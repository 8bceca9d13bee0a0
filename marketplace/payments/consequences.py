"""What payments ask of whoever owns the orders: orders stand above this package and answer through these words."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from marketplace.core.actor import Actor
from marketplace.core.money import Money
from marketplace.payments.models import Payment, Refund
from marketplace.payments.provider import PaymentProvider
from marketplace.payments.provider_models import Chargeback, ProviderTransfer
from marketplace.payments.verdicts import Capture
from marketplace.unit_of_work import UnitOfWork

MakeUnitOfWork = Callable[[Actor], UnitOfWork]


class Consequences(Protocol):
    """Each runs in the unit of work that noted the provider's answer, after `lock_order`."""

    def lock_order(self, uow: UnitOfWork, order_id: UUID, /) -> None:
        """Lock the order before its payment is touched: everybody locks in this order, so nobody waits in a circle."""

    def payment_paid(self, uow: UnitOfWork, payment: Payment, capture: Capture, /) -> None:
        """Hold the money that arrived."""

    def payment_started(self, uow: UnitOfWork, payment: Payment, /) -> None:
        """Wait for the bank transfer that the buyer promised."""

    def payment_short(self, uow: UnitOfWork, payment: Payment, missing: Money, /) -> None:
        """Tell the buyer how much of her bank transfer is missing."""

    def payment_failed(self, uow: UnitOfWork, payment: Payment, /) -> None:
        """Give up the bank transfer that failed."""

    def payment_closed(self, uow: UnitOfWork, payment: Payment, /) -> None:
        """End the order that nobody paid."""

    def refund_sent(self, uow: UnitOfWork, refund: Refund, /) -> None:
        """Count the money as on its way back."""

    def refund_done(self, uow: UnitOfWork, refund: Refund, /) -> None:
        """Close the order: the buyer has the money."""

    def refund_failed(self, uow: UnitOfWork, refund: Refund, failed_entry: str | None, /) -> None:
        """Owe the money again; `failed_entry` is the provider's line of its return, None when it never left."""

    def chargeback_opened(self, uow: UnitOfWork, chargeback: Chargeback, /) -> None:
        """Freeze what is still held of the disputed money."""

    def chargeback_closed(self, uow: UnitOfWork, chargeback: Chargeback, /) -> None:
        """Hold it again when the dispute was won, give it up when it was lost."""

    def transfer_sent(self, uow: UnitOfWork, transfer: ProviderTransfer, /) -> None:
        """Count the payout as sent to the cooperative's account at the provider."""

    def transfer_confirmed(self, uow: UnitOfWork, transfer: ProviderTransfer, /) -> None:
        """Count the payout as received: the provider told of it by itself; told again, nothing changes."""

    def transfer_failed(self, uow: UnitOfWork, transfer: ProviderTransfer, reason: str, /) -> None:
        """Owe the cooperative its money again: the transfer was refused, or came back whole."""

    def transfer_may_go(self, uow: UnitOfWork, transfer: ProviderTransfer, /) -> bool:
        """Tell whether nothing stops a transfer that was not sent yet."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What a job about payments works with: units of work of its own, the provider, and the owner of the orders."""

    make_uow: MakeUnitOfWork
    provider: PaymentProvider
    consequences: Consequences
