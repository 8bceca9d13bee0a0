"""How good moderation was: how fast decisions came, and how many another person decided otherwise later. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Final

from marketplace.monitoring.values import Unit, figure, median, quantile, ratio

# A rate of fewer decisions says more about chance than about a person.
FEWEST_DECISIONS: Final = 5
_P95: Final = Fraction(95, 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionFact:
    """One decision: about what (the digest of the version or application), by whom, and hours since it was sent.

    `did_not_hold`: an appeal overturned it, or a blind second look came out otherwise.
    """

    subject: str
    reviewer: str
    verdict: str
    decided_at: datetime
    hours: Fraction
    reasons: tuple[str, ...]
    did_not_hold: bool = False


@dataclass(frozen=True, slots=True)
class Quality:
    """The figures of some decisions. The rate is None of fewer than five of them."""

    decisions: int
    median_hours: Decimal | None
    p95_hours: Decimal | None
    overturned: int
    overturn_rate: Decimal | None


@dataclass(frozen=True, slots=True)
class ReasonQuality:
    """How often a reason was given, and how often that decision was overturned."""

    reason: str
    given: int
    overturned: int


def overturned(facts: Iterable[DecisionFact]) -> frozenset[DecisionFact]:
    """Return the decisions that did not hold, or that another person decided otherwise later about the same subject."""
    of_subject: defaultdict[str, list[DecisionFact]] = defaultdict(list)
    for fact in facts:
        of_subject[fact.subject].append(fact)
    return frozenset(
        fact
        for same in of_subject.values()
        for fact in same
        if fact.did_not_hold or any(_undoes(later, fact) for later in same)
    )


def quality(facts: Sequence[DecisionFact], undone: frozenset[DecisionFact]) -> Quality:
    """Return the figures of decisions of which `undone` were overturned."""
    hours = [fact.hours for fact in facts]
    count = sum(fact in undone for fact in facts)
    rate = ratio(count, len(facts)) if len(facts) >= FEWEST_DECISIONS else None
    return Quality(
        decisions=len(facts),
        median_hours=figure(median(hours), Unit.HOURS),
        p95_hours=figure(quantile(hours, _P95), Unit.HOURS),
        overturned=count,
        overturn_rate=figure(rate, Unit.SHARE),
    )


def by_reviewer(facts: Iterable[DecisionFact], undone: frozenset[DecisionFact]) -> Mapping[str, Quality]:
    """Return the figures of each reviewer, the one with most decisions first."""
    of: defaultdict[str, list[DecisionFact]] = defaultdict(list)
    for fact in facts:
        of[fact.reviewer].append(fact)
    ordered = sorted(of.items(), key=lambda each: (-len(each[1]), each[0]))
    return {reviewer: quality(found, undone) for reviewer, found in ordered}


def by_reason(facts: Iterable[DecisionFact], undone: frozenset[DecisionFact]) -> tuple[ReasonQuality, ...]:
    """Return how often each reason was given and overturned, the most frequent first."""
    given: Counter[str] = Counter()
    lost: Counter[str] = Counter()
    for fact in facts:
        given.update(fact.reasons)
        lost.update(fact.reasons if fact in undone else ())
    ordered = sorted(given.items(), key=lambda each: (-each[1], each[0]))
    return tuple(ReasonQuality(reason, count, lost[reason]) for reason, count in ordered)


def _undoes(later: DecisionFact, fact: DecisionFact) -> bool:
    return later.decided_at > fact.decided_at and later.reviewer != fact.reviewer and later.verdict != fact.verdict
