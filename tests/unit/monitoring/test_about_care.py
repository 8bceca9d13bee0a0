"""Indicators about care, each by an example worked out by hand."""

from datetime import date
from fractions import Fraction
from typing import Any

from marketplace.monitoring.about_care import (
    child_labour,
    disputes,
    sites_visited,
    time_to_decision,
    time_to_payout,
    traceability,
)
from marketplace.monitoring.facts import ChildLabour, Decided, KnownSite, Ordered, PaidOut, Published
from tests.unit.monitoring.made import AFTER, BEFORE, DAY, HERE, SEPTEMBER, figures


def incident(opened: date, **other: Any) -> ChildLabour:
    usual = {"site": "SI-1", "severity": "severe", "substantiated_on": None, "ended_on": None, "is_remediated": False}
    return ChildLabour(opened_on=opened, **{**HERE, **usual, **other})


def test_i10_each_figure_counts_what_happened_in_the_period() -> None:
    # Opened: 1, 15 and 30 September. Substantiated: 15 September. Ended: after 25 days (remediated) and 10 (unfounded),
    # so the median is 17.5; the one that ended in October is not among them.
    facts = [
        incident(SEPTEMBER.since, substantiated_on=DAY, ended_on=date(2026, 9, 26), is_remediated=True),
        incident(DAY, ended_on=date(2026, 9, 25)),
        incident(SEPTEMBER.until, substantiated_on=AFTER, ended_on=AFTER, is_remediated=True),
        incident(BEFORE, substantiated_on=BEFORE),
    ]
    assert child_labour(facts, SEPTEMBER) == (figures("3", "1", "1", "17.5"), 3, None)
    assert child_labour([], SEPTEMBER) == (figures("0", "0", "0", None), 0, None)


def test_i11_the_median_and_nine_of_ten() -> None:
    # 2, 10, 24, 48 hours: half way between 10 and 24 is 17; place 0.9 × 3 = 2.7 → 24 + 0.7 × 24 = 40.8
    hours = [Decided(on=DAY, kind="lot", hours=Fraction(each), **HERE) for each in (48, 2, 24, 10)]
    outside = [Decided(on=on, kind="lot", hours=Fraction(999), **HERE) for on in (BEFORE, AFTER)]
    assert time_to_decision([*hours, *outside], SEPTEMBER) == (figures("17.0", "40.8"), 4, None)


def test_i12_the_payout_in_the_middle() -> None:
    # 20.25, 30 and 90 hours → 30
    found = [PaidOut(on=DAY, rail="bank", hours=each, **HERE) for each in (Fraction(90), Fraction(81, 4), Fraction(30))]
    late = PaidOut(on=AFTER, rail="bank", hours=Fraction(1), **HERE)
    assert time_to_payout([*found, late], SEPTEMBER) == (figures("30.0"), 3, None)


def test_i13_disputes_of_paid_orders_and_who_was_right() -> None:
    # 4 orders paid in September; 2 disputes opened (one about an order of August) → 0.5.
    # Decided in September: for the buyer, and twice not → 1 of 3.
    def order(
        funded: date | None, opened: tuple[date, ...] = (), decided: tuple[tuple[date, bool], ...] = ()
    ) -> Ordered:
        return Ordered(funded_on=funded, opened_on=opened, decided=decided, **HERE)

    facts = [
        order(DAY), order(SEPTEMBER.since), order(SEPTEMBER.until), order(None),
        order(DAY, (DAY, AFTER), ((DAY, False), (AFTER, True))),
        order(BEFORE, (DAY, BEFORE), ((DAY, True), (SEPTEMBER.until, False), (BEFORE, True))),
    ]  # fmt: skip
    assert disputes(facts, SEPTEMBER) == (figures("0.5000", "2", "0.3333"), 4, None)
    assert disputes([], SEPTEMBER) == (figures(None, "0", None), 0, None)


def test_i14_lots_whose_chain_is_whole() -> None:
    # two of three
    found = [Published(on=DAY, mineral="gold", is_traceable=each, **HERE) for each in (True, False, True)]
    outside = [Published(on=on, mineral="gold", is_traceable=False, **HERE) for on in (BEFORE, AFTER)]
    assert traceability([*found, *outside], SEPTEMBER) == (figures("0.6667", "2"), 3, None)


def test_i17_a_visit_counts_for_twelve_months() -> None:
    def site(*visits: date, known: date = BEFORE, is_active: bool = True) -> KnownSite:
        return KnownSite(site="SI", known_on=known, is_active=is_active, visited_on=visits, **HERE)

    facts = [
        site(date(2025, 9, 30)),  # a year ago to the day: too long
        site(date(2025, 10, 1)),  # the first day that counts
        site(BEFORE, SEPTEMBER.until),
        site(AFTER),  # after the period
        site(),
        site(DAY, known=AFTER),  # not known yet
        site(DAY, is_active=False),
    ]
    # 2 of 5 active ones
    assert sites_visited(facts, SEPTEMBER) == (figures("0.4000", "2"), 5, None)
