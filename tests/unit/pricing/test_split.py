"""Who gets what of a price: exact sums, the smallest price, the odd unit to the cooperative."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.money import CurrencyMismatch, Money, total
from marketplace.pricing.split import (
    LARGEST_MINOR,
    Deduction,
    Split,
    SplitLine,
    SplitRefused,
    SplitRules,
    split_from_net,
    split_from_price,
)

ROYALTY = Deduction(
    "royalty", "Royalty", "Tanzania Revenue Authority", Decimal("0.06"), evidence="sourced", source="law"
)
INSPECTION = Deduction("clearance_and_inspection", "Inspection", "Mining Commission", Decimal("0.01"))
TANZANIA = (ROYALTY, INSPECTION)

charges = st.lists(
    st.builds(
        Deduction,
        code=st.just("charge"),
        label=st.just("Charge"),
        payee=st.just("Authority"),
        rate=st.decimals(min_value=0, max_value="0.15", places=4),
        base_share=st.sampled_from([Decimal(1), Decimal("0.8")]),
    ),
    max_size=5,
).map(tuple)
premiums = st.none() | st.integers(0, 10**7).map(lambda minor: Money(minor, "USD"))
rules = st.builds(SplitRules, platform_fee_bps=st.integers(0, 3000), deductions=charges, premium=premiums)
nets = st.integers(1, 10**9).map(lambda minor: Money(minor, "USD"))


def amounts(split: Split) -> dict[str, str]:
    return {line.code: str(line.amount.amount) for line in split.lines}


def test_a_price_in_tanzania_is_shared() -> None:
    # 105.00 with 5 % on top: fee 105 × 5 ÷ 105 = 5.00, gross 100.00, royalty 6.00, inspection 1.00, net 93.00
    split = split_from_price(Money(10_500, "USD"), SplitRules(500, TANZANIA))
    assert split.seller_gross == Money(10_000, "USD")
    assert split.net == Money(9_300, "USD")
    assert amounts(split) == {
        "cooperative": "93.00", "royalty": "6.00", "clearance_and_inspection": "1.00", "platform_fee": "5.00"
    }  # fmt: skip
    royalty = split.lines[1]
    assert (royalty.payee, royalty.beneficiary, royalty.evidence, royalty.source, royalty.rate) == (
        "deduction", "Tanzania Revenue Authority", "sourced", "law", Decimal("0.06")
    )  # fmt: skip


def test_the_price_that_leaves_93_dollars_is_105() -> None:
    split = split_from_net(Money(9_300, "USD"), SplitRules(500, TANZANIA))
    assert split.price == Money(10_500, "USD")
    assert split.net == Money(9_300, "USD")


def test_the_premium_is_a_line_of_its_own_that_bears_no_fee_and_no_charge() -> None:
    split = split_from_net(Money(9_300, "USD"), SplitRules(500, TANZANIA, premium=Money(920, "USD")))
    assert split.price == Money(11_420, "USD")
    assert split.amount_of("premium") == Money(920, "USD")
    assert split.amount_of("platform") == Money(500, "USD")
    assert split.amount_of("deduction") == Money(700, "USD")


def test_a_charge_on_four_fifths_of_the_value_as_in_colombia() -> None:
    # 4 % of 80 % of 1,000.00 = 32.00
    colombian = Deduction("royalty", "Royalty", "Agency", Decimal("0.04"), base_share=Decimal("0.8"))
    split = split_from_price(Money(100_000, "USD"), SplitRules(0, (colombian,)))
    assert amounts(split) == {"cooperative": "968.00", "royalty": "32.00", "platform_fee": "0.00"}
    assert split.lines[1].rate == Decimal("0.032")


def test_the_odd_half_cent_goes_to_the_cooperative() -> None:
    # half of 0.01 is half a cent: the charge gets 0.00, the cooperative 0.01
    half = Deduction("charge", "Charge", "Authority", Decimal("0.5"))
    assert amounts(split_from_price(Money(1, "USD"), SplitRules(0, (half,))))["cooperative"] == "0.01"


def test_a_charge_of_nothing_is_shown_as_nothing() -> None:
    free = Deduction("charge", "Charge", "Authority", Decimal(0))
    assert amounts(split_from_price(Money(100, "USD"), SplitRules(0, (free,))))["charge"] == "0.00"


def test_shillings_and_francs_are_shared_in_their_own_minor_units() -> None:
    # 1,050 francs have no smaller unit: fee 50, royalty 60, inspection 10, net 930
    split = split_from_price(Money(1_050, "XOF"), SplitRules(500, TANZANIA))
    assert [line.amount.minor for line in split.lines] == [930, 60, 10, 50]


def test_every_line_says_what_it_is_who_is_paid_and_how_it_was_reckoned() -> None:
    # 114.20 with a premium of 9.20: 105.00 are left; fee 5.00, gross 100.00, royalty 6.00, inspection 1.00, net 93.00
    split = split_from_price(Money(11_420, "USD"), SplitRules(500, TANZANIA, premium=Money(920, "USD")))
    gross = Money(10_000, "USD")
    assert split.lines == (
        SplitLine("cooperative", "Cooperative", "cooperative", Money(9_300, "USD")),
        SplitLine("royalty", "Royalty", "deduction", Money(600, "USD"), Decimal("0.06"), "sourced", "law",
                  "Tanzania Revenue Authority", "sale", gross),
        SplitLine("clearance_and_inspection", "Inspection", "deduction", Money(100, "USD"), Decimal("0.01"),
                  "unverified", "", "Mining Commission", "sale", gross),
        SplitLine("premium", "Community premium", "premium", Money(920, "USD")),
        SplitLine("platform_fee", "Platform fee, paid by the buyer", "platform", Money(500, "USD"), Decimal("0.05")),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("minor", "words"),
    [
        (0, "Enter an amount above zero."),
        (-1, "Enter an amount above zero."),
        (LARGEST_MINOR + 1, "This amount is too large. Check it."),
    ],
)
def test_absurd_amounts_are_refused(minor: int, words: str) -> None:
    for share in (split_from_net, split_from_price):
        with pytest.raises(SplitRefused) as refused:
            share(Money(minor, "USD"), SplitRules(500))
        assert str(refused.value) == words


def test_the_smallest_and_the_largest_amounts_are_shared() -> None:
    for share in (split_from_net, split_from_price):
        assert share(Money(1, "USD"), SplitRules(0)).net == Money(1, "USD")
        assert share(Money(LARGEST_MINOR, "USD"), SplitRules(0)).net == Money(LARGEST_MINOR, "USD")


def test_a_price_that_leaves_nothing_is_refused() -> None:
    with pytest.raises(SplitRefused) as refused:
        split_from_price(Money(500, "USD"), SplitRules(500, premium=Money(500, "USD")))
    assert str(refused.value) == "At this price nothing is left for the cooperative."


def test_a_fee_may_be_as_much_as_the_goods_bring() -> None:
    # 100 % on top of 1.00
    assert amounts(split_from_price(Money(200, "USD"), SplitRules(10_000)))["platform_fee"] == "1.00"


def test_all_deductions_together_are_an_exact_fraction_also_when_there_are_none() -> None:
    assert type(SplitRules(0).deducted(100)) is Fraction
    assert SplitRules(0).deducted(100) == 0
    # 6 % and 1 % of 50 minor units are 3.5
    assert SplitRules(0, TANZANIA).deducted(50) == Fraction(7, 2)


def test_a_charge_on_the_highest_valuation_is_one_on_the_sale_where_nothing_was_valued() -> None:
    # 10 % of 100.00 leave 90.00
    royalty = Deduction("royalty", "Royalty", "Agency", Decimal("0.1"), or_sale_if_more=True)
    split = split_from_net(Money(9_000, "USD"), SplitRules(0, (royalty,)))
    assert (split.price, split.lines[1].basis) == (Money(10_000, "USD"), "sale_is_highest")


def test_charges_on_valuations_are_added_up_and_grow_with_a_sale_above_them() -> None:
    valued = Deduction("royalty", "Royalty", "Agency", Decimal("0.1"), fixed_base=Money(10_000, "USD"))
    two = SplitRules(0, (valued, replace(valued, code="levy")))
    # 10 % and 10 % of a value of 100.00: 80.00 are left of 100.00
    assert split_from_net(Money(8_000, "USD"), two).price == Money(10_000, "USD")
    highest = SplitRules(0, (replace(valued, or_sale_if_more=True),))
    # below the value 10.00 of 50.00; above it 20.00 of 200.00
    assert split_from_net(Money(4_000, "USD"), highest).price == Money(5_000, "USD")
    assert split_from_net(Money(18_000, "USD"), highest).price == Money(20_000, "USD")


FEE = "the platform fee is 0 to 10,000 whole basis points"
SHARES = "the rate, base and part of a are shares of one"
ELSEWHERE = Deduction("a", "A", "x", Decimal("0.1"), fixed_base=Money(1, "TZS"))


def test_a_base_in_another_currency_is_refused() -> None:
    for share in (split_from_net, split_from_price):
        with pytest.raises(CurrencyMismatch) as refused:
            share(Money(100, "USD"), SplitRules(0, (ELSEWHERE,)))
        assert str(refused.value) == "a charge has its base in another currency than the price"


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: SplitRules(-1), FEE),
        (lambda: SplitRules(10_001), FEE),
        (lambda: SplitRules(True), FEE),
        (lambda: SplitRules(0, premium=Money(-1, "USD")), "a premium is not negative"),
        (
            lambda: SplitRules(0, (Deduction("a", "A", "x", Decimal("0.5")), Deduction("b", "B", "x", Decimal("0.5")))),
            "deductions leave the cooperative nothing",
        ),
        (lambda: Deduction("a", "A", "x", Decimal(1)), SHARES),
        (lambda: Deduction("a", "A", "x", Decimal("-0.1")), SHARES),
        (lambda: Deduction("a", "A", "x", Decimal("0.1"), base_share=Decimal(0)), SHARES),
        (lambda: Deduction("a", "A", "x", Decimal("0.1"), base_share=Decimal("1.01")), SHARES),
        (lambda: Deduction("a", "A", "x", Decimal("0.1"), part=Fraction(-1, 9)), SHARES),
        (lambda: Deduction("a", "A", "x", Decimal("0.1"), part=Fraction(10, 9)), SHARES),
        (lambda: replace(ELSEWHERE, fixed_base=Money(-1, "TZS")), "the base of a is not negative"),
        (
            lambda: SplitRules(0, (ELSEWHERE, replace(ELSEWHERE, fixed_base=Money(1, "USD")))),
            "the bases of deductions are in one currency",
        ),
    ],
)
def test_rules_that_mean_nothing_are_refused(make: Any, words: str) -> None:
    with pytest.raises(ValueError, match=f"^{words}$"):
        make()


def test_a_premium_in_another_currency_is_refused() -> None:
    with pytest.raises(CurrencyMismatch):
        split_from_net(Money(100, "USD"), SplitRules(0, premium=Money(1, "TZS")))


@given(price=nets, rules=rules)
def test_the_lines_always_sum_to_the_price(price: Money, rules: SplitRules) -> None:
    try:
        split = split_from_price(price, rules)
    except SplitRefused:
        return
    assert total([line.amount for line in split.lines], currency="USD") == price
    assert all(line.amount.minor >= 0 for line in split.lines)
    assert split.seller_gross - split.net == split.amount_of("deduction")


@given(net=nets, rules=rules)
def test_the_price_for_a_net_amount_is_the_smallest_that_leaves_it(net: Money, rules: SplitRules) -> None:
    split = split_from_net(net, rules)
    assert split.net == net
    assert split_from_price(split.price, rules) == split
    try:
        cheaper = split_from_price(split.price - Money(1, "USD"), rules)
    except SplitRefused:
        return
    assert cheaper.net < net


@given(net=nets, rules=rules, more=st.integers(1, 1000))
def test_a_higher_net_amount_never_has_a_lower_price(net: Money, rules: SplitRules, more: int) -> None:
    assert split_from_net(net + Money(more, "USD"), rules).price > split_from_net(net, rules).price
