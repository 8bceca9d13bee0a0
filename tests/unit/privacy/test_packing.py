"""The files a person takes along: readable by programs, and never a formula."""

import csv
import io
import json
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.privacy.collecting import Section
from marketplace.privacy.packing import as_csv, as_json, as_zip, explanation, plain, shown

AT = datetime(2026, 9, 29, 9, 0, 2, tzinfo=UTC)
ROW = {"name": 'Ann "A", \u00e9', "at": AT, "facts": {"on": date(2026, 1, 2), "ids": [UUID(int=1), Decimal("1.50")]}}
SECTION = Section("person", "Your account", ("name", "at", "facts"), [ROW], 0)


def test_json_keeps_every_value_exactly() -> None:
    assert json.loads(as_json(SECTION)) == [
        {
            "name": 'Ann "A", \u00e9',
            "at": "2026-09-29T09:00:02Z",
            "facts": {"on": "2026-01-02", "ids": ["00000000-0000-0000-0000-000000000001", "1.50"]},
        }
    ]


def test_csv_is_as_rfc_4180_says() -> None:
    assert as_csv(Section("x", "", ("a", "b"), [{"a": 'one, "two"', "b": None}, {"a": "l\r\nm", "b": -5}], 0)) == (
        'a,b\r\n"one, ""two""",\r\n"l\r\nm",-5\r\n'
    )


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_a_text_that_could_calculate_gets_an_apostrophe(first: str) -> None:
    text = as_csv(Section("x", "", ("a",), [{"a": f"{first}1+1"}, {"a": f"a{first}"}], 0))

    assert [row[0] for row in csv.reader(io.StringIO(text, newline=""))] == ["a", f"'{first}1+1", f"a{first}"]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=4))
def test_no_cell_of_any_text_begins_as_a_formula(texts: list[str]) -> None:
    names = tuple(f"c{number}" for number in range(len(texts)))
    text = as_csv(Section("x", "", names, [dict(zip(names, texts, strict=True))], 0))

    _header, cells = csv.reader(io.StringIO(text, newline=""))
    assert [cell.removeprefix("'") if cell[:1] == "'" and raw[:1] != "'" else cell
            for cell, raw in zip(cells, texts, strict=True)] == texts  # fmt: skip
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) for cell in cells)


def test_the_archive_holds_an_explanation_and_two_files_a_section() -> None:
    words = explanation([SECTION], say=str.upper, lines=["Hello."])
    with zipfile.ZipFile(as_zip([SECTION], explanation=words, at=AT)) as archive:
        assert archive.namelist() == ["README.txt", "json/person.json", "csv/person.csv"]
        assert archive.read("README.txt").decode() == "Hello.\r\n\r\nperson: YOUR ACCOUNT (1)\r\n"
        assert archive.read("csv/person.csv").decode() == as_csv(SECTION)
        assert archive.getinfo("README.txt").date_time == (2026, 9, 29, 9, 0, 2)


def test_a_value_is_shown_as_one_line_of_text() -> None:
    assert [shown(value) for value in (None, "a", True, 3, ["\u00e9"], AT)] == [
        "", "a", "true", "3", '["\u00e9"]', "2026-09-29T09:00:02Z",
    ]  # fmt: skip
    assert plain((1, None)) == [1, None]
