import itertools

import pytest

from marketplace.core.errors import TransitionRefused
from marketplace.moderation.models import CASE_STATES
from marketplace.moderation.transitions import TABLE, Action, State, after, legal, move_of

LEGAL = {(row.before, row.action): row.after for row in TABLE}
ILLEGAL = [pair for pair in itertools.product(State, Action) if pair not in LEGAL]


def test_the_table_holds_each_move_once_and_the_database_knows_every_state() -> None:
    assert len(LEGAL) == len(TABLE)
    assert {state.value for state in State} == set(CASE_STATES)


@pytest.mark.parametrize(("state", "action"), LEGAL)
def test_a_legal_move_leads_where_the_table_says(state: State, action: Action) -> None:
    assert after(state, action) is LEGAL[state, action]


@pytest.mark.parametrize(("state", "action"), ILLEGAL)
def test_an_illegal_move_is_refused_and_names_the_legal_ones(state: State, action: Action) -> None:
    with pytest.raises(TransitionRefused) as refused:
        after(state.value, action)

    assert refused.value.legal == legal(state)
    assert action not in refused.value.legal


def test_nothing_is_approved_that_nobody_took() -> None:
    assert [row.before for row in TABLE if row.action is Action.APPROVE] == [
        State.CLAIMED,
        State.NEEDS_SECOND,
        State.ESCALATED,
    ]


@pytest.mark.parametrize(
    ("verdict", "state", "of", "move"),
    [  # `of`: how many approvals are there, and how many it needs
        (Action.APPROVE, State.CLAIMED, (0, 1), Action.APPROVE),
        (Action.APPROVE, State.CLAIMED, (0, 2), Action.APPROVE_FIRST),
        (Action.APPROVE, State.NEEDS_SECOND, (1, 2), Action.APPROVE),
        (Action.APPROVE, State.ESCALATED, (0, 2), Action.APPROVE_FIRST),
        (Action.APPROVE, State.ESCALATED, (1, 2), Action.APPROVE),
        (Action.APPROVE, State.ESCALATED, (0, 1), Action.APPROVE),
        (Action.CHANGES, State.CLAIMED, (0, 2), Action.CHANGES),
        (Action.REFUSE, State.CLAIMED, (0, 1), Action.REFUSE),
        (Action.CHANGES, State.NEEDS_SECOND, (1, 2), Action.DISAGREE),
        (Action.REFUSE, State.NEEDS_SECOND, (1, 2), Action.DISAGREE),
        (Action.CHANGES, State.ESCALATED, (1, 2), Action.CHANGES),
        (Action.REFUSE, State.ESCALATED, (0, 2), Action.REFUSE),
    ],
)
def test_what_a_verdict_does(verdict: Action, state: State, of: tuple[int, int], move: Action) -> None:
    approvals, needed = of
    assert move_of(verdict, state=state, approvals_needed=needed, approvals=approvals) is move
    after(state, move)
