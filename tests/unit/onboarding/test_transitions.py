import itertools

import pytest

from marketplace.core.errors import TransitionRefused
from marketplace.onboarding.transitions import (
    ENDED,
    STATE_WORDS,
    TABLE,
    WITH_PACT,
    Action,
    State,
    Who,
    legal,
    row_for,
)

# What is done to an application in a state: where it leads and whose word it needs.
MOVES = {
    ("draft", "save"): ("draft", "applicant"),
    ("draft", "hand_in"): ("handed_in", "applicant"),
    ("returned", "save"): ("returned", "applicant"),
    ("returned", "hand_in"): ("handed_in", "applicant"),
    ("handed_in", "take_back"): ("draft", "applicant"),
    ("handed_in", "return"): ("returned", "reviewer"),
    ("handed_in", "approve"): ("needs_second", "reviewer"),
    ("handed_in", "refuse"): ("refused", "reviewer"),
    ("needs_second", "take_back"): ("draft", "applicant"),
    ("needs_second", "return"): ("returned", "second"),
    ("needs_second", "confirm"): ("approved", "second"),
    ("needs_second", "refuse"): ("refused", "second"),
    ("refused", "reopen"): ("handed_in", "new_eyes"),
}
NO_MOVES = [pair for pair in itertools.product(State, Action) if pair not in MOVES]


@pytest.mark.parametrize(("state", "action"), MOVES)
def test_a_legal_move_leads_on_and_needs_the_right_person(state: str, action: str) -> None:
    row = row_for(state, Action(action))

    assert (row.before, row.action) == (state, action)
    assert (row.after, row.who) == MOVES[state, action]


@pytest.mark.parametrize(("state", "action"), NO_MOVES)
def test_any_other_move_is_refused_and_tells_what_was_tried_and_what_is_legal(state: State, action: Action) -> None:
    with pytest.raises(TransitionRefused) as refused:
        row_for(state, action)

    assert (refused.value.state, refused.value.action) == (state, action)
    assert refused.value.legal == legal(state) == tuple(move for before, move in MOVES if before == state)


def test_every_move_is_named_once_and_every_state_has_words() -> None:
    assert len({(row.before, row.action) for row in TABLE}) == len(TABLE)
    assert set(STATE_WORDS) == set(State)


def test_an_application_is_approved_only_from_the_first_approval() -> None:
    into = [row for row in TABLE if row.after is State.APPROVED]

    assert [(row.before, row.action, row.who) for row in into] == [(State.NEEDS_SECOND, Action.CONFIRM, Who.SECOND)]


def test_what_is_decided_stays_so() -> None:
    assert {State.APPROVED, State.REFUSED} == ENDED
    assert legal(State.APPROVED) == ()
    assert legal(State.REFUSED) == (Action.REOPEN,)  # by an appeal that was right, and never straight to approved
    assert all(legal(state) for state in set(State) - ENDED)


def test_only_what_is_with_pact_is_decided() -> None:
    decided = {row.before for row in TABLE if row.who in {Who.REVIEWER, Who.SECOND}}

    assert decided == WITH_PACT == {State.HANDED_IN, State.NEEDS_SECOND}


@pytest.mark.parametrize("state", ["handed_in", "needs_second", "approved", "refused"])
def test_nothing_is_changed_while_it_is_with_pact_or_decided(state: str) -> None:
    assert Action.SAVE not in legal(state)
