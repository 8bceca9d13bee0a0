"""Bars and gauges stand where the numbers say."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.money import Money
from marketplace.web.charts import bar_parts, gauge_marks


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def test_parts_of_a_bar_lie_end_to_end() -> None:
    rows = [
        {"label": "Cooperative", "amount": usd(750), "payee": "cooperative"},
        {"label": "Nothing", "amount": usd(0), "payee": "deduction"},
        {"label": "Platform fee", "amount": usd(250), "payee": "platform"},
    ]

    parts = bar_parts(rows, usd(1000))

    assert [(part.start, part.width, part.colour) for part in parts] == [
        ("0.00%", "75.00%", 1),
        ("75.00%", "25.00%", 4),
    ]


@given(st.lists(st.integers(1, 10**12), min_size=1, max_size=9))
def test_parts_of_a_bar_fill_it(minors: list[int]) -> None:
    rows = [{"label": "x", "amount": usd(minor), "payee": "deduction"} for minor in minors]

    parts = bar_parts(rows, usd(sum(minors)))

    assert abs(sum(part.share for part in parts) - 1) < Decimal("1e-20")


@pytest.mark.parametrize(
    ("asking", "position"), [(109_999, "below"), (110_000, "inside"), (142_000, "inside"), (142_001, "above")]
)
def test_a_price_is_below_inside_or_above_the_guide(asking: int, position: str) -> None:
    assert gauge_marks(usd(110_000), usd(142_000), None, usd(asking)).position == position


def test_marks_stand_in_proportion() -> None:
    # Rail from 100 - 15 to 200 + 15, so 130 long: 100 stands at 15/130 = 11.54 %, the range is 100/130 = 76.92 % wide.
    marks = gauge_marks(usd(100), usd(200), usd(150))

    assert (marks.low, marks.range, marks.middle, marks.asking) == ("11.54%", "76.92%", "50.00%", None)


@given(st.integers(1, 10**12), st.integers(0, 10**12), st.integers(1, 10**13))
def test_marks_never_leave_the_rail(low: int, more: int, asking: int) -> None:
    marks = gauge_marks(usd(low), usd(low + more), usd(low), usd(asking))

    assert all(
        0 <= Decimal(mark.rstrip("%")) <= 100
        for mark in (marks.low, marks.range, marks.middle or "", marks.asking or "")
    )


def test_a_range_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="ends below"):
        gauge_marks(usd(2), usd(1))
