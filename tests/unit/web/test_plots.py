"""Plots stand where the numbers say: worked out by hand, inside the drawing, broken where nothing is known."""

import re
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.web.plots import (
    BOTTOM,
    HEIGHT,
    LEFT,
    MOST_POINTS,
    RIGHT,
    TOP,
    WIDTH,
    Box,
    Dot,
    Plot,
    Reading,
    Step,
    Thinned,
    TimeTick,
    ValueTick,
    draw,
    thinned,
)

JAN, FEB = date(2026, 1, 1), date(2026, 2, 1)
DAYS = st.dates(date(1990, 1, 1), date(2060, 1, 1))
VALUES = st.decimals(Decimal("0.0000000001"), Decimal(10**12), places=10)
READINGS = st.builds(Reading, DAYS, VALUES)
STEPS = st.builds(
    lambda day, low, more, known: Step(day, low if known else None, low + more if known else None),
    DAYS, VALUES, VALUES, st.booleans(),
)  # fmt: skip


def reading(day: date, value: str | int) -> Reading:
    return Reading(day, Decimal(value))


def points(plot: Plot) -> list[list[tuple[Decimal, Decimal]]]:
    """Return the corners of each line."""
    return [
        [(Decimal(x), Decimal(y)) for x, y in (corner.split(" ") for corner in line.removeprefix("M").split("L"))]
        for line in plot.lines
    ]


def test_a_line_of_two_values_runs_from_edge_to_edge() -> None:
    # 10 to 14: a fourth of it is 1, so the axis has 10, 11, 12, 13, 14, and both ends lie on its ends:
    # y 192 for 10 and 20 for 14. 30 days: x 160 for the first and 985 for the last.
    plot = draw(since=JAN, until=JAN + timedelta(days=30), line=[reading(JAN, 10), reading(date(2026, 1, 31), 14)])

    assert plot.lines == ("M160 192L985 20",)
    assert plot.boxes == plot.dots == ()
    assert not plot.is_empty
    assert [tick.value for tick in plot.values] == [10, 11, 12, 13, 14]
    assert [tick.y for tick in plot.values] == ["192", "149", "106", "63", "20"]
    assert plot.decimals == 0


def test_a_value_between_two_marks_stands_in_proportion() -> None:
    # 10, 13 and 14 on days 0, 7 and 30: x = 160 + 7/30 × 825 = 352.5; y = 192 − 3/4 × 172 = 63
    line = [reading(JAN, 10), reading(date(2026, 1, 8), 13), reading(date(2026, 1, 31), 14)]

    assert draw(since=JAN, until=JAN, line=line).lines == ("M160 192L352.5 63L985 20",)


def test_coordinates_are_rounded_to_a_tenth() -> None:
    # day 1 of 3: 160 + 825 ÷ 3 = 435; value 1 of 0 … 3: a fourth is 0.75, so steps of 1: 192 − 172 ÷ 3 = 134.667
    line = [reading(JAN, 0), reading(date(2026, 1, 2), 1), reading(date(2026, 1, 4), 3)]

    assert draw(since=JAN, until=JAN, line=line).lines == ("M160 192L435 134.7L985 20",)


def test_nothing_to_show_is_an_empty_plot() -> None:
    empty = draw(since=JAN, until=FEB)

    assert empty == Plot((), (), (), (), (), 0)
    assert empty.is_empty
    assert draw(since=JAN, until=FEB, band=[Step(JAN, None, None)]).is_empty


def test_a_single_value_is_a_dot_in_the_middle() -> None:
    # 50 alone: the axis runs from 45 to 55 in steps of 2.5, and 50 is half way: y = 106.
    plot = draw(since=JAN, until=JAN, line=[reading(JAN, 50)])

    assert (plot.lines, plot.dots) == ((), (Dot("98.5%", "106"),))
    assert [tick.value for tick in plot.values] == [Decimal(each) for each in ("45", "47.5", "50", "52.5", "55")]
    assert plot.decimals == 1
    assert plot.times == (TimeTick("98.5%", JAN, "end", is_exact=True),)


def test_a_flat_line_lies_in_the_middle_even_at_zero() -> None:
    for value, ends in (("20", (18, 22)), ("0", (-1, 1))):
        plot = draw(since=JAN, until=JAN, line=[reading(JAN, value), reading(date(2026, 1, 3), value)])

        assert plot.lines == ("M160 106L985 106",)
        assert (plot.values[0].value, plot.values[-1].value) == ends


@pytest.mark.parametrize(
    ("low", "high", "marks"),
    [
        # a fourth of the span is rounded up to 1, 2, 2.5, 5 or 10 times a power of ten
        ("0", "4", "0 1 2 3 4"), ("0", "4.04", "0 2 4 6"), ("0", "8", "0 2 4 6 8"), ("0", "8.4", "0 2.5 5 7.5 10"),
        ("0", "10", "0 2.5 5 7.5 10"), ("0", "10.4", "0 5 10 15"), ("0", "20", "0 5 10 15 20"),
        ("0", "20.4", "0 10 20 30"), ("0.9", "4.1", "0 1 2 3 4 5"), ("1", "4.1", "1 2 3 4 5"),
        ("0.0021", "0.0079", "0.002 0.004 0.006 0.008"), ("-7", "1", "-8 -6 -4 -2 0 2"),
        ("2081.3296", "4129.1005", "2000 3000 4000 5000"),
    ],
)  # fmt: skip
def test_the_axis_has_round_values(low: str, high: str, marks: str) -> None:
    plot = draw(since=JAN, until=JAN, line=[reading(JAN, low), reading(FEB, high)])

    assert [tick.value for tick in plot.values] == [Decimal(each) for each in marks.split()]


@pytest.mark.parametrize(("high", "decimals"), [("400", 0), ("4", 0), ("1", 2), ("0.4", 1), ("0.0004", 4)])
def test_the_axis_says_how_many_digits_it_needs(high: str, decimals: int) -> None:
    # a fourth of 1 is 0.25: two digits; of 0.0004 it is 0.0001: four
    assert draw(since=JAN, until=JAN, line=[reading(JAN, 0), reading(FEB, high)]).decimals == decimals


@pytest.mark.parametrize(("days", "lines"), [(31, 1), (32, 2)])
def test_a_line_is_broken_where_more_than_31_days_are_missing(days: int, lines: int) -> None:
    then = date(2026, 1, 2) + timedelta(days=days)
    line = [reading(JAN, 1), reading(date(2026, 1, 2), 2), reading(then, 3), reading(then + timedelta(days=1), 4)]

    for pace in ("day", "week"):
        assert len(draw(since=JAN, until=JAN, line=line, pace=pace).lines) == lines


@pytest.mark.parametrize(
    ("pace", "before", "after", "lines"),
    [
        ("month", date(2026, 1, 1), date(2026, 2, 28), 1), ("month", date(2026, 1, 31), date(2026, 3, 1), 2),
        ("month", date(2025, 12, 31), date(2026, 1, 1), 1), ("quarter", date(2026, 1, 1), date(2026, 6, 30), 1),
        ("quarter", date(2026, 3, 31), date(2026, 7, 1), 2), ("year", date(2025, 1, 1), date(2026, 12, 31), 1),
        ("year", date(2024, 12, 31), date(2026, 1, 1), 2),
    ],
)  # fmt: skip
def test_a_line_of_months_is_broken_where_a_whole_one_is_missing(
    pace: str, before: date, after: date, lines: int
) -> None:
    day = timedelta(days=1)
    line = [reading(before - day, 1), reading(before, 2), reading(after, 3), reading(after + day, 4)]

    assert len(draw(since=JAN, until=JAN, line=line, pace=pace).lines) == lines  # type: ignore[arg-type]


def test_a_value_alone_between_two_gaps_is_a_dot() -> None:
    line = [reading(JAN, 1), reading(date(2026, 1, 2), 1), reading(date(2026, 3, 1), 3), reading(date(2026, 5, 1), 5)]
    plot = draw(since=JAN, until=JAN, line=line)

    # 1 to 5 in steps of 1: 3 is half way. 59 of 120 days: 16 + 59/120 × 82.5 = 56.5625 %
    assert len(plot.lines) == 1
    assert plot.dots == (Dot("56.56%", "106"), Dot("98.5%", "20"))


def test_a_band_is_a_box_from_each_step_to_the_next() -> None:
    # 10 to 30 for 10 of 20 days, then nothing for 5, then 20 to 50 until the end.
    # A fourth of 40 is 10: the axis runs from 10 to 50, 4.3 pixels each; half of 825 is 412.5, a fourth 206.25.
    steps = [
        Step(date(2026, 1, 11), None, None),
        Step(JAN, Decimal(10), Decimal(30)),
        Step(date(2026, 1, 16), Decimal(20), Decimal(50)),
    ]
    plot = draw(since=JAN, until=date(2026, 1, 21), band=steps)

    assert plot.boxes == (Box("160", "106", "412.5", "86"), Box("778.8", "20", "206.2", "129"))


def test_half_a_band_is_no_band() -> None:
    for low, high in ((Decimal(1), None), (None, Decimal(1))):
        plot = draw(since=JAN, until=FEB, band=[Step(JAN, low, high)])

        assert plot.boxes == ()
        assert plot.is_empty


def test_what_began_today_and_a_single_price_can_still_be_seen() -> None:
    plot = draw(since=JAN, until=FEB, band=[Step(FEB, Decimal(20), Decimal(20))])

    assert plot.boxes == (Box("985", "106", "2", "2"),)


def test_of_two_steps_of_one_day_the_last_counts() -> None:
    first, last = Step(JAN, Decimal(1), Decimal(2)), Step(JAN, Decimal(3), Decimal(4))

    assert draw(since=JAN, until=FEB, band=[first, last]) == draw(since=JAN, until=FEB, band=[last])


def test_dots_stand_beside_the_band() -> None:
    plot = draw(since=JAN, until=FEB, band=[Step(JAN, Decimal(10), Decimal(14))], dots=[reading(JAN, 12)])

    assert plot.dots == (Dot("16%", "106"),)
    assert len(plot.boxes) == 1


@pytest.mark.parametrize(
    ("since", "until", "days"),
    [
        (date(2026, 6, 29), date(2026, 9, 29), ["2026-07-01", "2026-08-01", "2026-09-01"]),
        (JAN, date(2026, 4, 30), ["2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01"]),
        (JAN, date(2026, 5, 1), ["2026-01-01", "2026-03-01", "2026-05-01"]),
        (date(2025, 9, 29), date(2026, 9, 29), ["2025-10-01", "2026-01-01", "2026-04-01", "2026-07-01"]),
        (date(2024, 3, 2), date(2026, 9, 29), ["2025-01-01", "2026-01-01"]),
        # every fifth year would be five of them: more than fit a telephone
        (date(2000, 1, 2), date(2026, 9, 29), ["2010-01-01", "2020-01-01"]),
        # too short for two months: both ends, with their days
        (date(2026, 1, 20), date(2026, 2, 10), ["2026-01-20", "2026-02-10"]),
        # too long for any: both ends
        (date(1, 1, 2), date(2026, 2, 10), ["0001-01-02", "2026-02-10"]),
    ],
)  # fmt: skip
def test_the_days_below_are_firsts_of_months(since: date, until: date, days: list[str]) -> None:
    plot = draw(since=since, until=until, dots=[reading(since, 1)])

    assert [tick.on.isoformat() for tick in plot.times] == days
    assert {tick.is_exact for tick in plot.times} == {days in ([since.isoformat(), until.isoformat()],)}


def test_the_words_at_the_right_edge_hang_inwards() -> None:
    # 1 Apr is day 90 of 99: 16 + 90/99 × 82.5 = 91 %, 910 of 1000; 1 Mar is day 59: 65.17 %
    ticks = draw(since=JAN, until=date(2026, 4, 10), dots=[reading(JAN, 1)]).times

    assert ticks[-1] == TimeTick("91%", date(2026, 4, 1), "end", is_exact=False)
    assert ticks[-2] == TimeTick("65.17%", date(2026, 3, 1), "middle", is_exact=False)
    # 80 of 90.2 … days: exactly 900 still has its words below it
    exactly = draw(since=JAN, until=date(2026, 4, 17), dots=[reading(JAN, 1)]).times[-1]
    assert (exactly.x, exactly.anchor) == ("86.05%", "middle")


def test_data_outside_the_days_widen_the_plot() -> None:
    plot = draw(since=date(2026, 1, 10), until=date(2026, 1, 20), line=[reading(JAN, 1), reading(FEB, 2)])

    assert plot.lines == ("M160 192L985 20",)


@given(st.lists(READINGS, max_size=30), st.lists(STEPS, max_size=8), st.lists(READINGS, max_size=30), DAYS)
def test_every_point_lies_inside_the_drawing(
    line: list[Reading], band: list[Step], dots: list[Reading], since: date
) -> None:
    plot = draw(since=since, until=since + timedelta(days=90), line=line, band=band, dots=dots)

    for corner in (corner for stretch in points(plot) for corner in stretch):
        assert LEFT <= corner[0] <= RIGHT
        assert TOP <= corner[1] <= BOTTOM
    for dot in plot.dots:
        assert LEFT <= Decimal(dot.x.rstrip("%")) * 10 <= RIGHT
        assert TOP <= Decimal(dot.y) <= BOTTOM
    for box in plot.boxes:
        left, top, width, height = map(Decimal, box)
        assert LEFT <= left < left + width <= WIDTH
        assert TOP <= top < top + height <= HEIGHT
    assert all(TOP <= Decimal(tick.y) <= BOTTOM for tick in plot.values)
    assert all(LEFT <= Decimal(tick.x.rstrip("%")) * 10 <= RIGHT for tick in plot.times)


@given(st.lists(READINGS, min_size=2, max_size=40))
def test_order_is_kept_and_equal_data_draw_the_same(line: list[Reading]) -> None:
    plot = draw(since=JAN, until=FEB, line=line)
    days = sorted({each.on for each in line})

    assert plot == draw(since=JAN, until=FEB, line=list(line))
    if len(days) == len(line):
        assert plot == draw(since=JAN, until=FEB, line=line[::-1])
    for stretch in points(plot):
        assert [x for x, _ in stretch] == sorted(x for x, _ in stretch)
    drawn = sum(len(stretch) for stretch in points(plot)) + len(plot.dots)
    assert drawn == len(line)


@given(st.lists(VALUES, min_size=1, max_size=9))
def test_the_axis_holds_all_values_with_three_to_seven_even_marks(values: list[Decimal]) -> None:
    plot = draw(since=JAN, until=FEB, dots=[Reading(JAN, value) for value in values])
    marks = [tick.value for tick in plot.values]

    assert marks[0] <= min(values) <= max(values) <= marks[-1]
    assert 3 <= len(marks) <= 7
    assert len({after - before for before, after in pairwise(marks)}) == 1
    assert 1 <= len(plot.times) <= 4


def test_few_readings_are_all_shown() -> None:
    readings = [reading(JAN + timedelta(days=day), day) for day in range(MOST_POINTS)]

    assert thinned(readings[::-1]) == Thinned("day", tuple(readings))


def test_of_many_readings_the_last_of_each_week_is_shown() -> None:
    # 61 days from Thursday 1 January: the weeks end on Sundays 4, 11, …, 22 February, 1 March; 2 March is a Monday.
    shown = thinned(reading(JAN + timedelta(days=day), day) for day in range(61))

    assert shown.pace == "week"
    assert [each.on.isoformat() for each in shown.readings[:2]] == ["2026-01-04", "2026-01-11"]
    assert [each.on.isoformat() for each in shown.readings[-2:]] == ["2026-03-01", "2026-03-02"]


@pytest.mark.parametrize(
    ("most", "pace", "days"),
    [
        (12, "month", ["2026-01-31", "2026-02-28"]), (4, "quarter", ["2026-03-31", "2026-06-30"]),
        (3, "year", ["2026-12-31"]),
    ],
)  # fmt: skip
def test_the_longer_the_time_the_wider_the_steps(most: int, pace: str, days: list[str]) -> None:
    shown = thinned((reading(JAN + timedelta(days=day), day) for day in range(365)), most=most)

    assert shown.pace == pace
    assert [each.on.isoformat() for each in shown.readings[: len(days)]] == days


def test_of_more_years_than_fit_the_newest_are_shown() -> None:
    shown = thinned((reading(date(year, 5, 1), year) for year in range(2000, 2010)), most=3)

    assert shown.pace == "year"
    assert [each.on.year for each in shown.readings] == [2007, 2008, 2009]


@given(st.lists(READINGS, max_size=200), st.integers(1, 60))
def test_what_is_shown_is_bounded_ordered_and_ends_with_the_newest(readings: list[Reading], most: int) -> None:
    shown = thinned(readings, most=most).readings

    assert len(shown) <= most
    assert list(shown) == sorted(shown, key=lambda each: each.on)
    assert set(shown) <= set(readings)
    assert not readings or shown[-1].on == max(each.on for each in readings)


def test_coordinates_are_plain_numbers() -> None:
    line = [reading(JAN, "1E+3"), reading(date(2026, 1, 31), "2E+3")]
    plot = draw(since=JAN, until=FEB, line=line)

    assert re.fullmatch(r"M[0-9.]+ [0-9.]+L[0-9.]+ [0-9.]+", plot.lines[0])
    assert plot.values[0] == ValueTick("192", Decimal(1000))
