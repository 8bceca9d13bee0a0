import pytest

from marketplace.core.errors import TransitionRefused
from marketplace.onboarding.transitions import ENDED, TABLE, WITH_PACT, Action, State, Who, legal, row_for


def test_every_move_is_named_once() -> None:
    moves = [(row.before, row.action) for row in TABLE]

    assert len(moves) == len(set(moves))


def test_an_application_is_approved_only_from_the_first_approval() -> None:
    into = [row for row in TABLE if row.after is State.APPROVED]

    assert [(row.before, row.action, row.who) for row in into] == [(State.NEEDS_SECOND, Action.CONFIRM, Who.SECOND)]


def test_what_is_decided_stays_so() -> None:
    assert {State.APPROVED, State.REFUSED} == ENDED
    assert legal(State.APPROVED) == ()
    assert legal(State.REFUSED) == (Action.REOPEN,)  # by an appeal that was right, and never straight to approved
    assert row_for(State.REFUSED, Action.REOPEN).after is State.HANDED_IN
    assert all(legal(state) for state in set(State) - ENDED)


def test_only_what_is_with_pact_is_decided() -> None:
    decided = {row.before for row in TABLE if row.who in {Who.REVIEWER, Who.SECOND}}

    assert decided == WITH_PACT == {State.HANDED_IN, State.NEEDS_SECOND}


@pytest.mark.parametrize("state", ["handed_in", "needs_second", "approved", "refused"])
def test_nothing_is_changed_while_it_is_with_pact_or_decided(state: str) -> None:
    with pytest.raises(TransitionRefused) as refused:
        row_for(state, Action.SAVE)

    assert refused.value.legal == legal(state)
    assert Action.SAVE not in refused.value.legal


def test_a_returned_application_is_changed_and_handed_in_again() -> None:
    assert legal("returned") == (Action.SAVE, Action.HAND_IN)
    assert row_for("returned", Action.HAND_IN).after is State.HANDED_IN
    assert row_for("returned", Action.SAVE).after is State.RETURNED
