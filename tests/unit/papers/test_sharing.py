"""How a cooperative shares a payout, read strictly."""

import pytest

from marketplace.core.errors import InvalidInput
from marketplace.papers.sharing import MOST_MEMBERS, Member, kept, read_members, weights_of


def test_rows_left_empty_are_passed_over_and_codes_follow_the_order() -> None:
    typed = {"name-1": "Amina", "weight-1": "3", "name-3": " Neema ", "weight-3": "1"}

    assert read_members(typed, rows=5) == (Member("M1", "Amina", 3), Member("M2", "Neema", 1))


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({}, "name-1"),
        ({"weight-1": "3"}, "name-1"),
        ({"name-1": "Amina"}, "weight-1"),
        ({"name-1": "Amina", "weight-1": "0"}, "weight-1"),
        ({"name-1": "Amina", "weight-1": "10001"}, "weight-1"),
        ({"name-1": "Amina", "weight-1": "1.5"}, "weight-1"),
        ({"name-1": "Amina", "weight-1": "-1"}, "weight-1"),
        ({"name-1": "Amina", "weight-1": "1", "name-2": "AMINA", "weight-2": "1"}, "name-2"),
        ({"name-1": "A" * 81, "weight-1": "1"}, "name-1"),
    ],
)
def test_what_cannot_be_is_named(typed: dict[str, str], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_members(typed, rows=5)

    assert field in refused.value.fields


def test_the_bounds_are_allowed() -> None:
    assert read_members({"name-1": "A", "weight-1": "10000"}, rows=1)[0].weight == 10_000
    assert read_members({"name-1": "A", "weight-1": "1"}, rows=1)[0].weight == 1


def test_more_rows_than_a_form_has_are_not_read() -> None:
    typed = {f"name-{row}": f"P{row}" for row in range(1, 100)} | {f"weight-{row}": "1" for row in range(1, 100)}

    assert len(read_members(typed, rows=99)) == MOST_MEMBERS


def test_the_table_keeps_code_name_and_weight() -> None:
    rows = kept((Member("M1", "Amina", 3),))

    assert rows == [{"code": "M1", "name": "Amina", "weight": 3}]
    assert weights_of(rows) == {"M1": 3}
