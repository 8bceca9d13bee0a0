"""What bank transfers of buyers, transfers to recipients and returned payouts post. Pure.

A bank transfer is the buyer's credit from the day it arrives; the payment of an order uses the credit, whatever is left
stays hers. The provider counts it to our balance only when it pays for an order, so it stands on an account of its own.
"""

from uuid import UUID

from marketplace.core.money import Money
from marketplace.ledger import chart
from marketplace.ledger.recipes import Entry, Line


def credit_received(buyer_id: UUID, amount: Money) -> Entry:
    """Owe a buyer what her bank transfer brought."""
    return Entry("credit_received", (Line(chart.STRIPE_CASH, chart.buyer_credit(buyer_id), amount),))


def credit_used(buyer_id: UUID, amount: Money) -> Entry:
    """Use a buyer's credit for an order; the payment itself is captured by an entry of its own."""
    return Entry("credit_used", (Line(chart.buyer_credit(buyer_id), chart.STRIPE_CASH, amount),))


def transfer_sent(payout_id: UUID, amount: Money) -> Entry:
    """Send a payout out of our balance at the provider to its recipient there."""
    return Entry("transfer_sent", (Line(chart.payout_in_transit(payout_id), chart.STRIPE_CLEARING, amount),))


def transfer_reversed(payout_id: UUID, amount: Money) -> Entry:
    """Take back what was sent to a recipient, or a part of it."""
    return Entry("transfer_reversed", (Line(chart.STRIPE_CLEARING, chart.payout_in_transit(payout_id), amount),))


def bank_returned(institution: str, amount: Money) -> Entry:
    """Count a payout to our bank that came back to our balance at the provider."""
    return Entry("bank_returned", (Line(chart.STRIPE_CLEARING, chart.bank(institution), amount),))
