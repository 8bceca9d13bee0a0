"""Parties that share a strong mark are one group, directly or by a chain; weak marks tie nobody."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.pricing.relations import STRONG, WEAK, Mark, MarkKind, groups_of


def mark(digest: str, kind: MarkKind = MarkKind.PERSON) -> Mark:
    return Mark(kind, digest)


def test_a_party_without_marks_stands_alone() -> None:
    assert groups_of({"bob": [], "alice": [mark("1")]}) == {"bob": "bob", "alice": "alice"}
    assert groups_of({}) == {}


@pytest.mark.parametrize("kind", sorted(STRONG))
def test_two_parties_with_one_strong_mark_are_one_group_named_by_the_smaller(kind: MarkKind) -> None:
    assert groups_of({"b": [mark("1", kind)], "a": [mark("1", kind)]}) == {"b": "a", "a": "a"}


@pytest.mark.parametrize("kind", sorted(WEAK))
def test_a_weak_mark_ties_nobody(kind: MarkKind) -> None:
    assert groups_of({"a": [mark("1", kind)], "b": [mark("1", kind)]}) == {"a": "a", "b": "b"}


def test_weak_marks_of_both_kinds_together_tie_nobody_either() -> None:
    village = [mark("dish", MarkKind.NETWORK), mark("mail", MarkKind.MAIL_PROVIDER)]
    assert groups_of({"a": village, "b": village}) == {"a": "a", "b": "b"}


def test_what_is_strong_and_what_is_weak() -> None:
    assert {"network", "mail_provider"} == WEAK
    assert {"person", "device", "payout", "payment", "company", "address", "telephone", "domain"} == STRONG


def test_one_digest_of_two_kinds_is_two_marks() -> None:
    assert groups_of({"a": [mark("1")], "b": [mark("1", MarkKind.DEVICE)]}) == {"a": "a", "b": "b"}


def test_a_chain_ties_its_ends_however_long_it_is() -> None:
    chain = {f"p{place:03d}": [mark(str(place)), mark(str(place + 1))] for place in range(300)}
    assert set(groups_of(chain).values()) == {"p000"}
    assert set(groups_of(dict(reversed(chain.items()))).values()) == {"p000"}


def test_two_chains_that_meet_nowhere_stay_apart() -> None:
    marks = {"a": [mark("1")], "b": [mark("1"), mark("2")], "c": [mark("2")], "d": [mark("3")], "e": [mark("3")]}
    assert groups_of(marks) == {"a": "a", "b": "a", "c": "a", "d": "d", "e": "d"}


markets = st.dictionaries(
    st.text("abcdefgh", min_size=1, max_size=2),
    st.frozensets(st.builds(Mark, st.sampled_from(MarkKind), st.sampled_from("123456")), max_size=4),
    max_size=20,
)


@given(marks=markets, seed=st.integers(0, 1000))
def test_the_order_of_parties_and_marks_does_not_matter(marks: dict[str, frozenset[Mark]], seed: int) -> None:
    chance = random.Random(seed)
    parties = list(marks)
    chance.shuffle(parties)
    mixed = {party: chance.sample(sorted(marks[party]), len(marks[party])) for party in parties}
    assert groups_of(mixed) == groups_of(marks)


@given(marks=markets)
def test_groups_are_exactly_what_walking_from_mark_to_mark_reaches(marks: dict[str, frozenset[Mark]]) -> None:
    found = groups_of(marks)
    for party in marks:
        reached, front = {party}, [party]
        while front:
            strong = {mark for mark in marks[front.pop()] if mark.kind in STRONG}
            fresh = [other for other in marks if other not in reached and strong & marks[other]]
            reached.update(fresh)
            front.extend(fresh)
        assert {other for other in marks if found[other] == found[party]} == reached
        assert found[party] == min(reached)
