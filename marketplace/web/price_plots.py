"""What pages with a plot share: how far back, the line with its facts in one sentence, the same points as a table."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from flask import request

from marketplace.core.text import N_
from marketplace.http.languages import translate
from marketplace.pricing.comparables import months_before
from marketplace.web.filters import short_date
from marketplace.web.plots import Plot, Reading, draw, thinned

RANGES: Final = {"3m": N_("3 months"), "1y": N_("1 year"), "all": N_("All")}
_MONTHS: Final = {"3m": 3, "1y": 12}
_USUAL: Final = "1y"
_BEGINNING: Final = date(1970, 1, 1)
# What of the data is drawn and listed, by pace.
SHOWN: Final = {
    "day": N_("Every value is shown."),
    "week": N_("The last value of each week is shown."),
    "month": N_("The last value of each month is shown."),
    "quarter": N_("The last value of each quarter is shown."),
    "year": N_("The last value of each year is shown."),
}
IN_A_SENTENCE: Final = N_(
    "%(what)s: %(first)s on %(first_day)s, %(last)s on %(last_day)s; lowest %(low)s, highest %(high)s."
)
Write = Callable[[Decimal], str]


@dataclass(frozen=True, slots=True)
class LinePlot:
    """A line over time with its facts in one sentence, the readings shown (newest first), and which they are."""

    drawing: Plot
    label: str
    rows: tuple[Reading, ...]
    shown: str


def wanted_range() -> str:
    """Return how far back the reader wants to see; a year unless the address says otherwise."""
    asked = request.args.get("range", "")
    return asked if asked in RANGES else _USUAL


def since_of(name: str, today: date) -> date:
    """Return the first day of a range that ends today."""
    return months_before(today, _MONTHS[name]) if name in _MONTHS else _BEGINNING


def range_links(chosen: str, href: Callable[[str], str]) -> list[tuple[str, str, bool]]:
    """Return the words, address and whether it is the chosen one, of each range."""
    return [(translate(words), href(name), name == chosen) for name, words in RANGES.items()]


def line_plot(readings: Iterable[Reading], *, since: date, until: date, what: str, write: Write) -> LinePlot | None:
    """Return the plot of readings, at most sixty of them; None without any. `write` puts a value into words."""
    kept = thinned(readings)
    if not kept.readings:
        return None
    first, last = kept.readings[0], kept.readings[-1]
    # "All" begins with the first value, not in 1970.
    begin = first.on if since == _BEGINNING else since
    values = [reading.value for reading in kept.readings]
    label = translate(
        IN_A_SENTENCE,
        what=what,
        first=write(first.value),
        first_day=short_date(first.on),
        last=write(last.value),
        last_day=short_date(last.on),
        low=write(min(values)),
        high=write(max(values)),
    )
    drawing = draw(since=begin, until=until, line=kept.readings, pace=kept.pace)
    return LinePlot(drawing, label, kept.readings[::-1], translate(SHOWN[kept.pace]))
