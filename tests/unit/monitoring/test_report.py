"""Reports put figures together and keep single people out of them."""

import csv
from dataclasses import fields
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import get_type_hints

import marketplace
from marketplace.monitoring.catalogue import BREAKDOWNS, BY_CODE, INDICATORS
from marketplace.monitoring.facts import Facts, Ordered
from marketplace.monitoring.periods import Period, Step
from marketplace.monitoring.report import MOST_LINES, read, report
from tests.unit.monitoring.made import BEFORE, SEPTEMBER, figures, paid, sold

YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))


def test_the_catalogue_is_that_of_the_shipped_table() -> None:
    table = Path(marketplace.__file__).parent / "data/rules/mel_indicators.csv"
    with table.open(encoding="utf-8") as lines:
        assert [row["code"] for row in csv.DictReader(lines)] == [each.code for each in INDICATORS]
    assert len(BY_CODE) == 18


def test_every_record_has_what_it_is_broken_down_by() -> None:
    kinds = get_type_hints(Facts)
    for each in INDICATORS:
        (record,) = kinds[each.source].__args__
        assert set(each.breakdowns) <= {field.name for field in fields(record)}, each.code
        assert set(each.breakdowns) <= set(BREAKDOWNS)
        assert len(each.figures) == len(each.work_out((), SEPTEMBER).values), each.code


def test_sales_are_told_by_month_and_by_country() -> None:
    facts = Facts(sales=[
        sold(100, on=date(2026, 1, 31)), sold(250, on=date(2026, 3, 1)),
        sold(75, on=date(2026, 3, 31), country="KE"), sold(9, on=date(2025, 12, 31), country="ML"),
    ])  # fmt: skip
    found = read(BY_CODE["I3"], facts, Period(date(2026, 1, 1), date(2026, 3, 31)), step=Step.MONTH)

    assert found.whole is not None
    assert found.whole.values == figures("4.25", "3")
    assert [each.measure and each.measure.values for each in found.over_time] == [
        figures("1.00", "1"), figures("0.00", "0"), figures("3.25", "2"),
    ]  # fmt: skip
    assert [(line.key, line.measure and line.measure.values) for line in found.breakdowns["country"]] == [
        ("TZ", figures("3.50", "2")), ("KE", figures("0.75", "1")),
    ]  # fmt: skip
    assert not found.hides
    assert not found.is_cut
    assert found.left_out == 0


def test_a_month_and_a_group_of_few_miners_are_hidden_with_another_one() -> None:
    miners = [paid(f"w{n}", 100) for n in range(6)] + [paid(f"m{n}", 100, "m") for n in range(2)]
    before = [paid(f"b{n}", 100, on=BEFORE) for n in range(5)]
    found = read(BY_CODE["I1"], Facts(miners=[*miners, *before]), YEAR, step=Step.QUARTER)

    assert found.whole is not None
    assert found.whole.values[0] == 13
    assert {line.key: line.measure for line in found.breakdowns["sex"]} == {"f": None, "m": None}
    # everybody was paid in the third quarter: nobody stands out
    assert [each.measure and each.measure.people for each in found.over_time] == [0, 0, 13, 0]
    assert found.hides


def test_a_whole_of_four_people_is_hidden_and_one_of_five_is_shown() -> None:
    four = [paid(f"w{n}", 100) for n in range(4)]
    assert read(BY_CODE["I1"], Facts(miners=four), YEAR, step=Step.YEAR).whole is None
    assert read(BY_CODE["I1"], Facts(miners=four), YEAR, step=Step.YEAR).hides
    five = read(BY_CODE["I1"], Facts(miners=[*four, paid("w5", 100)]), YEAR, step=Step.YEAR)
    assert five.whole is not None
    assert not five.hides


def test_a_long_breakdown_is_cut_and_says_so() -> None:
    sales = [sold(100 + n, cooperative=f"CO-{n:03d}") for n in range(MOST_LINES + 2)]
    found = read(BY_CODE["I3"], Facts(sales=sales, cut=frozenset({"sales"})), YEAR, step=Step.YEAR)
    assert len(found.breakdowns["cooperative"]) == MOST_LINES == 60
    assert found.left_out == 2
    assert found.is_cut
    assert found.breakdowns["cooperative"][0].key == "CO-000"


def test_a_report_has_all_eighteen_even_of_nothing() -> None:
    found = report(Facts(), YEAR, step=Step.YEAR)
    assert [each.indicator.code for each in found.readings] == [f"I{n}" for n in range(1, 19)]
    assert found.of("I3").whole == (figures("0.00", "0"), 0, None)
    assert found.of("I4").breakdowns == {"country": (), "variety": (), "cooperative": ()}
    assert {each.indicator.code for each in found.readings if each.indicator.is_about_people} == {
        "I1", "I2", "I15", "I18",
    }  # fmt: skip


def test_a_group_with_disputes_but_no_orders_is_still_told() -> None:
    late = Ordered(funded_on=BEFORE, opened_on=(SEPTEMBER.since,), decided=(), cooperative="CO-1", country="ML")
    found = read(BY_CODE["I13"], Facts(orders=[late]), SEPTEMBER, step=Step.MONTH)
    assert [line.key for line in found.breakdowns["country"]] == ["ML"]
    assert Fraction(found.breakdowns["country"][0].measure.values[1]) == 1  # type: ignore[union-attr,arg-type]
