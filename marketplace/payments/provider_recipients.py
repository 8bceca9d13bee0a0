"""What the marketplace asks of the payment provider to pay others: recipients, transfers, payouts to our bank."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from marketplace.core.money import Money


@dataclass(frozen=True, slots=True)
class Recipient:
    """An account at the provider that may be sent money once its owner told the provider enough."""

    id: str
    country: str
    is_submitted: bool
    takes_transfers: bool
    is_paid_out: bool
    wanted: tuple[str, ...]
    reference: str | None


@dataclass(frozen=True, slots=True)
class OnboardingLink:
    """The address of a recipient's own page at the provider: good once, and until `expires_at`."""

    url: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Transfer:
    """Money sent to a recipient."""

    id: str
    amount: Money
    reversed: Money
    recipient_id: str
    balance_transaction_id: str | None
    reversal_entries: tuple[tuple[str, Money], ...]
    group: str | None
    reference: str | None


@dataclass(frozen=True, slots=True)
class BankPayout:
    """Money on its way from the provider to our own bank: pending, in_transit, paid, failed or canceled."""

    id: str
    status: str
    amount: Money
    arrival: datetime
    balance_transaction_id: str | None
    failure_balance_transaction_id: str | None
    failure: str | None
    reference: str | None


@dataclass(frozen=True, slots=True)
class Balance:
    """What the provider holds for us in one currency."""

    available: Money
    pending: Money


class RecipientProvider(Protocol):
    """Pay others. Every call may raise ProviderUnavailable or ProviderRefused; a key makes a command happen once."""

    def create_recipient(self, *, key: str, country: str, reference: str, email: str | None) -> Recipient:
        """Keep an account that can only receive; its owner fills in the rest by an onboarding link."""
        ...

    def find_recipient(self, recipient_id: str) -> Recipient:
        """Return how a recipient stands now."""
        ...

    def recipients(self) -> Sequence[Recipient]:
        """Return every recipient: the look-up after an unknown outcome."""
        ...

    def create_onboarding_link(
        self, recipient_id: str, *, key: str, return_url: str, refresh_url: str
    ) -> OnboardingLink:
        """Return a fresh link to a recipient's own page."""
        ...

    def create_transfer(
        self, *, key: str, recipient_id: str, amount: Money, group: str, source_charge_id: str | None, reference: str
    ) -> Transfer:
        """Send money to a recipient: out of one charge, even if it is pending, or out of what is available."""
        ...

    def find_transfer(self, transfer_id: str) -> Transfer:
        """Return how a transfer stands now."""
        ...

    def transfers_of(self, group: str) -> Sequence[Transfer]:
        """Return the transfers of a group, the oldest first: the look-up after an unknown outcome."""
        ...

    def reverse_transfer(self, transfer_id: str, *, key: str, amount: Money) -> Transfer:
        """Take back all or part of a transfer, and return how it stands."""
        ...

    def create_bank_payout(self, *, key: str, amount: Money, reference: str) -> BankPayout:
        """Send available money to our own bank account."""
        ...

    def find_bank_payout(self, payout_id: str) -> BankPayout:
        """Return how a payout to our bank stands now."""
        ...

    def bank_payouts(self) -> Sequence[BankPayout]:
        """Return the newest payouts to our bank: the look-up after an unknown outcome."""
        ...

    def balance(self) -> dict[str, Balance]:
        """Return what the provider holds for us, by currency."""
        ...
