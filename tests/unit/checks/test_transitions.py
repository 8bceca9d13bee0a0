"""The table of independent checks, move by move."""

import itertools

import pytest

from marketplace.checks import models
from marketplace.checks.transitions import OPEN, STATE_WORDS, TABLE, Action, State, Who, legal, row_for
from marketplace.core.errors import TransitionRefused

# What is done to a check in a state: where it leads and who may do it.
MOVES = {
    ("asked", "assign"): ("assigned", "moderator"),
    ("asked", "decline"): ("declined", "moderator"),
    ("asked", "withdraw"): ("withdrawn", "buyer"),
    ("assigned", "assign"): ("assigned", "moderator"),
    ("assigned", "hand_back"): ("asked", "checker"),
    ("assigned", "finish"): ("done", "checker"),
    ("assigned", "decline"): ("declined", "moderator"),
}
NO_MOVES = [pair for pair in itertools.product(State, Action) if pair not in MOVES]


@pytest.mark.parametrize(("state", "action"), MOVES)
def test_a_legal_move_leads_on_and_belongs_to_one_part(state: str, action: str) -> None:
    row = row_for(state, Action(action))

    assert (row.before, row.action) == (state, action)
    assert (row.after, row.who) == MOVES[state, action]


@pytest.mark.parametrize(("state", "action"), NO_MOVES)
def test_any_other_move_is_refused_and_tells_what_was_tried_and_what_is_legal(state: State, action: Action) -> None:
    with pytest.raises(TransitionRefused) as refused:
        row_for(state, action)

    assert (refused.value.state, refused.value.action) == (state, action)
    assert refused.value.legal == tuple(move for before, move in MOVES if before == state)


def test_every_state_can_be_reached_and_an_ended_check_never_moves_again() -> None:
    reached = {State.ASKED} | {row.after for row in TABLE}
    assert reached == set(State) == set(STATE_WORDS)
    assert {row.before for row in TABLE} == set(OPEN)
    assert [legal(state) for state in (State.DONE, State.DECLINED, State.WITHDRAWN)] == [(), (), ()]
    assert {state.value for state in State} == set(models.STATES)


def test_each_part_has_its_own_moves() -> None:
    assert legal("asked", Who.BUYER) == (Action.WITHDRAW,)
    assert legal("assigned", Who.BUYER) == ()
    assert legal("assigned", Who.CHECKER) == (Action.HAND_BACK, Action.FINISH)
    assert legal("assigned", Who.MODERATOR) == (Action.ASSIGN, Action.DECLINE)
    assert legal("asked", Who.MODERATOR, Who.BUYER) == (Action.ASSIGN, Action.DECLINE, Action.WITHDRAW)
    assert legal("asked") == (Action.ASSIGN, Action.DECLINE, Action.WITHDRAW)
