"""Tables of ICGLR for spreadsheets."""

import pytest

from marketplace.passport.icglr_files import as_csv


def test_rows_stand_under_their_names() -> None:
    assert as_csv([{"a": "1", "b": 'x, "y"'}, {"a": "", "b": "z"}]) == 'a,b\r\n1,"x, ""y"""\r\n,z\r\n'


def test_no_rows_give_no_text() -> None:
    assert as_csv([]) == ""


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t"])
def test_no_cell_calculates(first: str) -> None:
    assert as_csv([{"name": f"{first}1"}]) == f"name\r\n'{first}1\r\n"


@pytest.mark.parametrize("first", ["\r", "\n"])
def test_no_cell_begins_with_a_broken_line(first: str) -> None:
    assert as_csv([{"name": f"{first}=1"}]) == f'name\r\n"\'{first}=1"\r\n'
