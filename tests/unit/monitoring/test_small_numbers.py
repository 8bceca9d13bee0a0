"""What would let one person be recognised is not shown, neither by itself nor by subtraction."""

from hypothesis import given
from hypothesis import strategies as st

from marketplace.monitoring.small_numbers import FEWEST_PEOPLE, hidden, is_too_few


def test_fewer_than_five_people_are_too_few_and_nobody_is_not() -> None:
    assert [is_too_few(count) for count in (None, 0, 1, 4, 5, 6)] == [False, False, True, True, False, False]


def test_one_small_group_takes_the_next_smallest_with_it() -> None:
    assert hidden({"TZ": 40, "KE": 4, "ML": 5}) == {"KE", "ML"}


def test_two_small_groups_hide_each_other_when_they_are_five_together() -> None:
    assert hidden({"TZ": 40, "KE": 1, "ML": 4}) == {"KE", "ML"}
    assert hidden({"TZ": 40, "KE": 1, "ML": 3}) == {"KE", "ML", "TZ"}


def test_without_small_groups_everything_is_shown() -> None:
    assert hidden({"TZ": 5, "KE": 6}) == frozenset()
    assert hidden({"TZ": 5, "KE": 0, "ML": None}) == frozenset()


def test_a_small_group_alone_is_hidden_and_nobody_hides_nobody() -> None:
    assert hidden({"TZ": 4}) == {"TZ"}
    assert hidden({"TZ": 4, "KE": 0}) == {"TZ"}


def test_of_equal_groups_the_first_one_is_hidden_first() -> None:
    assert hidden({"TZ": 7, "KE": 7, "ML": 2}) == {"ML", "TZ"}


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 12), max_size=8))
def test_what_is_hidden_can_never_be_worked_out(people: dict[str, int]) -> None:
    found = hidden(people)
    shown = [count for group, count in people.items() if count and group not in found]
    assert not any(is_too_few(count) for count in shown)
    if found and shown:  # the rest of the total is about two groups and five people at least
        assert len(found) >= 2
        assert sum(people[group] for group in found) >= FEWEST_PEOPLE
