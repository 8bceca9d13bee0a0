"""What a price was on each day: the series that counted then, with the exchange rate of then, never a later one."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.money import Money
from marketplace.pricing.price_history import DayPrice, Observed, prices_per_gram, reference_line

MONDAY = date(2026, 9, 14)


def seen(days: int, value: str, *, series: str = "XAU/USD", priority: int = 0) -> Observed:
    return Observed(series, priority, 3, MONDAY + timedelta(days=days), Decimal(value), "source", "licence")


def line(*observations: Observed) -> list[tuple[int, str]]:
    return [((each.on - MONDAY).days, str(each.value)) for each in reference_line(observations)]


def test_one_series_is_its_own_line_in_order() -> None:
    assert line(seen(1, "2"), seen(0, "1")) == [(0, "1"), (1, "2")]
    assert line() == []


def test_the_series_of_the_highest_priority_counts_on_its_day() -> None:
    assert line(seen(0, "1"), seen(0, "9", series="LBMA", priority=5)) == [(0, "9")]
    assert line(seen(0, "9", series="LBMA", priority=5), seen(0, "1")) == [(0, "9")]


def test_it_counts_until_it_is_stale() -> None:
    # Of Monday; fresh for three working days, so until Thursday: the other series is silent until Friday (day 4).
    better = seen(0, "9", series="LBMA", priority=5)

    assert line(better, seen(1, "1"), seen(3, "2"), seen(4, "3")) == [(0, "9"), (4, "3")]


def test_an_older_value_of_a_patient_series_is_not_drawn_again() -> None:
    # On Friday the better series of Tuesday is stale after one working day; the patient one of Monday counts again,
    # and it was drawn on Monday.
    patient = Observed("B", 3, 10, MONDAY, Decimal(1), "source", "licence")
    better = Observed("A", 5, 1, MONDAY + timedelta(days=1), Decimal(2), "source", "licence")

    assert line(seen(4, "3", series="C"), better, patient) == [(0, "1"), (1, "2")]


def test_of_two_series_of_one_priority_the_first_by_code_counts() -> None:
    assert line(seen(0, "1", series="B"), seen(0, "2", series="A")) == [(0, "2")]


def test_a_gram_in_dollars_is_the_ounce_divided() -> None:
    # 4,129.1005 ÷ 31.1034768 = 132.753660…
    prices = prices_per_gram([seen(0, "4129.1005")], None, currency="USD")

    assert prices == (DayPrice(MONDAY, Money(13_275, "USD")),)


def test_each_day_is_converted_with_the_rate_until_that_day() -> None:
    metal = [seen(0, "31.1034768"), seen(1, "31.1034768"), seen(2, "31.1034768")]  # one dollar a gram
    exchange = [seen(0, "2500", series="USD/TZS"), seen(2, "2600", series="USD/TZS")]

    prices = prices_per_gram(metal, exchange, currency="TZS")

    assert [price.per_gram.amount for price in prices] == [2500, 2500, 2600]


@pytest.mark.parametrize(("days", "count"), [(14, 1), (15, 0)])
def test_a_day_without_a_rate_of_the_last_14_days_is_left_out(days: int, count: int) -> None:
    metal, exchange = [seen(days, "31.1034768")], [seen(0, "2500", series="USD/TZS")]

    assert len(prices_per_gram(metal, exchange, currency="TZS")) == count


def test_a_rate_of_tomorrow_converts_nothing_today() -> None:
    assert prices_per_gram([seen(0, "4000")], [seen(1, "2500")], currency="TZS") == ()
    assert prices_per_gram([seen(0, "4000")], [], currency="TZS") == ()


@given(st.lists(st.tuples(st.integers(0, 90), st.sampled_from("ABC"), st.integers(0, 3)), max_size=60))
def test_a_line_moves_forward_and_holds_only_what_was_observed(rows: list[tuple[int, str, int]]) -> None:
    priorities = {series: priority for _, series, priority in rows}
    unique = {(day, series) for day, series, _ in rows}
    observed = [seen(day, "1", series=series, priority=priorities[series]) for day, series in sorted(unique)]
    found = reference_line(observed)

    assert [each.on for each in found] == sorted({each.on for each in found})
    assert set(found) <= set(observed)
    assert found == reference_line(observed[::-1])
    assert bool(found) == bool(observed)
