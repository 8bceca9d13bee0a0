"""A figure about several sellers tells on none of them: five sales, three others, nothing to subtract."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.pricing.disclosure import (
    hides_the_rest,
    may_be_public,
    may_read,
    quarter_of,
    whole_percent,
    whole_quarters,
)

counts = st.dictionaries(st.sampled_from("ABCDEF"), st.integers(0, 6))


@pytest.mark.parametrize(
    ("sales", "own", "shown"),
    [
        ({"B": 2, "C": 2, "D": 1}, (), True),  # five of three
        ({"B": 2, "C": 1, "D": 1}, (), False),  # four of three
        ({"B": 3, "C": 2}, (), False),  # five of two
        ({"B": 3, "C": 2, "D": 0}, (), False),  # one that sold nothing is nobody
        ({"A": 9, "B": 2, "C": 2, "D": 1}, ("A",), True),  # her own do not count
        ({"A": 9, "B": 2, "C": 1, "D": 1}, ("A",), False),
        ({"A": 9, "B": 4, "C": 4}, ("A",), False),
        ({"A": 1, "B": 1, "C": 1, "D": 1, "E": 2}, ("A", "B"), False),  # an officer of two: four of three others
        ({"A": 1, "B": 1, "C": 1, "D": 1, "E": 3}, ("A", "B"), True),
        ({}, (), False),
    ],
)
def test_five_sales_of_three_others_stand_behind_a_figure(
    sales: dict[str, int], own: tuple[str, ...], shown: bool
) -> None:
    assert may_read(sales, own=own) is shown


@pytest.mark.parametrize(
    ("sales", "shown"),
    [
        ({}, False),
        ({"A": 5, "B": 2, "C": 2, "D": 1}, True),  # without A, five of three
        ({"A": 6, "B": 2, "C": 1, "D": 1}, False),  # A could see four of three
        ({"A": 5, "B": 5, "C": 5}, False),  # each could see two only
        ({"A": 2, "B": 2, "C": 2, "D": 1}, True),  # without the largest, five
        ({"A": 2, "B": 2, "C": 1, "D": 1}, False),
    ],
)
def test_a_public_figure_may_be_read_by_every_seller(sales: dict[str, int], shown: bool) -> None:
    assert may_be_public(sales) is shown


@pytest.mark.parametrize(
    ("all_sales", "part", "hidden"),
    [
        ({"A": 5, "B": 5}, {"A": 5, "B": 5}, True),  # nothing else
        ({"A": 5, "B": 5, "X": 1}, {"A": 5, "B": 5}, False),  # the rest is one sale of X
        ({"A": 5, "X": 2, "Y": 2, "Z": 1}, {"A": 5}, True),
        ({"A": 5, "X": 2, "Y": 2}, {"A": 5}, False),
        ({"A": 7, "X": 2, "Y": 2}, {"A": 6}, True),  # the rest is one of A and four of others
    ],
)
def test_no_second_figure_is_a_few_sales_away(all_sales: dict[str, int], part: dict[str, int], hidden: bool) -> None:
    assert hides_the_rest(all_sales, part) is hidden


@given(sales=counts, reader=st.sampled_from("ABCDEF"))
def test_who_may_read_knows_less_than_all_but_two_of_the_sellers(sales: dict[str, int], reader: str) -> None:
    if may_read(sales, own={reader}):
        others = {seller for seller, count in sales.items() if count and seller != reader}
        assert len(others) >= 3
        assert sum(sales[seller] for seller in others) >= 5
    if may_be_public(sales):
        assert may_read(sales, own={reader})


@pytest.mark.parametrize(
    ("day", "first"),
    [
        ("2026-01-01", "2026-01-01"), ("2026-03-31", "2026-01-01"), ("2026-04-01", "2026-04-01"),
        ("2026-06-30", "2026-04-01"), ("2026-09-29", "2026-07-01"), ("2026-10-01", "2026-10-01"),
        ("2026-12-31", "2026-10-01"),
    ],
)  # fmt: skip
def test_a_quarter_begins_in_january_april_july_or_october(day: str, first: str) -> None:
    assert quarter_of(date.fromisoformat(day)) == date.fromisoformat(first)


def test_only_quarters_that_are_over_count_newest_first() -> None:
    found = list(whole_quarters(date(2026, 9, 29), 4))
    assert [str(day) for day in found] == ["2026-04-01", "2026-01-01", "2025-10-01", "2025-07-01"]
    assert list(whole_quarters(date(2026, 9, 29), 0)) == []


@pytest.mark.parametrize(
    ("share", "percent"),
    [("0.8857", "0.89"), ("0.8849", "0.88"), ("0.8850", "0.88"), ("0.8950", "0.90"), ("1.0000", "1.00")],
)
def test_a_shown_share_is_a_whole_percent_half_to_even(share: str, percent: str) -> None:
    assert str(whole_percent(Decimal(share))) == percent
