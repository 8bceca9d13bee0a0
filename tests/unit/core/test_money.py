"""Money is whole minor units: it refuses what is not exact and always sums."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from marketplace.core.money import (
    DISPLAY_DECIMALS,
    EXPONENT,
    LARGEST_MINOR,
    CurrencyMismatch,
    Money,
    UnknownCurrency,
    convert,
    exponent_of,
    total,
)

currencies = st.sampled_from(sorted(EXPONENT))
minors = st.integers(min_value=-(10**15), max_value=10**15)
rates = st.decimals(min_value="0.01", max_value="50000", places=6)


@pytest.mark.parametrize("minor", [True, False, 10.5, 10.0, Decimal(10), "10", None])
def test_minor_units_that_are_not_a_whole_number_are_refused(minor: Any) -> None:
    with pytest.raises(TypeError):
        Money(minor, "USD")


@pytest.mark.parametrize("currency", ["usd", "XXX", "", None, 840])
def test_an_unknown_currency_is_refused(currency: Any) -> None:
    with pytest.raises(UnknownCurrency):
        Money(1, currency)
    with pytest.raises(UnknownCurrency):
        exponent_of(currency)


def test_an_amount_that_no_bigint_column_holds_is_refused() -> None:
    assert Money(LARGEST_MINOR, "USD").minor == 2**63 - 1
    with pytest.raises(OverflowError):
        Money(LARGEST_MINOR + 1, "USD")


@pytest.mark.parametrize(
    ("currency", "exponent", "shown"),
    [
        ("TZS", 2, 0), ("KES", 2, 2), ("CDF", 2, 0), ("XOF", 0, 0), ("SLE", 2, 2), ("COP", 2, 0),
        ("RWF", 0, 0), ("UGX", 0, 0), ("JPY", 0, 0), ("MGA", 2, 0), ("USD", 2, 2), ("EUR", 2, 2),
    ],
)  # fmt: skip
def test_each_currency_has_its_iso_exponent_and_shown_decimals(currency: str, exponent: int, shown: int) -> None:
    assert (exponent_of(currency), DISPLAY_DECIMALS[currency]) == (exponent, shown)


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        (Decimal("12.345"), "USD", 1234),  # 1234.5 lies half way: the even neighbour is 1234
        (Decimal("12.355"), "USD", 1236),  # 1235.5: the even neighbour is 1236
        (Decimal("-12.345"), "USD", -1234),
        (Decimal("2.5"), "JPY", 2),
        (Fraction(1, 3), "USD", 33),
        (7, "TZS", 700),
    ],
)
def test_an_amount_is_rounded_once_half_to_even(amount: Decimal, currency: str, minor: int) -> None:
    assert Money.from_decimal(amount, currency) == Money(minor, currency)


@pytest.mark.parametrize("amount", [1.5, True, "1.50"])
def test_an_inexact_amount_is_refused(amount: Any) -> None:
    with pytest.raises(TypeError):
        Money.from_decimal(amount, "USD")


@pytest.mark.parametrize("amount", ["NaN", "Infinity"])
def test_an_amount_that_is_no_number_is_refused(amount: str) -> None:
    with pytest.raises(ValueError, match="finite"):
        Money.from_decimal(Decimal(amount), "USD")


def test_the_amount_shows_exactly_the_currencys_digits() -> None:
    assert str(Money(1200, "USD").amount) == "12.00"
    assert str(Money(1200, "XOF").amount) == "1200"
    assert str(Money(322_400_000, "TZS")) == "TZS 3,224,000.00"


def test_money_of_one_currency_adds_subtracts_and_compares() -> None:
    small, large = Money(199, "USD"), Money(500, "USD")
    assert small + large == Money(699, "USD")
    assert small - large == Money(-301, "USD")
    assert abs(small - large) == -(small - large) == Money(301, "USD")
    assert (small - large).is_negative
    assert small < large <= large > small >= small
    assert large
    assert not Money.zero("USD")
    assert total([small, large], currency="USD") == Money(699, "USD")
    assert total([], currency="KES") == Money(0, "KES")


def test_money_of_two_currencies_never_combines() -> None:
    dollars, shillings = Money(1, "USD"), Money(1, "TZS")
    assert dollars != shillings
    for combine in (
        lambda: dollars + shillings,
        lambda: dollars - shillings,
        lambda: dollars < shillings,
        lambda: dollars <= shillings,
        lambda: dollars > shillings,
        lambda: dollars >= shillings,
    ):
        with pytest.raises(CurrencyMismatch):
            combine()


def test_money_never_combines_with_a_bare_number() -> None:
    with pytest.raises(TypeError):
        Money(1, "USD") + 1  # type: ignore[operator]


@pytest.mark.parametrize(
    ("minor", "weights", "parts"),
    [
        (100, [1, 1, 1], [34, 33, 33]),  # 33⅓ each: the odd cent goes to the first
        (101, [Decimal("0.5"), Decimal("0.5")], [51, 50]),
        (10, [1, 2, 0], [3, 7, 0]),  # 3⅓ and 6⅔: the larger remainder gets the odd cent
        (-100, [1, 1, 1], [-34, -33, -33]),
        (0, [1, 3], [0, 0]),
    ],
)
def test_an_amount_is_shared_by_weight(minor: int, weights: list[int], parts: list[int]) -> None:
    assert [part.minor for part in Money(minor, "USD").allocate(weights)] == parts


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1]])
def test_sharing_by_weights_that_mean_nothing_is_refused(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        Money(100, "USD").allocate(weights)


@given(minor=minors, currency=currencies, weights=st.lists(st.integers(0, 10**6), min_size=1, max_size=8).filter(any))
def test_shared_parts_always_sum_to_the_whole(minor: int, currency: str, weights: list[int]) -> None:
    parts = Money(minor, currency).allocate(weights)
    assert total(parts, currency=currency) == Money(minor, currency)


def test_one_hundred_dollars_in_shillings_at_2600() -> None:
    # 100.00 USD × 2,600 TZS per USD = 260,000.00 TZS
    assert convert(Money(10_000, "USD"), Decimal(1), Decimal(2600), "TZS") == Money(26_000_000, "TZS")
    # 260,000 TZS ÷ 2,600 × 0.90 EUR per USD = 90.00 EUR
    assert convert(Money(26_000_000, "TZS"), Decimal(2600), Decimal("0.9"), "EUR") == Money(9_000, "EUR")


@pytest.mark.parametrize("rate", ["0", "-1", "NaN", "Infinity"])
def test_an_exchange_rate_that_is_not_above_zero_is_refused(rate: str) -> None:
    with pytest.raises(ValueError, match="exchange rate"):
        convert(Money(1, "USD"), Decimal(1), Decimal(rate), "EUR")
    with pytest.raises(ValueError, match="exchange rate"):
        convert(Money(1, "USD"), Decimal(rate), Decimal(1), "EUR")


@given(minor=minors, rate=rates)
def test_a_round_trip_through_a_finer_currency_loses_at_most_one_minor_unit(minor: int, rate: Decimal) -> None:
    # The currency with more minor units per dollar is the finer one; going there and back loses at most one unit here.
    finer = max(rate, Decimal(1))
    assume(abs(minor) * finer < LARGEST_MINOR)  # more than 64 bits hold is refused, which has its own test
    there = convert(Money(minor, "USD"), Decimal(1), finer, "TZS")
    back = convert(there, finer, Decimal(1), "USD")
    assert abs(back.minor - minor) <= 1
