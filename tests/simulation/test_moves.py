"""The simulation knows how to take every action of the table."""

from marketplace.orders.transitions import ROWS, State
from tests.simulation.folding import CLAIM_AFTER
from tests.simulation.moves import FACTS, LIKELIHOOD, actions_of_people
from tests.simulation.mutants import names, words_of


def test_every_action_of_people_has_its_facts() -> None:
    assert [action.value for action in actions_of_people() if action not in FACTS] == []


def test_no_facts_are_left_of_actions_that_are_gone() -> None:
    people = actions_of_people()

    assert [action for action in (*FACTS, *LIKELIHOOD) if action not in people] == []


def test_every_state_can_be_walked_to() -> None:
    reached, todo = {State.PENDING_PAYMENT}, [State.PENDING_PAYMENT]
    while todo:
        new = {row.target for row in ROWS if row.source is todo[-1]} - reached
        todo.pop()
        reached |= new
        todo += new

    assert reached == set(State)


def test_the_second_reader_knows_what_each_row_does_to_the_lot() -> None:
    assert {row.lot.value for row in ROWS} - {"keep", "sell"} <= set(CLAIM_AFTER)


def test_every_planted_bug_says_what_it_is() -> None:
    assert len(names()) >= 14
    assert [name for name in names() if not words_of(name).endswith(".")] == []
