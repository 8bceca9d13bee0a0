"""Every posting of chargebacks, bank transfers, transfers to recipients and returned payouts, by hand."""

from uuid import UUID

from marketplace.core.money import Money
from marketplace.ledger import chargeback_recipes, provider_recipes
from marketplace.ledger.chart import Kind, Rule, nature_of
from marketplace.ledger.recipes import Entry

ORDER, CHARGEBACK, BUYER, PAYOUT = (UUID(int=number) for number in (1, 2, 3, 4))
HELD, FROZEN = f"held:order:{ORDER}", f"frozen:order:{ORDER}"
WITHHELD = f"dispute_withheld:{CHARGEBACK}"
CREDIT = f"buyer_credit:{BUYER}"
IN_TRANSIT = f"payout_in_transit:{PAYOUT}"


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def told(entry: Entry) -> tuple[str, list[tuple[str, str, int]]]:
    return entry.kind, [(line.debit.name, line.credit.name, line.amount.minor) for line in entry.lines]


def test_an_opened_chargeback_freezes_what_is_held_and_takes_amount_and_fee_from_clearing() -> None:
    assert told(chargeback_recipes.chargeback_frozen(ORDER, usd(124_000))) == (
        "chargeback_frozen",
        [(HELD, FROZEN, 124_000)],
    )
    assert told(chargeback_recipes.chargeback_taken(CHARGEBACK, usd(124_000), usd(1_500))) == (
        "chargeback_taken",
        [(WITHHELD, "stripe_clearing", 124_000), ("dispute_fees", "stripe_clearing", 1_500)],
    )


def test_a_chargeback_without_a_fee_posts_one_line() -> None:
    assert told(chargeback_recipes.chargeback_taken(CHARGEBACK, usd(5), usd(0)))[1] == [
        (WITHHELD, "stripe_clearing", 5)
    ]
    assert told(chargeback_recipes.chargeback_returned(CHARGEBACK, usd(5), usd(0)))[1] == [
        ("stripe_clearing", WITHHELD, 5)
    ]


def test_a_won_chargeback_is_the_opened_one_reversed() -> None:
    assert told(chargeback_recipes.chargeback_unfrozen(ORDER, usd(124_000))) == (
        "chargeback_unfrozen",
        [(FROZEN, HELD, 124_000)],
    )
    assert told(chargeback_recipes.chargeback_returned(CHARGEBACK, usd(124_000), usd(1_500))) == (
        "chargeback_returned",
        [("stripe_clearing", WITHHELD, 124_000), ("stripe_clearing", "dispute_fees", 1_500)],
    )


def test_a_lost_chargeback_takes_the_frozen_money_and_the_rest_is_our_loss() -> None:
    assert told(chargeback_recipes.chargeback_lost(ORDER, CHARGEBACK, frozen=usd(100_000), loss=usd(24_000))) == (
        "chargeback_lost",
        [(FROZEN, WITHHELD, 100_000), ("chargeback_loss", WITHHELD, 24_000)],
    )


def test_a_chargeback_lost_before_or_after_the_release_posts_one_line() -> None:
    before = chargeback_recipes.chargeback_lost(ORDER, CHARGEBACK, frozen=usd(124_000), loss=usd(0))
    after = chargeback_recipes.chargeback_lost(ORDER, CHARGEBACK, frozen=usd(0), loss=usd(124_000))
    assert told(before)[1] == [(FROZEN, WITHHELD, 124_000)]
    assert told(after)[1] == [("chargeback_loss", WITHHELD, 124_000)]


def test_a_bank_transfer_is_the_buyers_credit_until_an_order_uses_it() -> None:
    assert told(provider_recipes.credit_received(BUYER, usd(130_000))) == (
        "credit_received",
        [("stripe_cash", CREDIT, 130_000)],
    )
    assert told(provider_recipes.credit_used(BUYER, usd(124_000))) == (
        "credit_used",
        [(CREDIT, "stripe_cash", 124_000)],
    )


def test_a_transfer_leaves_clearing_and_comes_back_to_it() -> None:
    assert told(provider_recipes.transfer_sent(PAYOUT, usd(7))) == (
        "transfer_sent",
        [(IN_TRANSIT, "stripe_clearing", 7)],
    )
    assert told(provider_recipes.transfer_reversed(PAYOUT, usd(3))) == (
        "transfer_reversed",
        [("stripe_clearing", IN_TRANSIT, 3)],
    )


def test_a_payout_that_came_back_is_at_the_provider_again() -> None:
    assert told(provider_recipes.bank_returned("operating", usd(7))) == (
        "bank_returned",
        [("stripe_clearing", "bank:operating", 7)],
    )


def test_what_is_owed_or_withheld_cannot_go_below_zero() -> None:
    lines = (
        *chargeback_recipes.chargeback_lost(ORDER, CHARGEBACK, frozen=usd(1), loss=usd(1)).lines,
        *provider_recipes.credit_used(BUYER, usd(1)).lines,
    )
    natures = {side.name.partition(":")[0]: nature_of(side) for line in lines for side in (line.debit, line.credit)}
    assert {name: (nature.kind, nature.rule, nature.tracked) for name, nature in natures.items()} == {
        "frozen": (Kind.LIABILITY, Rule.CREDIT_MIN0, True),
        "dispute_withheld": (Kind.ASSET, Rule.DEBIT_MIN0, True),
        "buyer_credit": (Kind.LIABILITY, Rule.CREDIT_MIN0, True),
        "chargeback_loss": (Kind.EXPENSE, Rule.ANY, False),
        "stripe_cash": (Kind.ASSET, Rule.ANY, False),
    }
