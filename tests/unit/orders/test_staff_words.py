"""Staff reads on every order who acts next; lists tell people when it is their turn."""

from datetime import UTC, datetime
from typing import Any

import pytest

from marketplace.core.money import Money
from marketplace.orders.staff_words import what_staff_does
from marketplace.orders.transitions import FINAL, Outcome, State
from marketplace.orders.turns import is_turn_of
from marketplace.orders.words import OrderFacts, Reader, what_happens_next

PRICE = Money(124_000, "USD")
NOTHING = "Nothing more happens with this order."


def facts(state: State, **other: Any) -> OrderFacts:
    return OrderFacts(state, PRICE, PRICE, datetime(2026, 10, 6, tzinfo=UTC), **other)


def said(found: OrderFacts, *, is_checked: bool = False, is_proposed: bool = False) -> str:
    return what_staff_does(found, is_checked=is_checked, is_proposed=is_proposed)


@pytest.mark.parametrize("state", State)
def test_something_is_said_until_the_order_ended(state: State) -> None:
    assert (said(facts(state)) == NOTHING) == (state in FINAL)


def test_a_large_dispute_needs_a_proposal_and_then_the_same_word_of_another() -> None:
    small, large = facts(State.DISPUTED), facts(State.DISPUTED, needs_second_person=True)

    assert said(small).endswith("A moderator decides within 21 days.")
    assert said(large).endswith("Within 21 days a moderator proposes, and another one decides.")
    assert said(large, is_proposed=True).startswith("A decision is proposed.")


def test_after_an_appeal_somebody_else_decides_and_above_the_threshold_two_do() -> None:
    appealed = facts(State.DISPUTED, outcome=Outcome.RELEASE, needs_second_person=True)

    assert said(appealed).startswith("One side asked for another reviewer.")
    assert said(appealed, is_proposed=True).startswith("A decision is proposed.")


def test_a_stopped_order_says_what_stops_it() -> None:
    frozen = facts(State.SHIPPED, is_frozen=True)

    assert said(frozen, is_checked=True).startswith("Compliance stops this order.")
    assert said(frozen).startswith("The buyer’s bank asks for the payment back.")
    assert said(facts(State.REFUNDED, is_frozen=True)) == NOTHING


@pytest.mark.parametrize(
    ("state", "reader"),
    [
        (State.PENDING_PAYMENT, Reader.BUYER),
        (State.DELIVERED, Reader.BUYER),
        (State.RETURN_PENDING, Reader.BUYER),
        (State.FUNDED, Reader.COOPERATIVE),
        (State.CONFIRMED, Reader.COOPERATIVE),
        (State.ADJUSTMENT, Reader.COOPERATIVE),
        (State.RETURNING, Reader.COOPERATIVE),
        (State.RETURN_INSPECTION, Reader.COOPERATIVE),
    ],
)
def test_an_order_waits_for_one_side_and_for_nobody_while_it_is_stopped(state: State, reader: Reader) -> None:
    assert [each for each in Reader if is_turn_of(facts(state), each, settlement_by=None)] == [reader]
    assert not is_turn_of(facts(state, is_frozen=True), reader, settlement_by=None)
    assert not is_turn_of(facts(state, is_stopping=True), reader, settlement_by=None)


@pytest.mark.parametrize("state", [State.FUNDING, State.SHIPPED, State.AT_VERIFICATION, *sorted(FINAL)])
def test_other_states_wait_for_neither(state: State) -> None:
    assert not any(is_turn_of(facts(state), each, settlement_by="buyer") for each in Reader)


def test_an_offered_settlement_waits_for_the_other_side() -> None:
    disputed = facts(State.DISPUTED)

    assert not any(is_turn_of(disputed, each, settlement_by=None) for each in Reader)
    assert is_turn_of(disputed, Reader.BUYER, settlement_by="cooperative")
    assert not is_turn_of(disputed, Reader.COOPERATIVE, settlement_by="cooperative")


def test_a_parcel_for_the_check_goes_to_the_verifier() -> None:
    checked = facts(State.CONFIRMED, is_by_verifier=True)

    assert "to the verifier" in what_happens_next(checked, Reader.COOPERATIVE)
    assert "to the verifier" not in what_happens_next(checked, Reader.BUYER)
    assert "to the verifier" not in what_happens_next(facts(State.CONFIRMED), Reader.COOPERATIVE)
    assert "Pack, seal" not in what_happens_next(facts(State.FUNDED, is_by_verifier=True), Reader.COOPERATIVE)
