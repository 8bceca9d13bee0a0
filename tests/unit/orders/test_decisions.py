"""How disputes end, and how what is left of a price is shared: worked out by hand and for any numbers."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.errors import InvalidInput
from marketplace.core.money import Money
from marketplace.orders.decisions import (
    Decision,
    check_decision,
    decisions_open,
    is_part,
    net_of_shares,
    outcome_by_rule,
    outcome_of_refund,
    shares_after_refund,
)
from marketplace.orders.transitions import INTERRUPTED, Outcome, State

PRICE = Money(124_000, "USD")


def line(payee: str, minor: int) -> dict[str, Any]:
    return {"payee": payee, "code": payee, "label": payee, "amount_minor": minor}


def test_every_part_shrinks_alike_and_the_cooperative_has_the_odd_cent() -> None:
    # 1,240.00 of which 100.01 goes back: 1,139.99 remain, 0.91934677... of each part.
    # royalty 74.40 -> 68.3994 -> 68.39; platform 62.00 -> 56.9995 -> 56.99; the rest, 1,014.61, is the cooperative's.
    lines = [line("cooperative", 110_360), line("deduction", 7_440), line("platform", 6_200)]

    found = shares_after_refund(lines, refund=Money(10_001, "USD"), price=PRICE)

    assert [each["amount_minor"] for each in found] == [101_461, 6_839, 5_699]
    assert [each["payee"] for each in found] == ["cooperative", "deduction", "platform"]
    assert net_of_shares(found) == 101_461
    assert lines[0]["amount_minor"] == 110_360, "what was agreed first stays as it was"


@given(
    parts=st.lists(st.integers(min_value=0, max_value=10**9), min_size=1, max_size=6),
    share=st.fractions(min_value=0, max_value=1),
)
def test_the_parts_of_any_rest_sum_to_it_and_none_grows(parts: list[int], share: Any) -> None:
    lines = [line("cooperative", parts[0] + 1), *(line("deduction", part) for part in parts[1:])]
    price = Money(sum(each["amount_minor"] for each in lines), "UGX")
    refund = Money(int(price.minor * share), "UGX")

    found = shares_after_refund(lines, refund=refund, price=price)

    assert sum(each["amount_minor"] for each in found) == price.minor - refund.minor
    assert all(0 <= new["amount_minor"] <= old["amount_minor"] for new, old in zip(found[1:], lines[1:], strict=True))
    assert 0 <= found[0]["amount_minor"] <= lines[0]["amount_minor"] + len(parts)


@pytest.mark.parametrize(
    ("refund", "fits"),
    [
        (None, False),
        (Money(0, "USD"), False),
        (Money(1, "USD"), True),
        (Money(123_999, "USD"), True),
        (PRICE, False),
        (Money(5, "EUR"), False),
    ],
)
def test_a_part_is_more_than_nothing_and_less_than_all(refund: Money | None, fits: bool) -> None:
    assert is_part(refund, PRICE) is fits


def test_an_agreed_amount_is_an_outcome() -> None:
    assert outcome_of_refund(Money(0, "USD"), PRICE) is Outcome.RELEASE
    assert outcome_of_refund(Money(1, "USD"), PRICE) is Outcome.SPLIT
    assert outcome_of_refund(PRICE, PRICE) is Outcome.REFUND


@pytest.mark.parametrize("came_from", INTERRUPTED)
def test_who_has_the_goods_decides_when_nobody_else_did(came_from: State) -> None:
    expected = Outcome.RELEASE if came_from is State.DELIVERED else Outcome.REFUND

    assert outcome_by_rule(came_from.value) is expected
    assert expected in decisions_open(came_from.value)


@pytest.mark.parametrize("came_from", [State.FUNDED, State.CONFIRMED, State.AT_VERIFICATION])
def test_goods_that_were_not_sent_to_the_buyer_are_not_paid_for(came_from: State) -> None:
    assert decisions_open(came_from.value) == ("continue", "refund")


def test_goods_on_their_way_back_are_not_sent_back_again() -> None:
    for came_from in (State.RETURNING, State.RETURN_INSPECTION):
        assert decisions_open(came_from.value) == ("continue", "refund", "split", "release")
    assert decisions_open("shipped") == ("continue", "refund", "split")
    assert set(decisions_open("delivered")) == {"continue", "release", "refund", "split", "return"}


@pytest.mark.parametrize(
    ("decision", "came_from", "wrong"),
    [
        (Decision("release", "why"), "funded", {"decision"}),
        (Decision("return", "why"), "returning", {"decision"}),
        (Decision("split", "why"), "delivered", {"refund"}),
        (Decision("split", "why", PRICE), "delivered", {"refund"}),
        (Decision("split", "why", PRICE), "funded", {"decision", "refund"}),
    ],
)
def test_a_decision_must_fit_the_goods_and_the_price(decision: Decision, came_from: str, wrong: set[str]) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_decision(decision, came_from=came_from, price=PRICE)

    assert set(refused.value.fields) == wrong


def test_a_decision_that_fits_passes() -> None:
    check_decision(Decision("split", "why", Money(1, "USD")), came_from="delivered", price=PRICE)
    check_decision(Decision("refund", "why"), came_from="funded", price=PRICE)
