"""Each side of a negotiation reads where it stands in its own words; staff read both."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from marketplace.core.money import Money
from marketplace.orders.offer_words import OfferFacts, state_words, what_is_left, what_stands, what_was_offered
from marketplace.orders.offers import Side, Standing, State

AT = datetime(2026, 9, 29, 9, 0, tzinfo=UTC)
LATER = datetime(2026, 10, 1, 9, 0, tzinfo=UTC)
AMOUNT = Money(84_000, "USD")
OPEN = Standing(uuid4(), uuid4(), uuid4(), State.OPEN, Side.BUYER, rounds=1)
FACTS = OfferFacts(OPEN, AMOUNT, AT)


def facts(**other: object) -> OfferFacts:
    return replace(FACTS, standing=replace(OPEN, **other))


def test_each_side_reads_whose_turn_it_is() -> None:
    said = {reader: what_stands(FACTS, reader) for reader in (Side.BUYER, Side.COOPERATIVE, None)}

    assert said[Side.BUYER].message.startswith("%(amount)s waits for the answer of the other side.")
    assert said[Side.COOPERATIVE].message.startswith("%(amount)s waits for your answer.")
    assert said[None].message.startswith("%(amount)s is open.")
    assert all(each.params == {"amount": AMOUNT, "until": AT} for each in said.values())


@pytest.mark.parametrize(
    ("state", "words", "sentence"),
    [
        (State.DECLINED, "declined", "%(amount)s was declined."),
        (State.WITHDRAWN, "taken back", "%(amount)s was taken back."),
        (State.EXPIRED, "ended without an answer", "%(amount)s was not answered in time."),
        (State.ACCEPTED, "agreed, and not ordered", "%(amount)s was agreed, and not ordered in time."),
    ],
)
def test_an_end_is_told(state: State, words: str, sentence: str) -> None:
    found = facts(state=state)

    assert state_words(found) == words
    assert what_stands(found, Side.BUYER) == (sentence, {"amount": AMOUNT})


def test_an_open_offer_is_open_waits_or_is_about_nothing_any_more() -> None:
    assert state_words(FACTS) == "open"
    assert state_words(FACTS, Side.BUYER) == "waits for the other side"
    assert state_words(FACTS, Side.COOPERATIVE) == "waits for your answer"
    waiting, gone = facts(is_waiting=True), facts(is_gone=True)
    assert state_words(waiting) == "waits, the lot is reserved"
    assert what_stands(waiting, Side.BUYER).message.startswith("Another buyer has this lot now.")
    assert what_stands(waiting, Side.BUYER).params == {"amount": AMOUNT}
    assert state_words(gone) == "ended, not for sale any more"
    assert what_stands(gone, None) == (
        "This lot is not for sale any more as it was. The offers about it ended.", {},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("reader", "said"),
    [(Side.BUYER, "Order and pay by"), (Side.COOPERATIVE, "The buyer may order until"), (None, "The buyer may order")],
)
def test_an_agreement_says_until_when(reader: Side | None, said: str) -> None:
    agreed = replace(facts(state=State.ACCEPTED, is_agreed=True), order_until=LATER)

    assert state_words(agreed) == "agreed"
    found = what_stands(agreed, reader)
    assert said in found.message
    assert found.params == {"amount": AMOUNT, "order_until": LATER}


def test_an_agreement_that_was_ordered_says_so() -> None:
    ordered = replace(facts(state=State.ACCEPTED, is_agreed=True, is_gone=True), is_ordered=True)

    assert state_words(ordered) == "ordered"
    assert what_stands(ordered, Side.BUYER) == ("%(amount)s was agreed, and ordered.", {"amount": AMOUNT})


def test_how_many_offers_are_left_is_told_while_it_matters() -> None:
    left = what_is_left(OPEN)
    assert left is not None
    assert left.params == {"left": 4}
    last = what_is_left(replace(OPEN, rounds=5))
    assert last is not None
    assert (last.message[:28], last.params) == ("%(rounds)s offers were made:", {"rounds": 5})
    assert what_is_left(replace(OPEN, is_agreed=True)) is None
    assert what_is_left(replace(OPEN, is_gone=True)) is None


@pytest.mark.parametrize(
    ("made_by", "reader", "said"),
    [
        (Side.BUYER, Side.BUYER, "You offered %(amount)s"),
        (Side.BUYER, Side.COOPERATIVE, "The buyer offered %(amount)s"),
        (Side.BUYER, None, "The buyer offered %(amount)s"),
        (Side.COOPERATIVE, Side.BUYER, "The cooperative asked %(amount)s"),
        (Side.COOPERATIVE, Side.COOPERATIVE, "You asked %(amount)s"),
        (Side.COOPERATIVE, None, "The cooperative asked %(amount)s"),
    ],
)
def test_each_offer_is_told_by_who_made_it(made_by: Side, reader: Side | None, said: str) -> None:
    assert what_was_offered(made_by, AMOUNT, reader) == (said, {"amount": AMOUNT})
