"""What is posted when the provider exchanges by itself: its books stand in another currency than the buyer's. Pure.

The price goes through the position at the order's own rate. What the provider counted stands beside what the payment
was worth by a dated rate; the difference is gain or loss at once. What goes back takes its part of that worth with it,
so that after all went back no position is left.

Source: the design's rows "captured", "refund", "chargeback" and "exchange", with clearing in the provider's currency.
"""

from dataclasses import dataclass
from uuid import UUID

from marketplace.core.money import Money
from marketplace.ledger import chart
from marketplace.ledger.chart import Account
from marketplace.ledger.exchange import Swap, leaves
from marketplace.ledger.recipes import Entry, Line


@dataclass(frozen=True, slots=True)
class Booked:
    """What one line of the provider's books moved, and what it should have been by the dated rate."""

    amount: Money
    worth: Money


def same(amount: Money) -> Swap:
    """Return an amount as an exchange for itself: it passes through the position of its own currency."""
    return Swap(amount, amount, amount)


def captured(order_id: UUID, whole: Swap, booked: Booked, fee: Money) -> Entry:
    """Hold the price of a paid order that the provider counted to us in a currency of its own, less its fee."""
    held = tuple(_turned(line) for line in leaves(chart.held(order_id), chart.STRIPE_CLEARING, whole)[:-1])
    return _entry("captured", *held, *_comes(booked), Line(chart.STRIPE_FEES, chart.STRIPE_CLEARING, fee))


def refund_sent(order_id: UUID, amount: Money, booked: Booked) -> Entry:
    """Count a refund as sent: the buyer's currency is owed no more, the provider took its own."""
    owed = Line(chart.refund_payable(order_id), chart.FX_POSITION, amount)
    return _entry("refund_sent", owed, *_goes(booked))


def refund_failed(order_id: UUID, amount: Money, booked: Booked) -> Entry:
    """Owe a refund again that came back: what the provider gave back may be more or less than it took."""
    owed = Line(chart.FX_POSITION, chart.refund_payable(order_id), amount)
    return _entry("refund_failed", owed, *_comes(booked))


def chargeback_taken(chargeback_id: UUID, amount: Money, booked: Booked, fee: Money) -> Entry:
    """Count what the provider took back from us in its currency, with its fee."""
    withheld = Line(chart.dispute_withheld(chargeback_id), chart.FX_POSITION, amount)
    return _entry("chargeback_taken", withheld, *_goes(booked), Line(chart.DISPUTE_FEES, chart.STRIPE_CLEARING, fee))


def chargeback_returned(chargeback_id: UUID, amount: Money, booked: Booked, fee: Money) -> Entry:
    """Count what the provider gave back in its currency, with the part of its fee that it returned."""
    withheld = Line(chart.FX_POSITION, chart.dispute_withheld(chargeback_id), amount)
    return _entry(
        "chargeback_returned", withheld, *_comes(booked), Line(chart.STRIPE_CLEARING, chart.DISPUTE_FEES, fee)
    )


def chargeback_lost(order_id: UUID, chargeback_id: UUID, *, frozen: Swap | None, loss: Swap | None) -> Entry:
    """Give up money that was paid in another currency than the price: what was frozen, and the rest as our loss."""
    withheld = chart.dispute_withheld(chargeback_id)
    lines = leaves(chart.frozen(order_id), withheld, frozen) if frozen is not None else ()
    more = leaves(chart.CHARGEBACK_LOSS, withheld, loss) if loss is not None else ()
    return _entry("chargeback_lost", *lines, *more)


def _comes(booked: Booked) -> tuple[Line, ...]:
    """Take in what the provider counted; more than the worth is a gain, less a loss."""
    return _through(chart.STRIPE_CLEARING, booked)


def _goes(booked: Booked) -> tuple[Line, ...]:
    """Let go what the provider took; more than the worth is a loss, less a gain."""
    return tuple(_turned(line) for line in _through(chart.STRIPE_CLEARING, booked))


def _through(account: Account, booked: Booked) -> tuple[Line, ...]:
    more = booked.amount - booked.worth
    lines = [Line(account, chart.FX_POSITION, min(booked.amount, booked.worth))]
    if more.is_negative:
        lines.append(Line(chart.FX_GAIN_LOSS, chart.FX_POSITION, -more))
    else:
        lines.append(Line(account, chart.FX_GAIN_LOSS, more))
    return tuple(lines)


def _turned(line: Line) -> Line:
    return Line(line.credit, line.debit, line.amount)


def _entry(kind: str, *lines: Line) -> Entry:
    return Entry(kind, tuple(line for line in lines if line.amount))
