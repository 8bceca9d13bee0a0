"""What comes back posts: a payout after it was confirmed, a charge of the bank, a line understood later. Pure.

Source: the design's event table, "payout failed (also after paid)": the last steps reversed, the payable stands again.
"""

from uuid import UUID

from marketplace.core.money import Money
from marketplace.ledger import chart
from marketplace.ledger.chart import Account
from marketplace.ledger.recipes import Entry, Line


def payout_returned(payout_id: UUID, source: Account, amount: Money) -> Entry:
    """Take back confirmation and sending: the money is in our account `source` again, and stands aside.

    `payout_released` follows when the whole transfer came back: then the cooperative is owed it.
    """
    in_transit = chart.payout_in_transit(payout_id)
    return Entry(
        "payout_returned",
        (Line(in_transit, chart.coop_reserved(payout_id), amount), Line(source, in_transit, amount)),
    )


def receipt_explained(account: str, amount: Money) -> Entry:
    """Take back the booking of a line that is matched after all; `amount` is signed as the line was."""
    bank = chart.bank(account)
    if amount.is_negative:
        return Entry("receipt_explained", (Line(bank, chart.UNMATCHED_RECEIPTS, -amount),))
    return Entry("receipt_explained", (Line(chart.UNMATCHED_RECEIPTS, bank, amount),))


def bank_gave_back(amount: Money) -> Entry:
    """Count what the bank gave back, or paid by itself, against our cost of payouts; `amount` is above zero."""
    return Entry("bank_gave_back", (Line(chart.UNMATCHED_RECEIPTS, chart.PAYOUT_FEES, amount),))
