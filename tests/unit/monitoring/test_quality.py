"""The quality of moderation, by examples worked out by hand."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from marketplace.monitoring.quality import (
    DecisionFact,
    Quality,
    ReasonQuality,
    by_reason,
    by_reviewer,
    overturned,
    quality,
)

NINE = datetime(2026, 9, 1, 9, tzinfo=UTC)


def fact(subject: str, reviewer: str = "mary", verdict: str = "approve", *, at: int = 0, **other: Any) -> DecisionFact:
    usual = {"hours": Fraction(10), "reasons": ()}
    return DecisionFact(
        subject=subject, reviewer=reviewer, verdict=verdict, decided_at=NINE + timedelta(hours=at), **{**usual, **other}
    )


def test_overturned_is_what_another_person_decided_otherwise_later_about_the_same() -> None:
    lost = fact("a", verdict="refuse")
    agreed, changed_her_mind, earlier = fact("b"), fact("c"), fact("d", at=5)
    facts = [
        lost, fact("a", "samuel", at=1),
        agreed, fact("b", "samuel", at=1),
        changed_her_mind, fact("c", "mary", "refuse", at=1),
        earlier, fact("d", "samuel", "refuse", at=5),
        fact("e", verdict="refuse"), fact("f", "samuel", at=1),
    ]  # fmt: skip
    assert overturned(facts) == {lost}
    appealed = fact("g", verdict="refuse", did_not_hold=True)
    assert overturned([appealed, fact("g", "samuel", "refuse", at=-1)]) == {appealed}
    assert overturned([]) == frozenset()


def test_the_figures_of_some_decisions() -> None:
    # Hours 1 to 5: median 3; place 0.95 x 4 = 3.8 → 4.8. One of five was overturned: 0.2.
    facts = [fact(f"s{n}", hours=Fraction(n)) for n in range(1, 6)]
    undone = frozenset(facts[:1])
    assert quality(facts, undone) == Quality(5, Decimal("3.0"), Decimal("4.8"), 1, Decimal("0.2000"))
    # Of four there is no rate.
    assert quality(facts[:4], undone) == Quality(4, Decimal("2.5"), Decimal("3.8"), 1, None)
    assert quality([], undone) == Quality(0, None, None, 0, None)


def test_reviewers_with_most_decisions_come_first() -> None:
    facts = [fact("a", "samuel"), fact("b"), fact("c"), fact("d", "anna")]
    found = by_reviewer(facts, frozenset(facts[1:2]))
    assert list(found) == ["mary", "anna", "samuel"]
    assert (found["mary"].decisions, found["mary"].overturned) == (2, 1)


def test_reasons_are_counted_with_how_often_they_did_not_hold() -> None:
    lost = fact("a", verdict="refuse", reasons=("PHOTO", "WEIGHT"))
    facts = [lost, fact("b", verdict="refuse", reasons=("WEIGHT",)), fact("c", reasons=("ABC",)), fact("d")]
    assert by_reason(facts, frozenset({lost})) == (
        ReasonQuality("WEIGHT", 2, 1), ReasonQuality("ABC", 1, 0), ReasonQuality("PHOTO", 1, 1),
    )  # fmt: skip
