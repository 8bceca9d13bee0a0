"""Plots over time as coordinates for SVG: exact numbers in, texts out. Pure; the same data draw the same plot.

The drawing is 1000 units wide, stretched to the page, and 224 pixels high. The axis of values stands in the left part,
where nothing is drawn, so that no word lies on a line. Every value given is drawn; nothing is smoothed or guessed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor
from typing import Final, Literal, NamedTuple

Pace = Literal["day", "week", "month", "quarter", "year"]

WIDTH: Final = 1000
HEIGHT: Final = 224
LEFT: Final = 160
RIGHT: Final = 985
TOP: Final = 20
BOTTOM: Final = 192
# So many points can be told apart on a telephone, and read as a table.
MOST_POINTS: Final = 60
LONGEST_JOINED_DAYS: Final = 31
THINNEST: Final = Fraction(2)
_STEPS: Final = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
_MONTHS_APART: Final = (1, 2, 3, 6, 12, 24, 60, 120)
_MOST_MONTH_TICKS: Final = 4
_END_OF_MIDDLE: Final = 900
_PACES: Final[tuple[Pace, ...]] = ("day", "week", "month", "quarter", "year")
_MONTHS_OF: Final = {"month": 1, "quarter": 3, "year": 12}


class Reading(NamedTuple):
    """One value of one day."""

    on: date
    value: Decimal


class Step(NamedTuple):
    """A band from a day on, until the next step; without low and high there is nothing to show from then on."""

    since: date
    low: Decimal | None
    high: Decimal | None


class Dot(NamedTuple):
    """A mark at a place: x as a percentage of the width, y in pixels."""

    x: str
    y: str


class Box(NamedTuple):
    """A rectangle of a band, in units of the drawing."""

    x: str
    y: str
    width: str
    height: str


class ValueTick(NamedTuple):
    """A line across the plot with its value."""

    y: str
    value: Decimal


class TimeTick(NamedTuple):
    """A day below the plot: x as a percentage, the side its words hang on, and whether the day itself is to be said."""

    x: str
    on: date
    anchor: str
    is_exact: bool


@dataclass(frozen=True, slots=True)
class Plot:
    """Everything a template needs to draw; `decimals` is how many digits the values of the axis have."""

    lines: tuple[str, ...]
    boxes: tuple[Box, ...]
    dots: tuple[Dot, ...]
    values: tuple[ValueTick, ...]
    times: tuple[TimeTick, ...]
    decimals: int

    @property
    def is_empty(self) -> bool:
        """Say whether there is nothing to see."""
        return not (self.lines or self.boxes or self.dots)


@dataclass(frozen=True, slots=True)
class Thinned:
    """The readings that are shown, oldest first: the last one of each day, week, month, quarter or year."""

    pace: Pace
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class _Scale:
    """Where days and values stand."""

    since: date
    until: date
    low: Decimal
    high: Decimal

    def x(self, day: date) -> Fraction:
        days = (self.until - self.since).days
        # A single day stands at the right: it is the newest.
        return Fraction(RIGHT) if days == 0 else LEFT + Fraction((day - self.since).days, days) * (RIGHT - LEFT)

    def y(self, value: Decimal) -> Fraction:
        return BOTTOM - Fraction(value - self.low) / Fraction(self.high - self.low) * (BOTTOM - TOP)


def thinned(readings: Iterable[Reading], *, most: int = MOST_POINTS) -> Thinned:
    """Return at most `most` readings: all of them, or the last of each week, month, quarter or year."""
    ordered = sorted(readings, key=lambda reading: reading.on)
    choices = (Thinned(pace, _last_of_each(pace, ordered)) for pace in _PACES)
    fitting = next((choice for choice in choices if len(choice.readings) <= most), None)
    return fitting or Thinned("year", _last_of_each("year", ordered)[-most:])


def draw(
    *,
    since: date,
    until: date,
    line: Sequence[Reading] = (),
    pace: Pace = "day",
    band: Sequence[Step] = (),
    dots: Sequence[Reading] = (),
) -> Plot:
    """Return the drawing of a line, a band in steps and dots between two days; data outside widen the plot.

    A line is broken where its readings are more than 31 days apart, or where a whole month (quarter, year) of its pace
    has none: a missing month is never drawn as a straight line.
    """
    line, dots = sorted(line, key=lambda each: each.on), sorted(dots, key=lambda each: each.on)
    # Of two steps of one day the last one given counts.
    band = sorted({step.since: step for step in band}.values(), key=lambda each: each.since)
    values = [each.value for each in (*line, *dots)]
    values += [end for step in band for end in (step.low, step.high) if end is not None]
    if not values:
        return Plot((), (), (), (), (), 0)
    days = [since, until, *(each.on for each in (*line, *dots)), *(step.since for step in band)]
    marks = _value_marks(min(values), max(values))
    scale = _Scale(min(days), max(days), marks[0], marks[-1])
    stretches = _stretches(line, pace)
    alone = [stretch[0] for stretch in stretches if len(stretch) == 1]
    return Plot(
        lines=tuple(_path(scale, stretch) for stretch in stretches if len(stretch) > 1),
        boxes=_boxes(scale, band),
        dots=tuple(Dot(_percent(scale.x(each.on)), _text(scale.y(each.value))) for each in (*alone, *dots)),
        values=tuple(ValueTick(_text(scale.y(mark)), mark) for mark in marks),
        times=_time_ticks(scale),
        decimals=_decimals(marks),
    )


def _last_of_each(pace: Pace, ordered: Sequence[Reading]) -> tuple[Reading, ...]:
    return tuple({_period(pace, reading.on): reading for reading in ordered}.values())


def _period(pace: Pace, day: date) -> int:
    """Return the number of the day, week, month, quarter or year that a day is in."""
    if pace == "day":
        return day.toordinal()
    if pace == "week":  # day 1 of the calendar was a Monday
        return (day.toordinal() - 1) // 7
    return (day.year * 12 + day.month - 1) // _MONTHS_OF[pace]


def _stretches(line: Sequence[Reading], pace: Pace) -> list[list[Reading]]:
    """Return the line in the stretches that are drawn without a break."""
    found = [[reading] for reading in line[:1]]
    for before, after in pairwise(line):
        if _is_gap(pace, before.on, after.on):
            found.append([])
        found[-1].append(after)
    return found


def _is_gap(pace: Pace, before: date, after: date) -> bool:
    if pace in _MONTHS_OF:
        return _period(pace, after) - _period(pace, before) > 1
    return (after - before).days > LONGEST_JOINED_DAYS


def _path(scale: _Scale, stretch: Sequence[Reading]) -> str:
    return "M" + "L".join(f"{_text(scale.x(each.on))} {_text(scale.y(each.value))}" for each in stretch)


def _boxes(scale: _Scale, band: Sequence[Step]) -> tuple[Box, ...]:
    ends = [*(step.since for step in band), scale.until][1:]
    boxes = []
    for step, end in zip(band, ends, strict=True):
        if step.low is None or step.high is None:
            continue
        left, top = scale.x(step.since), scale.y(step.high)
        # What began today, or is one price only, must still be seen.
        width, height = max(scale.x(end) - left, THINNEST), max(scale.y(step.low) - top, THINNEST)
        boxes.append(Box(_text(left), _text(top), _text(width), _text(height)))
    return tuple(boxes)


def _value_marks(low: Decimal, high: Decimal) -> tuple[Decimal, ...]:
    """Return round values around the data, three to seven of them, evenly apart."""
    if low == high:  # a flat line lies in the middle
        room = abs(low) / 10 or Decimal(1)
        low, high = low - room, high + room
    raw = (high - low) / 4
    unit = Decimal(1).scaleb(raw.adjusted())
    step = next(unit * each for each in _STEPS if unit * each >= raw)
    first, last = floor(Fraction(low) / Fraction(step)), ceil(Fraction(high) / Fraction(step))
    return tuple(place * step for place in range(first, last + 1))


def _decimals(marks: Sequence[Decimal]) -> int:
    exponents = [int(mark.normalize().as_tuple().exponent) for mark in marks]
    return max(0, -min(exponents))


def _time_ticks(scale: _Scale) -> tuple[TimeTick, ...]:
    """Return the first days of months, at most four of them, or both ends where there are fewer than two."""
    choices = (_firsts(scale, apart) for apart in _MONTHS_APART)
    firsts = next((found for found in choices if len(found) <= _MOST_MONTH_TICKS), [])
    if len(firsts) > 1:
        return tuple(_time_tick(scale, day, is_exact=False) for day in firsts)
    return tuple(_time_tick(scale, day, is_exact=True) for day in sorted({scale.since, scale.until}))


def _firsts(scale: _Scale, apart: int) -> list[date]:
    first = scale.since.year * 12 + scale.since.month - 1
    last = scale.until.year * 12 + scale.until.month - 1
    days = [date(month // 12, month % 12 + 1, 1) for month in range(first, last + 1) if month % apart == 0]
    return [day for day in days if day >= scale.since]


def _time_tick(scale: _Scale, day: date, *, is_exact: bool) -> TimeTick:
    x = scale.x(day)
    return TimeTick(_percent(x), day, "end" if x > _END_OF_MIDDLE else "middle", is_exact)


def _percent(x: Fraction) -> str:
    return f"{_text(x / 10, places=2)}%"


def _text(number: Fraction | int, *, places: int = 1) -> str:
    """Return a coordinate rounded half to even, without zeros that say nothing."""
    whole = round(Fraction(number) * 10**places)
    return f"{(Decimal(whole).scaleb(-places)).normalize():f}"
