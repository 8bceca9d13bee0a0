"""The table of payouts."""

from marketplace.payments.payouts.transitions import FINAL, ROWS, Action, State, allowed_actions, row_for


def test_each_action_of_a_state_stands_once() -> None:
    pairs = [(row.source, row.action) for row in ROWS]
    assert len(pairs) == len(set(pairs))


def test_a_final_state_has_no_way_out_and_every_other_has_one() -> None:
    assert {row.source for row in ROWS} == set(State) - FINAL


def test_money_leaves_only_after_an_approval_by_somebody_else() -> None:
    ways_to_sent = {row.source for row in ROWS if row.target is State.SENT}
    ways_to_approved = [row for row in ROWS if row.target is State.APPROVED]
    assert ways_to_sent == {State.APPROVED}
    assert all(row.others_only for row in ways_to_approved)


def test_who_prepared_sees_no_approval() -> None:
    assert allowed_actions(State.PREPARED, is_other=False) == (Action.CANCEL,)
    assert allowed_actions(State.PREPARED, is_other=True) == (Action.APPROVE, Action.CANCEL)
    assert row_for(State.SENT, Action.CANCEL) is None
