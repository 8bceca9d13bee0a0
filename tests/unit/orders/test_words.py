"""The first sentence of an order's page says where the money is, in every state, for both readers."""

from datetime import UTC, datetime
from itertools import product
from typing import Any

import pytest

from marketplace.core.money import Money
from marketplace.orders.step_words import STEP_WORDS, step_words
from marketplace.orders.transitions import FINAL, HELD, Action, State
from marketplace.orders.words import (
    STATE_WORDS,
    OrderFacts,
    Reader,
    state_words,
    what_happens_next,
    where_is_the_money,
)

UNTIL = datetime(2026, 10, 6, 9, 0, tzinfo=UTC)
UNDATED = {*FINAL, State.FUNDING, State.AT_VERIFICATION, State.ACCEPTED, State.RELEASING, State.RELEASE_FAILED}
UNDATED |= {State.REFUNDING, State.REFUND_FAILED}


def facts(state: State, **other: Any) -> OrderFacts:
    return OrderFacts(
        state=state,
        price=Money(124_000, "USD"),
        net=Money(96_720, "USD"),
        deadline_at=UNTIL if state not in UNDATED else None,
        refund=other.pop("refund", Money(124_000, "USD")),
        **other,
    )


@pytest.mark.parametrize(("state", "reader"), list(product(State, Reader)))
def test_there_is_a_whole_sentence_for_every_state_and_reader(state: State, reader: Reader) -> None:
    found = where_is_the_money(facts(state), reader)

    said = found.message % found.params
    assert said.endswith(".")
    assert "%(" not in said
    assert "None" not in said, "a state without a deadline names none"


@pytest.mark.parametrize("state", sorted(HELD))
def test_held_money_is_called_held(state: State) -> None:
    assert where_is_the_money(facts(state), Reader.BUYER).message.startswith("Your money is held safely.")
    cooperative = where_is_the_money(facts(state), Reader.COOPERATIVE)
    assert "is held safely. You will be paid" in cooperative.message


@pytest.mark.parametrize("state", sorted(set(State) - HELD))
def test_money_that_is_not_held_is_not_called_held(state: State) -> None:
    for reader in Reader:
        assert "held safely" not in where_is_the_money(facts(state), reader).message


@pytest.mark.parametrize("state", sorted(HELD))
def test_a_payment_that_is_stopped_says_so_first(state: State) -> None:
    frozen = facts(state, is_frozen=True)

    for reader in Reader:
        assert "is stopped for a check" in where_is_the_money(frozen, reader).message
        assert what_happens_next(frozen, reader) == "Our staff checks the payment and writes to you."
    assert state_words(frozen) == "stopped for a check"


@pytest.mark.parametrize("state", [State.REFUNDING, State.REFUND_FAILED, State.RELEASING, State.RELEASE_FAILED])
def test_a_part_that_goes_back_is_named(state: State) -> None:
    found = where_is_the_money(facts(state, refund=Money(24_000, "USD")), Reader.BUYER)

    assert found.params == {"refund": Money(24_000, "USD")}


def test_a_whole_refund_and_none_are_no_parts() -> None:
    for refund in (Money(124_000, "USD"), Money.zero("USD")):
        found = where_is_the_money(facts(State.REFUNDING, refund=refund), Reader.COOPERATIVE)
        assert found.message == "The payment goes back to the buyer. You will not be paid for this order."


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
    assert step_words("refund") == "Decided: the buyer is refunded", "orders of earlier versions keep their history"
    assert step_words("ship") == "Handed to the courier"
    assert step_words("ship", party="cooperative") == "Handed to the courier"


@pytest.mark.parametrize(
    ("action", "buyer", "cooperative"),
    [
        ("add_evidence", "The buyer showed what was found", "The cooperative showed what it knows"),
        (
            "offer_settlement",
            "The buyer offered an end to the dispute",
            "The cooperative offered an end to the dispute",
        ),
        ("appeal", "The buyer asked for another reviewer", "The cooperative asked for another reviewer"),
    ],
)
def test_a_move_that_both_sides_have_says_whose_it_was(action: str, buyer: str, cooperative: str) -> None:
    assert step_words(action, party="buyer") == buyer
    assert step_words(action, party="cooperative") == cooperative
    assert step_words(action) == STEP_WORDS[Action(action)]


def test_a_chargeback_says_what_happens_and_who_acts_next_in_words_of_its_own() -> None:
    stopped = facts(State.DELIVERED, is_frozen=True, is_chargeback=True)

    assert state_words(stopped) == "stopped, the bank asks for the payment back"
    buyer, seller = (where_is_the_money(stopped, reader) for reader in (Reader.BUYER, Reader.COOPERATIVE))
    assert buyer.message.startswith("Your bank asks us for the payment of %(price)s back.")
    assert set(buyer.params) == {"price"}
    assert seller.message.endswith("You will be paid %(net)s if the bank decides for you.")
    assert "your bank decides" in what_happens_next(stopped, Reader.BUYER)
    assert "Keep the papers of the parcel." in what_happens_next(stopped, Reader.COOPERATIVE)


def test_a_chargeback_of_an_order_that_goes_on_changes_no_word() -> None:
    going = facts(State.RELEASED, is_chargeback=True)

    assert state_words(going) == "complete"
    assert where_is_the_money(going, Reader.COOPERATIVE).message == "You were paid %(net)s."


@pytest.mark.parametrize("state", [State.DELIVERED, State.ACCEPTED])
def test_a_buyer_of_whose_deposit_a_part_comes_back_reads_both_parts(state: State) -> None:
    said = where_is_the_money(facts(state, refund=Money(4_000, "USD")), Reader.BUYER)

    assert said.message.startswith("Your money is held safely. %(refund)s of it comes back to you. The rest is paid")
    assert said.params["refund"] == Money(4_000, "USD")
    assert "price" not in said.params
    whole = where_is_the_money(facts(state, refund=Money(0, "USD")), Reader.BUYER)
    assert "%(price)s is paid out" in whole.message
