"""The table of incidents, row by row."""

import itertools

import pytest

from marketplace.core.errors import TransitionRefused
from marketplace.incidents.transitions import ENDED, STATE_WORDS, TABLE, Action, State, Who, legal, row_for

# What is done to an incident in a state: where it leads and whose word it needs, for a severe one and a lighter one.
MOVES = {
    ("open", "substantiate"): (("substantiated", "not_opener"), ("substantiated", "any")),
    ("open", "doubt"): (("doubted", "any"), ("unfounded", "any")),
    ("doubted", "confirm"): (("unfounded", "second"), ("unfounded", "second")),
    ("doubted", "keep"): (("open", "any"), ("open", "any")),
    ("substantiated", "plan"): (("remediating", "any"), ("remediating", "any")),
    ("remediating", "close"): (("closing", "any"), ("closing", "any")),
    ("closing", "agree"): (("closed", "second"), ("closed", "second")),
    ("closing", "send_back"): (("remediating", "any"), ("remediating", "any")),
    ("closed", "reopen"): (("open", "any"), ("open", "any")),
    ("unfounded", "reopen"): (("open", "any"), ("open", "any")),
}
NO_MOVES = [pair for pair in itertools.product(State, Action) if pair not in MOVES]


@pytest.mark.parametrize(("state", "action"), MOVES)
def test_a_legal_move_leads_on_and_needs_the_right_person(state: str, action: str) -> None:
    severe, lighter = (row_for(state, Action(action), is_severe=is_severe) for is_severe in (True, False))

    assert (severe.before, severe.action) == (lighter.before, lighter.action) == (state, action)
    assert ((severe.after, severe.who), (lighter.after, lighter.who)) == MOVES[state, action]


@pytest.mark.parametrize("is_severe", [True, False])
@pytest.mark.parametrize(("state", "action"), NO_MOVES)
def test_any_other_move_is_refused_and_tells_what_was_tried_and_what_is_legal(
    state: State, action: Action, *, is_severe: bool
) -> None:
    with pytest.raises(TransitionRefused) as refused:
        row_for(state, action, is_severe=is_severe)

    assert (refused.value.state, refused.value.action) == (state, action)
    assert refused.value.legal == tuple(move for before, move in MOVES if before == state)


def test_a_move_with_two_rows_is_named_once_in_the_order_of_the_table() -> None:
    assert legal("open") == (Action.SUBSTANTIATE, Action.DOUBT)
    assert legal("closing") == (Action.AGREE, Action.SEND_BACK)


def test_what_ends_needs_a_second_person_when_it_is_closed() -> None:
    assert {row.who for row in TABLE if row.after is State.CLOSED} == {Who.SECOND}
    assert frozenset({State.CLOSED, State.UNFOUNDED}) == ENDED


def test_every_state_has_words_and_a_way_on() -> None:
    assert set(STATE_WORDS) == set(State)
    assert all(legal(state) for state in State)
