"""What comes back posts, line by line."""

from uuid import UUID

from marketplace.core.money import Money
from marketplace.ledger import chart, return_recipes
from marketplace.ledger.recipes import Entry

PAYOUT = UUID(int=7)


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def told(entry: Entry) -> tuple[str, list[tuple[str, str, int]]]:
    return entry.kind, [(line.debit.name, line.credit.name, line.amount.minor) for line in entry.lines]


def test_a_payout_that_came_back_takes_its_last_steps_back() -> None:
    entry = return_recipes.payout_returned(PAYOUT, chart.bank("operating"), usd(7))
    in_transit, reserved = f"payout_in_transit:{PAYOUT}", f"coop_reserved:{PAYOUT}"
    assert told(entry) == ("payout_returned", [(in_transit, reserved, 7), ("bank:operating", in_transit, 7)])


def test_a_line_that_is_understood_takes_its_first_booking_back() -> None:
    arrived = return_recipes.receipt_explained("operating", usd(5))
    assert told(arrived) == ("receipt_explained", [("unmatched_receipts", "bank:operating", 5)])
    left = return_recipes.receipt_explained("operating", usd(-5))
    assert told(left) == ("receipt_explained", [("bank:operating", "unmatched_receipts", 5)])


def test_what_the_bank_gives_back_lowers_our_costs() -> None:
    assert told(return_recipes.bank_gave_back(usd(3))) == ("bank_gave_back", [("unmatched_receipts", "payout_fees", 3)])
