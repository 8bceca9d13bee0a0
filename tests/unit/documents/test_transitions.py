"""The table of documents, move by move."""

import itertools

import pytest

from marketplace.core.errors import TransitionRefused
from marketplace.documents.transitions import STATE_WORDS, TABLE, Action, State, Who, after, legal

# What is done to a document in a state, and where it leads.
MOVES = {
    ("pending", "accept"): "accepted",
    ("pending", "reject"): "rejected",
    ("pending", "expire"): "expired",
    ("accepted", "take_back"): "rejected",
    ("accepted", "expire"): "expired",
}
NO_MOVES = [pair for pair in itertools.product(State, Action) if pair not in MOVES]


@pytest.mark.parametrize(("state", "action"), MOVES)
def test_a_legal_move_leads_on(state: str, action: str) -> None:
    assert after(state, Action(action)) == MOVES[state, action]


@pytest.mark.parametrize(("state", "action"), NO_MOVES)
def test_any_other_move_is_refused_and_tells_what_was_tried_and_what_is_legal(state: State, action: Action) -> None:
    with pytest.raises(TransitionRefused) as refused:
        after(state, action)

    assert (refused.value.state, refused.value.action) == (state, action)
    assert refused.value.legal == legal(state)


def test_a_refused_or_expired_document_never_moves_again() -> None:
    assert legal("rejected") == legal("expired") == ()
    assert legal("pending") == (Action.ACCEPT, Action.REJECT, Action.EXPIRE)
    assert legal("accepted") == (Action.TAKE_BACK, Action.EXPIRE)


def test_only_the_clock_lets_a_document_expire_and_people_do_the_rest() -> None:
    assert {row.action for row in TABLE if row.who is Who.CLOCK} == {Action.EXPIRE}
    assert {row.who for row in TABLE if row.action is not Action.EXPIRE} == {Who.REVIEWER}


def test_every_move_is_named_once_and_every_state_has_words() -> None:
    assert len({(row.action, row.before) for row in TABLE}) == len(TABLE)
    assert set(STATE_WORDS) == set(State)
