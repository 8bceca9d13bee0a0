"""Indicators about people, each by an example worked out by hand."""

from datetime import date

from marketplace.monitoring.about_people import miners_paid, training_reached, women_leading, womens_share
from marketplace.monitoring.facts import OfficersCounted, Trained
from tests.unit.monitoring.made import AFTER, BEFORE, DAY, HERE, SEPTEMBER, figures, paid


def test_i1_a_miner_who_is_paid_twice_is_one_miner() -> None:
    # a: 10.00 + 5.00, b: 20.00, c: 0.50 → 3 miners, 4 payments, 35.50; what lies outside September does not count
    facts = [paid("a", 1_000), paid("a", 500), paid("b", 2_000, "m"), paid("c", 50, on=SEPTEMBER.until)]
    outside = [paid("d", 9_900, on=BEFORE), paid("e", 9_900, on=AFTER)]
    measure = miners_paid([*facts, *outside], SEPTEMBER)
    assert measure.values == figures("3", "4", "35.50")
    assert (measure.base, measure.people) == (4, 3)


def test_i2_womens_share_is_of_money_and_not_of_heads() -> None:
    # women 30.00 + 15.00 = 45.00 of 45.00 + 75.00 = 120.00 → 0.375
    facts = [paid("a", 3_000), paid("b", 1_500), paid("c", 5_000, "m"), paid("d", 2_500, "u"), paid("e", 9, on=BEFORE)]
    measure = womens_share(facts, SEPTEMBER)
    assert measure.values == figures("0.3750")
    assert (measure.base, measure.people) == (4, 2)


def test_i2_the_smaller_group_decides_whether_it_may_be_shown() -> None:
    many = [paid(f"w{number}", 100) for number in range(6)]
    assert womens_share([*many, paid("m", 100, "m")], SEPTEMBER).people == 1
    assert womens_share(many, SEPTEMBER) == (figures("1.0000"), 6, 6)
    assert womens_share([], SEPTEMBER) == (figures(None), 0, 0)


def test_i15_each_cooperatives_last_count_up_to_the_end_of_the_period_counts() -> None:
    def count(cooperative: str, on: date, women: int, officers: int) -> OfficersCounted:
        return OfficersCounted(on=on, women=women, officers=officers, **{**HERE, "cooperative": cooperative})

    facts = [
        count("CO-1", DAY, 3, 5), count("CO-1", BEFORE, 1, 5), count("CO-1", AFTER, 5, 5),
        count("CO-2", SEPTEMBER.until, 1, 3),
    ]  # fmt: skip
    # 3 of 5 and 1 of 3 → 4 of 8
    assert women_leading(facts, SEPTEMBER) == (figures("0.5000", "4", "8"), 2, 8)
    assert women_leading([], SEPTEMBER) == (figures(None, "0", "0"), 0, 0)


def test_i18_places_in_trainings_are_added_up() -> None:
    def trained(sex: str, people: int, on: date = DAY) -> Trained:
        return Trained(on=on, topic="mercury", sex=sex, people=people, **HERE)

    # 12 + 8 women, 9 men → 29 people of whom 20 are women
    facts = [trained("f", 12), trained("f", 8), trained("m", 9), trained("f", 70, BEFORE)]
    assert training_reached(facts, SEPTEMBER) == (figures("29", "20"), 3, 29)
