"""What a payout that comes back after it was confirmed posts. Pure; a companion of recipes.py.

Source: the design's event table, "payout failed (also after "paid"): the last steps reversed; the payable stands again".
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
