"""How fair sales were: ratios of one sale, and medians, quartiles and means of many, worked out by hand."""

from decimal import Decimal
from fractions import Fraction
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.money import CurrencyMismatch, Money
from marketplace.pricing.fairness import (
    Summary,
    Tally,
    basis_points,
    gold_basis_points,
    miner_share,
    price_achieved_gem,
    price_achieved_gold,
    share_of_one,
)

ratios = st.lists(st.integers(0, 20_000), min_size=1, max_size=60)


def tally(*sales: tuple[int, int]) -> Tally:
    found = Tally()
    for ratio, weight in sales:
        found.add(ratio, weight=weight)
    return found


def shares(*texts: str) -> tuple[Decimal, ...]:
    return tuple(Decimal(text) for text in texts)


@pytest.mark.parametrize(
    ("part", "whole", "ratio"),
    [
        (9_300, 10_500, 8857),  # 0.885714…
        (1, 20_000, 0),  # half a basis point rounds to the even 0
        (3, 20_000, 2),  # one and a half rounds to the even 2
        (1, 1, 10_000),
        (0, 7, 0),
        (7, 20_000, 4),  # three and a half: the even 4
        (9, 20_000, 4),  # four and a half: the even 4
        (1, 3, 3333),
        (2, 3, 6667),
    ],
)
def test_a_ratio_is_rounded_once_half_to_even(part: int, whole: int, ratio: int) -> None:
    assert basis_points(part, whole) == ratio


@pytest.mark.parametrize("whole", [0, -1])
def test_a_share_of_nothing_is_refused(whole: int) -> None:
    with pytest.raises(ValueError, match=r"^a share is of an amount above zero$"):
        basis_points(1, whole)


def test_the_share_of_one_cent_is_a_share() -> None:
    assert basis_points(1, 1) == 10_000


def test_gold_is_measured_by_its_fine_content() -> None:
    # 250 g at 920 ‰ and 4,129.10045482 USD an ounce are worth 30,533.342…; 27,500 ÷ 30,533.342 = 0.90065…
    rate = Decimal("4129.10045482")
    assert gold_basis_points(2_750_000, weight_mg=250_000, fineness_permille=Decimal(920), usd_per_troy_ounce=rate) == (
        9007
    )
    # A gram of fine gold at 31.1034768 USD an ounce is worth one dollar.
    one = Decimal("31.1034768")
    assert gold_basis_points(95, weight_mg=1000, fineness_permille=Decimal(1000), usd_per_troy_ounce=one) == 9500
    assert gold_basis_points(95, weight_mg=1000, fineness_permille=Decimal(500), usd_per_troy_ounce=one) == 19_000
    assert gold_basis_points(95, weight_mg=2000, fineness_permille=Decimal(500), usd_per_troy_ounce=one) == 9500


def test_the_ratios_of_money_are_shares_with_four_decimals() -> None:
    # 9,300 ÷ 10,500 = 0.885714…
    assert str(miner_share(Money(930_000, "USD"), Money(1_050_000, "USD"))) == "0.8857"
    assert str(price_achieved_gem(Money(120, "TZS"), Money(100, "TZS"))) == "1.2000"
    gold = price_achieved_gold(
        Money(95, "USD"), weight_mg=1000, fineness_permille=Decimal(1000), usd_per_troy_ounce=Decimal("31.1034768")
    )
    assert str(gold) == "0.9500"
    assert str(share_of_one(1)) == "0.0001"


def test_two_currencies_have_no_ratio() -> None:
    with pytest.raises(CurrencyMismatch, match=r"^USD and TZS have no ratio; convert first$"):
        miner_share(Money(1, "USD"), Money(1, "TZS"))
    with pytest.raises(CurrencyMismatch, match=r"^the gold reference is in US dollars; convert the net amount first$"):
        price_achieved_gold(Money(1, "TZS"), weight_mg=1, fineness_permille=Decimal(1), usd_per_troy_ounce=Decimal(1))


def test_nothing_counted_has_no_summary() -> None:
    assert Tally().summary() is None
    assert Tally().count == 0


def test_one_sale_is_its_own_median() -> None:
    assert tally((9000, 5)).summary() == Summary(1, *shares("0.9000", "0.9000", "0.9000", "0.9000"))


def test_the_median_of_two_lies_half_way_and_the_quartiles_a_quarter_of_the_way() -> None:
    # 8,000 and 9,000: a quarter of the way is 8,250, half 8,500, three quarters 8,750.
    # By price: (8,000 × 300 + 9,000 × 100) ÷ 400 = 8,250.
    assert tally((9000, 100), (8000, 300)).summary() == Summary(2, *shares("0.8250", "0.8500", "0.8750", "0.8250"))


def test_the_quartiles_of_five_are_the_second_third_and_fourth() -> None:
    # Places (5 - 1) × ¼ = 1, 2 and 3. By price: (7,000 + 8,000 + 8,500 + 9,000 + 2 × 9,500) ÷ 6 = 8,583.33…
    found = tally((9500, 2), (7000, 1), (9000, 1), (8000, 1), (8500, 1)).summary()
    assert found == Summary(5, *shares("0.8000", "0.8500", "0.9000", "0.8583"))


def test_the_quartiles_of_four_lie_between_their_neighbours() -> None:
    # Places 3 × ¼ = ¾, 1½ and 2¼ of 10, 20, 40, 80: 10 + ¾ × 10 = 17.5, to the even 18; 30; 40 + ¼ × 40 = 50.
    # By equal prices: 150 ÷ 4 = 37.5, to the even 38.
    found = tally(*((ratio, 1) for ratio in (80, 10, 40, 20))).summary()
    assert found == Summary(4, *shares("0.0018", "0.0030", "0.0050", "0.0038"))


def test_a_tally_includes_another_as_if_it_had_counted_itself() -> None:
    both, other = tally((9000, 3), (8000, 1)), tally((9000, 1), (5000, 7))
    both.include(other)
    # 5,000, 8,000, 9,000, 9,000: the median is 8,500; by price (27,000 + 8,000 + 9,000 + 35,000) ÷ 12 = 6,583.33…
    assert both.summary() == tally((9000, 3), (8000, 1), (9000, 1), (5000, 7)).summary()
    assert both.summary() == Summary(4, *shares("0.7250", "0.8500", "0.9000", "0.6583"))
    assert other.count == 2


def test_equal_ratios_each_count() -> None:
    # 9,000 three times and 5,000 once: places ¾, 1½ and 2¼ of 5,000, 9,000, 9,000, 9,000: 8,000, 9,000, 9,000.
    found = tally((9000, 1), (9000, 1), (5000, 1), (9000, 5))
    assert found.count == 4
    # By price: (9,000 × 7 + 5,000) ÷ 8 = 8,500.
    assert found.summary() == Summary(4, *shares("0.8000", "0.9000", "0.9000", "0.8500"))


@given(given_ratios=ratios)
def test_the_median_is_what_the_library_says_exactly(given_ratios: list[int]) -> None:
    found = tally(*((ratio, 1) for ratio in given_ratios)).summary()
    assert found is not None
    assert found.count == len(given_ratios)
    assert found.middle == Decimal(round(Fraction(median([Fraction(ratio) for ratio in given_ratios])))).scaleb(-4)
    assert min(given_ratios) <= found.low * 10_000 <= found.middle * 10_000 <= found.high * 10_000
    assert found.high * 10_000 <= max(given_ratios)


@given(given_ratios=ratios, weight=st.integers(1, 10**12))
def test_a_mean_by_equal_prices_is_the_plain_mean_and_order_does_not_count(
    given_ratios: list[int], weight: int
) -> None:
    forward = tally(*((ratio, weight) for ratio in given_ratios)).summary()
    backward = tally(*((ratio, weight) for ratio in reversed(given_ratios))).summary()
    assert forward is not None
    assert forward == backward
    assert forward.mean == share_of_one(round(Fraction(sum(given_ratios), len(given_ratios))))
