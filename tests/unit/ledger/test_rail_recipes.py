"""What payouts in parts and the bank's answers post, each line by hand."""

from uuid import UUID

import pytest

from marketplace.core.money import Money
from marketplace.ledger import rail_recipes as recipes
from marketplace.ledger.recipes import Entry, payout_sent

ID = UUID(int=7)
TEN = Money(1_000, "USD")


def lines(entry: Entry) -> list[tuple[str, str, int]]:
    return [(line.debit.name, line.credit.name, line.amount.minor) for line in entry.lines]


@pytest.mark.parametrize(
    ("entry", "kind", "posted"),
    [
        (
            recipes.part_failed(ID, "bank", "operating", TEN),
            "payout_part_failed",
            [("bank:operating", f"payout_in_transit:{ID}", 1_000)],
        ),
        (
            recipes.receipt_unmatched("operating", TEN),
            "receipt_unmatched",
            [("bank:operating", "unmatched_receipts", 1_000)],
        ),
        (
            recipes.receipt_unmatched("operating", -TEN),
            "receipt_unmatched",
            [("unmatched_receipts", "bank:operating", 1_000)],
        ),
        (
            recipes.receipt_sent_back("operating", TEN),
            "receipt_sent_back",
            [("unmatched_receipts", "bank:operating", 1_000)],
        ),
        (
            recipes.receipt_credited(ID, TEN),
            "receipt_credited",
            [("unmatched_receipts", f"buyer_credit:{ID}", 1_000)],
        ),
        (
            recipes.receipt_owed_again(ID, TEN),
            "receipt_owed_again",
            [("unmatched_receipts", f"coop_payable:{ID}", 1_000)],
        ),
        (recipes.bank_charged(TEN), "bank_charged", [("payout_fees", "unmatched_receipts", 1_000)]),
    ],
)
def test_each_event_posts_these_lines(entry: Entry, kind: str, posted: list[tuple[str, str, int]]) -> None:
    assert (entry.kind, lines(entry)) == (kind, posted)


@pytest.mark.parametrize(
    ("rail", "institution", "source"),
    [
        ("bank", "operating", "bank:operating"),
        ("cash", "desk", "cash:desk"),
        ("mobile_money", "mpesa", "mobile_money:mpesa"),
        ("stripe", "stripe", "stripe_clearing"),
    ],
)
def test_a_payout_leaves_from_the_account_of_its_rail(rail: str, institution: str, source: str) -> None:
    assert lines(payout_sent(ID, rail, institution, TEN)) == [(f"payout_in_transit:{ID}", source, 1_000)]
