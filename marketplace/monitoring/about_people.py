"""Indicators about people: I1 miners paid, I2 women's share of income, I15 women who lead, I18 training. Pure."""

from collections.abc import Collection, Sequence
from typing import Final

from marketplace.monitoring.facts import MinerPaid, OfficersCounted, Trained
from marketplace.monitoring.periods import Period
from marketplace.monitoring.values import Measure, Unit, figure, ratio, usd

WOMAN: Final = "f"


def miners_paid(facts: Sequence[MinerPaid], period: Period) -> Measure:
    """Return how many different miners were paid, how often, and US dollars together (I1)."""
    found = [fact for fact in facts if period.holds(fact.on)]
    miners = {fact.miner for fact in found}
    total = usd(sum(fact.cents for fact in found))
    values = (figure(len(miners), Unit.COUNT), figure(len(found), Unit.COUNT), total)
    return Measure(values, len(found), len(miners))


def womens_share(facts: Sequence[MinerPaid], period: Period) -> Measure:
    """Return what women were paid ÷ what all miners were paid (I2)."""
    found = [fact for fact in facts if period.holds(fact.on)]
    women = [fact for fact in found if fact.sex == WOMAN]
    share = ratio(sum(fact.cents for fact in women), sum(fact.cents for fact in found))
    others = {fact.miner for fact in found if fact.sex != WOMAN}
    smallest = _smallest({fact.miner for fact in women}, others)
    return Measure((figure(share, Unit.SHARE),), len(found), smallest)


def women_leading(facts: Sequence[OfficersCounted], period: Period) -> Measure:
    """Return women among officers ÷ officers, by each cooperative's last count up to the end of the period (I15)."""
    newest: dict[str, OfficersCounted] = {}
    for fact in sorted((fact for fact in facts if fact.on <= period.until), key=lambda fact: fact.on):
        newest[fact.cooperative] = fact
    women = sum(fact.women for fact in newest.values())
    officers = sum(fact.officers for fact in newest.values())
    values = (
        figure(ratio(women, officers), Unit.SHARE),
        figure(women, Unit.COUNT),
        figure(officers, Unit.COUNT),
    )
    return Measure(values, len(newest), officers)


def training_reached(facts: Sequence[Trained], period: Period) -> Measure:
    """Return how many places in trainings were filled, and how many of them by women (I18).

    Who comes to two trainings is counted twice: names are not kept.
    """
    found = [fact for fact in facts if period.holds(fact.on)]
    everybody = sum(fact.people for fact in found)
    women = sum(fact.people for fact in found if fact.sex == WOMAN)
    return Measure((figure(everybody, Unit.COUNT), figure(women, Unit.COUNT)), len(found), everybody)


def _smallest(*groups: Collection[str]) -> int:
    """Return the size of the smallest group that has anybody: its income must not be told."""
    return min((len(group) for group in groups if group), default=0)
