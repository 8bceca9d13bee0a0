"""Stripe: disputes, in which a buyer's bank takes a payment back."""

from __future__ import annotations

import stripe

from marketplace.payments.provider_disputes import Dispute, DisputeEntry
from marketplace.payments.stripe_amounts import from_stripe
from marketplace.payments.stripe_client import StripeConnection, id_of, moment, translated


class StripeDisputes(StripeConnection):
    """Answer disputes."""

    def find_dispute(self, dispute_id: str) -> Dispute:
        """Return how a dispute stands now."""
        with translated(changes=False):
            return _dispute(self._client.v1.disputes.retrieve(dispute_id))

    def submit_evidence(self, dispute_id: str, *, key: str, text: str) -> Dispute:
        """Send what we have to say to the bank; it can be said once."""
        with translated(changes=True):
            return _dispute(
                self._client.v1.disputes.update(
                    dispute_id, {"evidence": {"uncategorized_text": text}, "submit": True}, {"idempotency_key": key}
                )
            )

    def close_dispute(self, dispute_id: str, *, key: str) -> Dispute:
        """Accept a dispute as lost."""
        with translated(changes=True):
            return _dispute(self._client.v1.disputes.close(dispute_id, None, {"idempotency_key": key}))


def _dispute(found: stripe.Dispute) -> Dispute:
    due = found.evidence_details.due_by
    return Dispute(
        id=found.id,
        status=found.status,
        reason=found.reason,
        amount=from_stripe(found.amount, found.currency),
        charge_id=id_of(found.charge) or "",
        payment_intent_id=id_of(found.payment_intent),
        entries=tuple(_entry(entry) for entry in found.balance_transactions),
        evidence_due=moment(due) if due else None,
        has_evidence=found.evidence_details.submission_count > 0,
        created=moment(found.created),
    )


def _entry(entry: stripe.BalanceTransaction) -> DisputeEntry:
    return DisputeEntry(
        id=entry.id,
        amount=from_stripe(entry.amount, entry.currency),
        fee=from_stripe(entry.fee, entry.currency),
        created=moment(entry.created),
    )
