"""What a chargeback posts. Pure.

Source: the event table of the design ("chargeback opened / withdrawn A + fee / won / lost"). The order's side (held and
frozen) and the provider's side (withheld and fees) are entries of their own: each line of the provider's books has one.
After a release the loss is ours; nothing is taken from the cooperative.
"""

from uuid import UUID

from marketplace.core.money import Money
from marketplace.ledger import chart
from marketplace.ledger.recipes import Entry, Line


def chargeback_frozen(order_id: UUID, amount: Money) -> Entry:
    """Keep what is still held of the disputed amount from being released."""
    return Entry("chargeback_frozen", (Line(chart.held(order_id), chart.frozen(order_id), amount),))


def chargeback_unfrozen(order_id: UUID, amount: Money) -> Entry:
    """Hold the amount as before: the dispute was won or withdrawn."""
    return Entry("chargeback_unfrozen", (Line(chart.frozen(order_id), chart.held(order_id), amount),))


def chargeback_taken(chargeback_id: UUID, amount: Money, fee: Money) -> Entry:
    """Count what the provider took back from us, with its fee."""
    return _entry(
        "chargeback_taken",
        Line(chart.dispute_withheld(chargeback_id), chart.STRIPE_CLEARING, amount),
        Line(chart.DISPUTE_FEES, chart.STRIPE_CLEARING, fee),
    )


def chargeback_returned(chargeback_id: UUID, amount: Money, fee: Money) -> Entry:
    """Count what the provider gave us back, with the part of its fee that it returned."""
    return _entry(
        "chargeback_returned",
        Line(chart.STRIPE_CLEARING, chart.dispute_withheld(chargeback_id), amount),
        Line(chart.STRIPE_CLEARING, chart.DISPUTE_FEES, fee),
    )


def chargeback_lost(order_id: UUID, chargeback_id: UUID, *, frozen: Money, loss: Money) -> Entry:
    """Give the money up: what was frozen was the buyer's own, the rest was released before and is our loss."""
    withheld = chart.dispute_withheld(chargeback_id)
    return _entry(
        "chargeback_lost",
        Line(chart.frozen(order_id), withheld, frozen),
        Line(chart.CHARGEBACK_LOSS, withheld, loss),
    )


def _entry(kind: str, *lines: Line) -> Entry:
    return Entry(kind, tuple(line for line in lines if line.amount))
