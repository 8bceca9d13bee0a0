"""The table of incidents, row by row."""

import pytest

from marketplace.core.errors import TransitionRefused
from marketplace.incidents.transitions import ENDED, STATE_WORDS, TABLE, Action, State, Who, legal, row_for


@pytest.mark.parametrize("row", TABLE)
def test_each_row_is_found(row: object) -> None:
    assert row_for(row.before, row.action, is_severe=bool(row.severe)) == row  # type: ignore[attr-defined]


def test_a_severe_one_needs_others_where_a_lighter_one_does_not() -> None:
    assert row_for("open", Action.SUBSTANTIATE, is_severe=True).who is Who.NOT_OPENER
    assert row_for("open", Action.SUBSTANTIATE, is_severe=False).who is Who.ANY
    assert row_for("open", Action.DOUBT, is_severe=True).after is State.DOUBTED
    assert row_for("open", Action.DOUBT, is_severe=False).after is State.UNFOUNDED


def test_what_ends_needs_a_second_person_when_it_is_closed() -> None:
    assert {row.who for row in TABLE if row.after is State.CLOSED} == {Who.SECOND}
    assert frozenset({State.CLOSED, State.UNFOUNDED}) == ENDED


def test_an_illegal_move_names_the_legal_ones() -> None:
    with pytest.raises(TransitionRefused) as refused:
        row_for("closed", Action.AGREE, is_severe=True)
    assert refused.value.legal == (Action.REOPEN,)
    assert legal("open") == (Action.SUBSTANTIATE, Action.DOUBT)


def test_every_state_has_words_and_a_way_on() -> None:
    assert set(STATE_WORDS) == set(State)
    assert all(legal(state) for state in State)
