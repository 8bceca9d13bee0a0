"""Every recipe's postings, by hand."""

from uuid import UUID

import pytest

from marketplace.core.money import Money
from marketplace.ledger import recipes
from marketplace.ledger.chart import Account, UnknownAccount, nature_of
from marketplace.ledger.recipes import Entry, Share, SharesDoNotSum

ORDER = UUID(int=1)
COOP = UUID(int=2)
PAYOUT = UUID(int=3)


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def lines(entry: Entry) -> list[tuple[str, str, int]]:
    return [(line.debit.name, line.credit.name, line.amount.minor) for line in entry.lines]


def test_a_captured_payment_is_held_for_the_order_and_the_provider_keeps_its_fee() -> None:
    assert lines(recipes.captured(ORDER, usd(124_000), usd(3_626))) == [
        ("stripe_clearing", f"held:order:{ORDER}", 124_000),
        ("stripe_fees", "stripe_clearing", 3_626),
    ]


def test_a_payment_without_a_fee_posts_one_line() -> None:
    assert len(recipes.captured(ORDER, usd(124_000), usd(0)).lines) == 1


def test_a_release_gives_each_party_its_share_of_the_held_amount() -> None:
    shares = [
        Share("cooperative", "net", usd(100_000)),
        Share("deduction", "royalty", usd(7_000)),
        Share("premium", "premium", usd(2_000)),
        Share("platform", "platform_fee", usd(5_000)),
    ]
    assert lines(recipes.released(ORDER, COOP, shares, held=usd(114_000))) == [
        (f"held:order:{ORDER}", f"coop_payable:{COOP}", 100_000),
        (f"held:order:{ORDER}", "tax_withheld:royalty", 7_000),
        (f"held:order:{ORDER}", f"premium_fund:{COOP}", 2_000),
        (f"held:order:{ORDER}", "platform_fee", 5_000),
    ]


def test_a_release_that_does_not_sum_to_the_held_amount_is_refused() -> None:
    with pytest.raises(SharesDoNotSum):
        recipes.released(ORDER, COOP, [Share("cooperative", "net", usd(99))], held=usd(100))


def test_a_share_for_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="nobody"):
        recipes.released(ORDER, COOP, [Share("trader", "x", usd(100))], held=usd(100))


def test_a_refund_leaves_the_held_account_and_then_the_provider() -> None:
    assert lines(recipes.refund_decided(ORDER, usd(5))) == [(f"held:order:{ORDER}", f"refund_payable:order:{ORDER}", 5)]
    assert lines(recipes.refund_sent(ORDER, usd(5))) == [(f"refund_payable:order:{ORDER}", "stripe_clearing", 5)]
    assert lines(recipes.refund_failed(ORDER, usd(5))) == [("stripe_clearing", f"refund_payable:order:{ORDER}", 5)]


def test_a_payout_goes_from_payable_to_reserved_to_transit_to_nothing() -> None:
    assert lines(recipes.payout_reserved(PAYOUT, COOP, usd(7))) == [
        (f"coop_payable:{COOP}", f"coop_reserved:{PAYOUT}", 7)
    ]
    assert lines(recipes.payout_sent(PAYOUT, "bank", "operating", usd(7))) == [
        (f"payout_in_transit:{PAYOUT}", "bank:operating", 7)
    ]
    assert lines(recipes.payout_confirmed(PAYOUT, COOP, usd(7))) == [
        (f"coop_reserved:{PAYOUT}", f"payout_in_transit:{PAYOUT}", 7)
    ]


def test_a_payout_that_came_back_stands_as_payable_again() -> None:
    assert lines(recipes.payout_failed(PAYOUT, "mobile_money", "mpesa", cooperative_id=COOP, amount=usd(7))) == [
        ("mobile_money:mpesa", f"payout_in_transit:{PAYOUT}", 7),
        (f"coop_reserved:{PAYOUT}", f"coop_payable:{COOP}", 7),
    ]
    assert lines(recipes.payout_released(PAYOUT, COOP, usd(7))) == [
        (f"coop_reserved:{PAYOUT}", f"coop_payable:{COOP}", 7)
    ]


def test_an_account_outside_the_chart_is_refused() -> None:
    with pytest.raises(UnknownAccount):
        nature_of(Account("petty_cash"))


def test_what_the_provider_pays_out_is_at_our_bank() -> None:
    assert lines(recipes.bank_funded("operating", usd(7))) == [("bank:operating", "stripe_clearing", 7)]
