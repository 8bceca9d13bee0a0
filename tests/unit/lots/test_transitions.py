"""The table of moves is complete and without contradictions."""

import itertools

import pytest

from marketplace.core.errors import TransitionRefused
from marketplace.lots.models import LOT_STATES
from marketplace.lots.transitions import FINAL, ROWS, Action, Row, State, Who, legal_actions, row_for


def test_the_table_and_the_database_know_the_same_states() -> None:
    assert {state.value for state in State} == set(LOT_STATES)


def test_a_move_has_one_outcome() -> None:
    for first, second in itertools.combinations(ROWS, 2):
        if (first.action, first.source) == (second.action, second.source):
            assert {first.on_sale, second.on_sale} == {True, False}, first


def test_nothing_leads_out_of_a_final_state_but_an_appeal_against_a_refusal() -> None:
    assert [row for row in ROWS if row.source in FINAL] == [
        Row(Action.REOPEN, State.REFUSED, State.SUBMITTED, Who.MODERATOR, on_sale=False)
    ]


def test_every_state_can_be_reached_and_left_or_is_final() -> None:
    reached = {row.target for row in ROWS} | {State.DRAFT}
    left = {row.source for row in ROWS}

    assert reached == set(State)
    assert left | FINAL == set(State)


@pytest.mark.parametrize(("state", "action", "on_sale"), list(itertools.product(State, Action, (True, False))))
def test_an_illegal_move_names_the_legal_ones(state: State, action: Action, on_sale: bool) -> None:
    legal = legal_actions(state, on_sale=on_sale)
    if action in legal:
        assert row_for(state, action, on_sale=on_sale).action is action
        return
    with pytest.raises(TransitionRefused) as refused:
        row_for(state, action, on_sale=on_sale)
    assert refused.value.legal == legal
