"""The first sentence of an order's page says where the money is, in every state, for both readers."""

from datetime import UTC, datetime
from itertools import product

import pytest

from marketplace.core.money import Money
from marketplace.orders.transitions import FINAL, PROBLEM_STATES, Action, State
from marketplace.orders.words import (
    STATE_WORDS,
    STEP_WORDS,
    OrderFacts,
    Reader,
    state_words,
    what_happens_next,
    where_is_the_money,
)

UNTIL = datetime(2026, 10, 6, 9, 0, tzinfo=UTC)
DATED = {State.PENDING_PAYMENT, State.FUNDED, State.CONFIRMED, State.DELIVERED}


def facts(state: State, **other: bool) -> OrderFacts:
    return OrderFacts(
        state=state,
        price=Money(124_000, "USD"),
        net=Money(96_720, "USD"),
        deadline_at=UNTIL if state in DATED or state is State.SHIPPED else None,
        **other,
    )


@pytest.mark.parametrize(("state", "reader"), list(product(State, Reader)))
def test_there_is_a_whole_sentence_for_every_state_and_reader(state: State, reader: Reader) -> None:
    found = where_is_the_money(facts(state), reader)

    said = found.message % found.params
    assert said.endswith(".")
    assert "%(" not in said
    assert "None" not in said, "a state without a deadline names none"


@pytest.mark.parametrize("state", [State.FUNDED, State.CONFIRMED, State.SHIPPED, State.DELIVERED, State.ACCEPTED])
def test_held_money_is_called_held(state: State) -> None:
    assert where_is_the_money(facts(state), Reader.BUYER).message.startswith("Your money is held safely.")
    cooperative = where_is_the_money(facts(state), Reader.COOPERATIVE)
    assert "is held safely. You will be paid %(net)s" in cooperative.message


@pytest.mark.parametrize(
    "state", sorted(set(State) - {State.FUNDED, State.CONFIRMED, State.SHIPPED, State.DELIVERED, State.ACCEPTED})
)
def test_money_that_is_not_held_is_not_called_held(state: State) -> None:
    for reader in Reader:
        assert "held safely" not in where_is_the_money(facts(state), reader).message


@pytest.mark.parametrize("state", PROBLEM_STATES)
def test_a_problem_is_said_first(state: State) -> None:
    held = facts(state, is_held=True)

    assert "stays with us while we look at the problem" in where_is_the_money(held, Reader.BUYER).message
    assert "if the problem is solved" in where_is_the_money(held, Reader.COOPERATIVE).message
    assert state_words(held) == "on hold, a problem was reported"


def test_a_payment_page_that_is_being_closed_holds_no_money() -> None:
    found = where_is_the_money(facts(State.PENDING_PAYMENT, is_stopping=True), Reader.BUYER)

    assert found == ("No money is held. We are closing the payment page with the payment provider.", {})


@pytest.mark.parametrize(("state", "reader"), list(product(State, Reader)))
def test_something_or_nothing_happens_next(state: State, reader: Reader) -> None:
    said = what_happens_next(facts(state), reader)

    assert (said == "Nothing more happens with this order.") == (state in FINAL or _is_over(state, reader))


def _is_over(state: State, reader: Reader) -> bool:
    return reader is Reader.COOPERATIVE and state in {State.REFUNDING, State.REFUND_FAILED}


def test_every_state_and_step_has_words() -> None:
    assert set(STATE_WORDS) == set(State)
    assert set(STEP_WORDS) == set(Action)
