"""What each event of money posts. Pure: an entry is a kind and its lines, debit → credit.

Source: the event table of the design ("captured", "release", "payout reserved / sent / confirmed", "refund …").
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from marketplace.core.money import Money
from marketplace.ledger import chart
from marketplace.ledger.chart import Account


@dataclass(frozen=True, slots=True)
class Line:
    """One posting: the same amount leaves `credit` and enters `debit`."""

    debit: Account
    credit: Account
    amount: Money


@dataclass(frozen=True, slots=True)
class Entry:
    """One journal to be: lines of nothing are left out."""

    kind: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a held amount and whose it is: cooperative, deduction, premium or platform."""

    payee: str
    code: str
    amount: Money


class SharesDoNotSum(ValueError):
    """The parts of a release do not sum to the held amount."""


def captured(order_id: UUID, gross: Money, fee: Money) -> Entry:
    """Hold the buyer's payment; the provider kept its fee."""
    return _entry(
        "captured",
        Line(chart.STRIPE_CLEARING, chart.held(order_id), gross),
        Line(chart.STRIPE_FEES, chart.STRIPE_CLEARING, fee),
    )


def released(order_id: UUID, cooperative_id: UUID, shares: Sequence[Share], *, held: Money) -> Entry:
    """Split the held amount to the last minor unit; raise SharesDoNotSum otherwise."""
    if sum((share.amount for share in shares), Money.zero(held.currency)) != held:
        raise SharesDoNotSum(f"shares of order {order_id} do not sum to {held}")
    source = chart.held(order_id)
    return _entry("released", *(Line(source, _owner(share, cooperative_id), share.amount) for share in shares))


def _owner(share: Share, cooperative_id: UUID) -> Account:
    match share.payee:
        case "cooperative":
            return chart.coop_payable(cooperative_id)
        case "premium":
            return chart.premium_fund(str(cooperative_id))
        case "deduction":
            return chart.tax_withheld(share.code)
        case "platform":
            return chart.PLATFORM_FEE
        case _:
            raise ValueError(f"nobody is called {share.payee!r} in a split")


def refund_decided(order_id: UUID, amount: Money) -> Entry:
    """Owe the held amount, or a part, to the buyer again."""
    return _entry("refund_decided", Line(chart.held(order_id), chart.refund_payable(order_id), amount))


def refund_sent(order_id: UUID, amount: Money) -> Entry:
    """Count a refund as sent by the provider."""
    return _entry("refund_sent", Line(chart.refund_payable(order_id), chart.STRIPE_CLEARING, amount))


def refund_failed(order_id: UUID, amount: Money) -> Entry:
    """Owe a refund again that was sent and came back."""
    return _entry("refund_failed", Line(chart.STRIPE_CLEARING, chart.refund_payable(order_id), amount))


def payout_reserved(payout_id: UUID, cooperative_id: UUID, amount: Money) -> Entry:
    """Take the cooperative's money aside for a payout: no second payout can take it."""
    return _entry("payout_reserved", Line(chart.coop_payable(cooperative_id), chart.coop_reserved(payout_id), amount))


def payout_released(payout_id: UUID, cooperative_id: UUID, amount: Money) -> Entry:
    """Let the payable stand again: the payout was cancelled before it was sent."""
    return _entry("payout_released", Line(chart.coop_reserved(payout_id), chart.coop_payable(cooperative_id), amount))


def payout_sent(payout_id: UUID, rail: str, institution: str, amount: Money) -> Entry:
    """Send money from our account at the bank or mobile-money provider."""
    source = chart.payout_source(rail, institution)
    return _entry("payout_sent", Line(chart.payout_in_transit(payout_id), source, amount))


def payout_confirmed(payout_id: UUID, cooperative_id: UUID, amount: Money) -> Entry:
    """Count the money as received by the cooperative."""
    del cooperative_id  # the reserved account already belongs to one cooperative
    return _entry("payout_confirmed", Line(chart.coop_reserved(payout_id), chart.payout_in_transit(payout_id), amount))


def payout_failed(payout_id: UUID, rail: str, institution: str, *, cooperative_id: UUID, amount: Money) -> Entry:
    """Take back a sent payout that returned: our account has the money, the payable stands again."""
    source = chart.payout_source(rail, institution)
    return _entry(
        "payout_failed",
        Line(source, chart.payout_in_transit(payout_id), amount),
        Line(chart.coop_reserved(payout_id), chart.coop_payable(cooperative_id), amount),
    )


def bank_funded(institution: str, amount: Money) -> Entry:
    """Move what the provider paid out from our clearing balance to our bank account."""
    return _entry("bank_funded", Line(chart.bank(institution), chart.STRIPE_CLEARING, amount))


def _entry(kind: str, *lines: Line) -> Entry:
    return Entry(kind, tuple(line for line in lines if line.amount))
