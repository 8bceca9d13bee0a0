"""Indicators about care: I10 child labour, I11 decisions, I12 payouts, I13 disputes, I14 chains, I17 sites. Pure."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from marketplace.monitoring.facts import ChildLabour, Decided, KnownSite, Ordered, PaidOut, Published
from marketplace.monitoring.periods import Period, year_before
from marketplace.monitoring.values import Measure, Unit, figure, median, quantile, ratio

NINE_OF_TEN: Final = Fraction(9, 10)


def child_labour(facts: Sequence[ChildLabour], period: Period) -> Measure:
    """Return incidents opened, substantiated and remediated in the period, and median days of those ended (I10)."""
    opened = [fact for fact in facts if period.holds(fact.opened_on)]
    substantiated = [fact for fact in facts if period.holds(fact.substantiated_on)]
    ended = [(fact.ended_on, fact) for fact in facts if fact.ended_on and period.holds(fact.ended_on)]
    remediated = sum(fact.is_remediated for _on, fact in ended)
    days = median((on - fact.opened_on).days for on, fact in ended)
    values = (
        figure(len(opened), Unit.COUNT),
        figure(len(substantiated), Unit.COUNT),
        figure(remediated, Unit.COUNT),
        figure(days, Unit.DAYS),
    )
    return Measure(values, len(opened))


def time_to_decision(facts: Sequence[Decided], period: Period) -> Measure:
    """Return the median and the 90th percentile of the hours from handing in to the decision (I11)."""
    hours = [fact.hours for fact in facts if period.holds(fact.on)]
    values = (figure(median(hours), Unit.HOURS), figure(quantile(hours, NINE_OF_TEN), Unit.HOURS))
    return Measure(values, len(hours))


def time_to_payout(facts: Sequence[PaidOut], period: Period) -> Measure:
    """Return the median hours from the buyer's acceptance to the confirmed payout (I12)."""
    hours = [fact.hours for fact in facts if period.holds(fact.on)]
    return Measure((figure(median(hours), Unit.HOURS),), len(hours))


def disputes(facts: Sequence[Ordered], period: Period) -> Measure:
    """Return disputes opened ÷ orders paid in the period, and decisions for the buyer ÷ decisions (I13)."""
    orders = sum(period.holds(fact.funded_on) for fact in facts)
    opened = sum(period.holds(day) for fact in facts for day in fact.opened_on)
    decided = [for_buyer for fact in facts for day, for_buyer in fact.decided if period.holds(day)]
    values = (
        figure(ratio(opened, orders), Unit.SHARE),
        figure(opened, Unit.COUNT),
        figure(ratio(sum(decided), len(decided)), Unit.SHARE),
    )
    return Measure(values, orders)


def traceability(facts: Sequence[Published], period: Period) -> Measure:
    """Return lots with an unbroken chain whose weights add up ÷ lots published (I14)."""
    found = [fact for fact in facts if period.holds(fact.on)]
    whole = sum(fact.is_traceable for fact in found)
    return Measure((figure(ratio(whole, len(found)), Unit.SHARE), figure(whole, Unit.COUNT)), len(found))


def sites_visited(facts: Sequence[KnownSite], period: Period) -> Measure:
    """Return active sites that Pact visited in the twelve months up to the end of the period ÷ active sites (I17).

    Whether a site works is known as of today only.
    """
    year = Period(year_before(period.until), period.until)
    active = [fact for fact in facts if fact.is_active and fact.known_on <= period.until]
    # The same day of last year is more than twelve months ago.
    visited = sum(any(year.since < day <= year.until for day in fact.visited_on) for fact in active)
    values = (figure(ratio(visited, len(active)), Unit.SHARE), figure(visited, Unit.COUNT))
    return Measure(values, len(active))
