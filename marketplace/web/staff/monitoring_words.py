"""The figures and groups of the monitoring report in the reader's words."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.http.languages import translate as _
from marketplace.incidents.words import SEVERITIES
from marketplace.lots.vocabulary import STANDARDS
from marketplace.monitoring.answers import TOPICS
from marketplace.monitoring.catalogue import BREAKDOWNS, Indicator
from marketplace.monitoring.periods import Period, Step
from marketplace.monitoring.report import Reading
from marketplace.monitoring.values import Measure, Unit
from marketplace.web.filters import country, money, month, number, percent, short_date, variety
from marketplace.web.plots import Plot, draw
from marketplace.web.plots import Reading as Point
from marketplace.web.staff.monitoring_filters import MINERALS

HIDDEN: Final = N_("not shown")
NOTHING: Final = N_("no data")
SEXES: Final = {"f": N_("Women"), "m": N_("Men"), "u": N_("Not told")}
KINDS: Final = {"lot": N_("Lots"), "cooperative": N_("Applications of cooperatives")}
RAILS: Final = {"bank": N_("Bank"), "mobile_money": N_("Mobile money"), "cash": N_("Cash"), "stripe": N_("Stripe")}
PERCENT: Final = N_("Percent")
# What the numbers of a plot's axis are.
AXES: Final = {
    Unit.COUNT: N_("Number"),
    Unit.USD: N_("US dollars"),
    Unit.SHARE: PERCENT,
    Unit.GRAMS: N_("Grams"),
    Unit.CARATS: N_("Carats"),
    Unit.HOURS: N_("Hours"),
    Unit.DAYS: N_("Days"),
    Unit.USD_PER_KG: N_("US dollars a kilogram"),
}
_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "sex": SEXES,
    "mineral": MINERALS,
    "kind": KINDS,
    "rail": RAILS,
    "standard": STANDARDS,
    "topic": TOPICS,
    "severity": {each.code: each.words for each in SEVERITIES},
    "age_band": {"unknown": N_("Not told")},
}
_HUNDRED: Final = 100


def written(value: Decimal | None, unit: Unit) -> str:
    """Write a figure with its unit."""
    if value is None:
        return _(NOTHING)
    if unit is Unit.SHARE:
        return percent(value, 2)
    if unit in {Unit.USD, Unit.USD_PER_KG}:
        return money(Money.from_decimal(value, "USD"))
    words = {
        Unit.GRAMS: N_("%(number)s g"),
        Unit.CARATS: N_("%(number)s ct"),
        Unit.HOURS: N_("%(number)s hours"),
        Unit.DAYS: N_("%(number)s days"),
    }
    return _(words[unit], number=number(value)) if unit in words else number(value)


def figures_of(indicator: Indicator, measure: Measure | None) -> list[str]:
    """Write the figures of a measure; what is hidden says so once a figure."""
    if measure is None:
        return [_(HIDDEN)] * len(indicator.figures)
    return [written(value, kind.unit) for value, kind in zip(measure.values, indicator.figures, strict=True)]


def group_name(by: str, key: str, names: Mapping[str, str]) -> str:
    """Write the name of a group; `names` are those of cooperatives by reference."""
    if by == "cooperative":
        return names.get(key, key)
    if by in {"country", "buyer_country"}:
        return country(key)
    if by == "variety":
        return _("Gold") if key == "gold" else variety(key)
    if by == "site":
        return key or _("Every site of a cooperative")
    words = _WORDS.get(by, {}).get(key)
    return _(words) if words else key


def period_name(period: Period, step: Step) -> str:
    """Write a part of a report: a month, a quarter, a year."""
    if step is Step.MONTH:
        return month(period.since)
    if step is Step.YEAR:
        return str(period.since.year)
    return _("Quarter %(quarter)s of %(year)s", quarter=(period.since.month + 2) // 3, year=period.since.year)


def reading_words(reading: Reading, step: Step, names: Mapping[str, str]) -> dict[str, Any]:
    """Return all that a page or a file says about one indicator."""
    indicator = reading.indicator
    labels = [_(kind.label) for kind in indicator.figures]
    return {
        "code": indicator.code,
        "title": _(indicator.title),
        "formula": _(indicator.formula),
        "labels": labels,
        "whole": list(zip(labels, figures_of(indicator, reading.whole), strict=True)),
        "over_time": _rows(
            (period_name(each.period, step), figures_of(indicator, each.measure)) for each in reading.over_time
        ),
        "breakdowns": [
            (
                _(BREAKDOWNS[by]),
                _rows((group_name(by, line.key, names), figures_of(indicator, line.measure)) for line in lines),
            )
            for by, lines in reading.breakdowns.items()
            if lines
        ],
        "hides": reading.hides,
        "is_cut": reading.is_cut,
        "left_out": reading.left_out,
    }


def plot_of(reading: Reading, step: Step, period: Period) -> tuple[Plot, str] | None:
    """Return the plot of an indicator's first figure with its facts in a sentence; None when nothing can be drawn."""
    kind = reading.indicator.figures[0]
    scale = _HUNDRED if kind.unit is Unit.SHARE else 1
    points = [
        Point(each.period.until, each.measure.values[0] * scale)
        for each in reading.over_time
        if each.measure is not None and each.measure.values[0] is not None
    ]
    if not points:
        return None
    write: Callable[[Point], str] = lambda point: written(point.value / scale, kind.unit)  # noqa: E731
    label = _(
        N_("%(what)s: %(first)s up to %(first_day)s, %(last)s up to %(last_day)s; lowest %(low)s, highest %(high)s."),
        what=_(kind.label),
        first=write(points[0]),
        first_day=short_date(points[0].on),
        last=write(points[-1]),
        last_day=short_date(points[-1].on),
        low=write(min(points, key=lambda point: point.value)),
        high=write(max(points, key=lambda point: point.value)),
    )
    return draw(since=period.since, until=period.until, line=points, pace=step.value), label


def _rows(rows: Any) -> list[tuple[str, list[str]]]:
    return list(rows)
