"""What payouts in parts and the bank's answers post. Pure; companions of recipes.py."""

from uuid import UUID

from marketplace.core.money import Money
from marketplace.ledger import chart
from marketplace.ledger.recipes import Entry, Line


def part_failed(payout_id: UUID, rail: str, institution: str, amount: Money) -> Entry:
    """Take back one part that returned: our account has the money, the payout keeps it aside for the next try."""
    line = Line(chart.payout_source(rail, institution), chart.payout_in_transit(payout_id), amount)
    return Entry("payout_part_failed", (line,))


def receipt_unmatched(account: str, amount: Money) -> Entry:
    """Book money on our bank account that nothing explains yet; a negative amount left without an explanation."""
    bank = chart.bank(account)
    if amount.is_negative:
        return Entry("receipt_unmatched", (Line(chart.UNMATCHED_RECEIPTS, bank, -amount),))
    return Entry("receipt_unmatched", (Line(bank, chart.UNMATCHED_RECEIPTS, amount),))


def receipt_sent_back(account: str, amount: Money) -> Entry:
    """Send an unmatched receipt back to who sent it."""
    return Entry("receipt_sent_back", (Line(chart.UNMATCHED_RECEIPTS, chart.bank(account), amount),))


def receipt_credited(buyer_id: UUID, amount: Money) -> Entry:
    """Owe an unmatched receipt to a buyer as credit."""
    return Entry("receipt_credited", (Line(chart.UNMATCHED_RECEIPTS, chart.buyer_credit(buyer_id), amount),))


def receipt_owed_again(cooperative_id: UUID, amount: Money) -> Entry:
    """Owe a cooperative again what came back after its payout had been confirmed."""
    return Entry("receipt_owed_again", (Line(chart.UNMATCHED_RECEIPTS, chart.coop_payable(cooperative_id), amount),))


def bank_charged(amount: Money) -> Entry:
    """Count what the bank took by itself as our cost; `amount` is above zero."""
    return Entry("bank_charged", (Line(chart.PAYOUT_FEES, chart.UNMATCHED_RECEIPTS, amount),))
