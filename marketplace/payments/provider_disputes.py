"""What the marketplace asks of the payment provider about disputes: a buyer's bank takes a payment back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from marketplace.core.money import Money

LONGEST_EVIDENCE = 20_000


@dataclass(frozen=True, slots=True)
class DisputeEntry:
    """A line of the provider's books about a dispute: `amount` below zero is taken, `fee` below zero returned."""

    id: str
    amount: Money
    fee: Money
    created: datetime


@dataclass(frozen=True, slots=True)
class Dispute:
    """A dispute as it stands; `entries` are its lines in the provider's books, none for a mere inquiry.

    `status` is the provider's word: warning_… for an inquiry, needs_response, under_review, won, lost, prevented.
    """

    id: str
    status: str
    reason: str
    amount: Money
    charge_id: str
    payment_intent_id: str | None
    entries: tuple[DisputeEntry, ...]
    evidence_due: datetime | None
    has_evidence: bool
    created: datetime


class DisputeProvider(Protocol):
    """Answer disputes. Every call may raise ProviderUnavailable or ProviderRefused."""

    def find_dispute(self, dispute_id: str) -> Dispute:
        """Return how a dispute stands now."""
        ...

    def submit_evidence(self, dispute_id: str, *, key: str, text: str) -> Dispute:
        """Send what we have to say to the bank; it can be said once."""
        ...

    def close_dispute(self, dispute_id: str, *, key: str) -> Dispute:
        """Accept a dispute as lost."""
        ...
