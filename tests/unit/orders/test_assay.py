"""Gold priced by assay, worked out by hand and for any numbers."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.money import Money
from marketplace.orders.assay import MARGIN, deposit_of, final_price, fine_mg, shares_of_deposit


def usd(minor: int) -> Money:
    return Money(minor, "USD")


@pytest.mark.parametrize(
    ("provisional", "deposit"),
    [
        (1_000_000, 1_030_000),  # 10,000.00 and 300.00
        (333, 343),  # 3.33 x 1.03 = 3.4299, rounded up
        (100, 103),
        (1, 2),
    ],
)
def test_a_deposit_is_the_price_and_three_in_a_hundred_rounded_up(provisional: int, deposit: int) -> None:
    assert deposit_of(usd(provisional)) == usd(deposit)
    assert Fraction(3, 100) == MARGIN


def test_gold_finer_than_listed_costs_more_within_the_margin() -> None:
    # 100 g at 900 is 90 g fine, listed for 10,000.00. 100 g at 918 is 91.8 g: 10,200.00, of 10,300.00 paid.
    listed, assayed = fine_mg(100_000, Decimal(900)), fine_mg(100_000, Decimal(918))

    assert (listed, assayed) == (90_000, 91_800)
    assert final_price(usd(1_000_000), listed_fine_mg=listed, assayed_fine_mg=assayed) == usd(1_020_000)


def test_gold_less_fine_costs_less() -> None:
    # 99.5 g at 880.5 is 87.60975 g: 10,000.00 x 87.60975 / 90 = 9,734.4166..., rounded to 9,734.42.
    found = final_price(
        usd(1_000_000), listed_fine_mg=Fraction(90_000), assayed_fine_mg=fine_mg(99_500, Decimal("880.5"))
    )

    assert found == usd(973_442)


def test_nobody_pays_more_than_the_deposit() -> None:
    found = final_price(usd(1_000_000), listed_fine_mg=Fraction(90_000), assayed_fine_mg=Fraction(99_000))

    assert found == usd(1_030_000)


def test_half_a_cent_goes_to_the_even_one() -> None:
    price = {"provisional": usd(10), "listed_fine_mg": Fraction(20)}

    assert final_price(assayed_fine_mg=Fraction(5), **price) == usd(2)  # 2.5
    assert final_price(assayed_fine_mg=Fraction(7), **price) == usd(4)  # 3.5


@pytest.mark.parametrize(("listed", "assayed"), [(0, 1), (1, 0), (-1, 1), (1, -1)])
def test_fine_gold_weighs_something(listed: int, assayed: int) -> None:
    with pytest.raises(ValueError, match="more than nothing"):
        final_price(usd(100), listed_fine_mg=Fraction(listed), assayed_fine_mg=Fraction(assayed))


@given(parts=st.lists(st.integers(min_value=0, max_value=10**9), min_size=1, max_size=5))
def test_the_parts_of_a_deposit_sum_to_it(parts: list[int]) -> None:
    lines = [{"payee": "cooperative", "amount_minor": parts[0] + 1}]
    lines += [{"payee": "deduction", "amount_minor": part} for part in parts[1:]]
    provisional = usd(sum(int(line["amount_minor"]) for line in lines))

    found = shares_of_deposit(lines, provisional=provisional)

    assert sum(line["amount_minor"] for line in found) == deposit_of(provisional).minor
    assert all(new["amount_minor"] >= old["amount_minor"] for new, old in zip(found, lines, strict=True))


@given(
    provisional=st.integers(min_value=1, max_value=10**11),
    listed=st.integers(min_value=1, max_value=10**8),
    assayed=st.integers(min_value=1, max_value=10**8),
)
def test_a_final_price_grows_with_the_gold_and_stays_within_the_deposit(
    provisional: int, listed: int, assayed: int
) -> None:
    def price(fine: int) -> Money:
        return final_price(usd(provisional), listed_fine_mg=Fraction(listed), assayed_fine_mg=Fraction(fine))

    assert 1 <= price(assayed).minor <= price(assayed + 1).minor <= deposit_of(usd(provisional)).minor
    assert price(listed) == usd(provisional)
