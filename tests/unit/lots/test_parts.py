"""However a lot is cut, its parts sum to its price, and no rest is left that nobody may buy."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.money import Money
from marketplace.lots.parts import (
    LEAST_PRICE,
    MOST_PARTS,
    PartRefused,
    Stock,
    check_part,
    content_of_part,
    least_part_of,
    price_of_part,
    share_of,
    share_of_price,
)

# 100 g for $12,345.67, at least 10 g at a time
WHOLE = Stock(whole_mg=100_000, price=Money(1_234_567, "USD"), least_mg=10_000, free_mg=100_000, free_minor=1_234_567)
DUST = {"kind": "gold", "form": "dust", "weight_mg": 100_000, "pieces": 1, "fineness_permille": "920", "title": "all"}
STONES = {"kind": "gem", "form": "cut", "variety": "tsavorite", "weight_mg": 5_000, "pieces": 40, "title": "all"}


def taken(stock: Stock, part_mg: int) -> Stock:
    price = price_of_part(stock, part_mg)
    return replace(stock, free_mg=stock.free_mg - part_mg, free_minor=stock.free_minor - price.minor)


def test_a_part_costs_its_share_rounded_once() -> None:
    # 12,345.67 × 0.1 = 1,234.567 → 1,234.57; × 0.3 = 3,703.701 → 3,703.70
    assert price_of_part(WHOLE, 10_000) == Money(123_457, "USD")
    assert price_of_part(WHOLE, 30_000) == Money(370_370, "USD")
    assert share_of_price(Money(5, "USD"), 1, whole_mg=2) == Money(3, "USD"), "an exact half goes up"


def test_the_whole_costs_the_price() -> None:
    assert price_of_part(WHOLE, 100_000) == WHOLE.price


def test_the_last_part_takes_what_remains() -> None:
    stock = WHOLE
    for _ in range(9):
        stock = taken(stock, 10_000)
    # 1,234,567 - 9 × 123,457 = 123,454
    assert price_of_part(stock, 10_000) == Money(123_454, "USD")
    assert taken(stock, 10_000).free_minor == 0


@pytest.mark.parametrize("part_mg", [0, -1, 100_001])
def test_no_price_is_asked_of_what_is_no_part(part_mg: int) -> None:
    with pytest.raises(ValueError, match="a part is above zero"):
        price_of_part(WHOLE, part_mg)


@pytest.mark.parametrize(
    ("free_mg", "part_mg", "said"),
    [
        (100_000, 100_000, ""),
        (100_000, 10_000, ""),
        (100_000, 90_000, ""),
        (20_000, 10_000, ""),
        (100_000, 100_001, "Only 100 g of this lot are free now. Choose less."),
        (100_000, 9_999, "The least part is 10 g. Choose more."),
        (100_000, 90_001, "The rest would be below the least part. Choose all 100 g, or at most 90 g."),
        (15_500, 10_000, "The rest would be below the least part. Choose all 15.5 g, or at most 5.5 g."),
        (15_500, 15_500, ""),
        (0, 10_000, "Nothing of this lot is free now. Look again later."),
    ],
)
def test_a_part_is_at_least_the_least_and_leaves_none_below_it(free_mg: int, part_mg: int, said: str) -> None:
    stock = replace(WHOLE, free_mg=free_mg)
    if not said:
        check_part(stock, part_mg)
        return
    with pytest.raises(PartRefused) as refused:
        check_part(stock, part_mg)
    assert str(refused.value) == said


def test_stones_are_told_in_carats() -> None:
    with pytest.raises(PartRefused, match="The least part is 50 ct"):
        check_part(replace(WHOLE, unit="ct"), 5_000)


def test_only_a_version_that_says_so_is_sold_in_parts() -> None:
    assert least_part_of({**DUST, "parts": {"least_mg": 10_000}}) == 10_000
    assert least_part_of(DUST) is None


def test_a_part_has_its_own_weight_pieces_and_title() -> None:
    assert content_of_part(DUST, 25_000) == {**DUST, "weight_mg": 25_000, "title": "Gold dust, 25.00 g, 920 ‰"}
    part = content_of_part(STONES, 1_250)
    assert (part["pieces"], part["title"]) == (10, "Tsavorite parcel, 6.25 ct, cut")
    assert content_of_part(STONES, 1)["pieces"] == 1
    assert content_of_part(DUST, None) == DUST


def test_a_share_is_exact() -> None:
    assert share_of(DUST, None) == 1
    assert share_of(DUST, 30_000) == Fraction(3, 10)


@st.composite
def lots(draw: st.DrawFn) -> Stock:
    least = draw(st.integers(1, 50_000))
    whole = draw(st.integers(2 * least, MOST_PARTS * least))
    price = draw(st.integers(-(-LEAST_PRICE * whole // least), 10**12))
    return Stock(whole, Money(price, "USD"), least, whole, price)


@given(lots(), st.data())
def test_parts_sum_to_the_price_whatever_is_taken_and_given_back(stock: Stock, data: st.DataObject) -> None:
    out: list[tuple[int, int]] = []
    full = stock.price.minor
    for _ in range(data.draw(st.integers(1, 25))):
        if out and data.draw(st.booleans()):
            mg, minor = out.pop(data.draw(st.integers(0, len(out) - 1)))
            stock = replace(stock, free_mg=stock.free_mg + mg, free_minor=stock.free_minor + minor)
        elif stock.free_mg:
            choices = [stock.free_mg]
            if stock.free_mg >= 2 * stock.least_mg:
                choices.append(data.draw(st.integers(stock.least_mg, stock.free_mg - stock.least_mg)))
            part_mg = data.draw(st.sampled_from(choices))
            check_part(stock, part_mg)
            price = price_of_part(stock, part_mg)
            exact = Fraction(stock.price.minor * part_mg, stock.whole_mg)
            assert price.minor > 0
            # less than a twentieth from its share: the last part takes what at most 100 rounded prices left
            assert abs(price.minor - exact) <= max(Fraction(1, 2), exact / 20)
            out.append((part_mg, price.minor))
            stock = taken(stock, part_mg)
        assert stock.free_minor + sum(minor for _mg, minor in out) == full
        assert stock.free_mg + sum(mg for mg, _minor in out) == stock.whole_mg
        assert (stock.free_mg == 0) == (stock.free_minor == 0)
