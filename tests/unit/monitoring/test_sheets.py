"""Sheets of payments to miners: what is read, and what is refused with the line and the way to mend it."""

from datetime import date, timedelta
from typing import Any

import pytest

from marketplace.core.errors import InvalidInput
from marketplace.core.money import Money
from marketplace.monitoring.sheets import LONGEST_TEXT, MOST_LINES, Sheet, age_band_of, read_sheet

TODAY = date(2026, 9, 29)
FORM = {"paid_on": "2026-09-20", "mineral": "gold", "currency": "TZS"}


def read(lines: str, **other: str) -> Sheet:
    return read_sheet({**FORM, "lines": lines, **other}, today=TODAY)


def problem(lines: str, name: str = "lines", **other: str) -> tuple[str, dict[str, Any]]:
    with pytest.raises(InvalidInput) as error:
        read(lines, **other)
    found = error.value.fields[name]
    return found.message, dict(found.params)


def test_a_line_is_number_sex_age_and_amount() -> None:
    sheet = read("17; f; 34; 45,000\n\n18 ; M ; ; 5000")
    assert [tuple(line) for line in sheet.lines] == [
        ("17", "f", "25-34", Money(4_500_000, "TZS")), ("18", "m", "unknown", Money(500_000, "TZS")),
    ]  # fmt: skip
    assert (sheet.paid_on, sheet.mineral, sheet.currency) == (date(2026, 9, 20), "gold", "TZS")
    assert sheet.total == Money(5_000_000, "TZS")


@pytest.mark.parametrize("mark", [";", "\t", ","])
def test_any_usual_mark_parts_the_cells_and_headings_are_passed_over(mark: str) -> None:
    lines = "\n".join(mark.join(row) for row in (("no", "sex", "age", "amount"), ("A1", "w", "18", "900")))
    assert [line.number for line in read(lines).lines] == ["A1"]


@pytest.mark.parametrize(
    ("typed", "sex"),
    [("f", "f"), ("W", "f"), ("Mke", "f"), ("femme", "f"), ("mujer", "f"), ("m", "m"), ("homme", "m"), ("", "u"),
     ("-", "u"), ("x", "u")],
)  # fmt: skip
def test_sex_is_read_as_sheets_write_it(typed: str, sex: str) -> None:
    assert read(f"1;{typed};30;900").lines[0].sex == sex


@pytest.mark.parametrize(
    ("typed", "band"),
    [("18", "18-24"), ("24", "18-24"), ("25", "25-34"), ("34", "25-34"), ("35", "35-49"), ("49", "35-49"),
     ("50", "50+"), ("110", "50+"), ("", "unknown"), ("?", "unknown"), ("-", "unknown"), ("35-49", "35-49"),
     ("35 – 49", "35-49"), ("50+", "50+")],
)  # fmt: skip
def test_an_age_falls_into_its_band(typed: str, band: str) -> None:
    assert age_band_of(typed) == band


@pytest.mark.parametrize("typed", ["17", "111", "-5", "young", "٣٤", "30.5"])
def test_an_age_below_eighteen_or_beyond_belief_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        age_band_of(typed)
    message, params = problem(f"1;f;30;900\n2;f;{typed};900")
    assert "from 18 up. Tell Pact if a child works at the mine." in message
    assert params == {"place": 2}


@pytest.mark.parametrize(
    ("lines", "words", "params"),
    [
        ("1;f;30", "write number; sex; age; amount", {"place": 1}),
        ("1;f;30;900;9", "write number; sex; age; amount", {"place": 1}),
        ("1;f;30;900\nAmina;f;30;900", "not with her name", {"place": 2}),
        (";f;30;900", "not with her name", {"place": 1}),
        (f"{'1' * 21};f;30;900", "not with her name", {"place": 1}),
        ("1;girl;30;900", "write f or m", {"place": 1}),
        ("1;f;30;900\n2;f;30;much", "write the amount as a number", {"place": 2}),
        ("1;f;30;0", "write the amount as a number", {"place": 1}),
        ("1;f;30;12.50", "write the amount as a number", {"place": 1}),  # a shilling has no cents
        ("1;f;30;900\n1;m;40;800", "is there twice", {"place": 2, "number": "1"}),
        ("", "Write one line for each person.", {}),
        ("number;sex;age;amount", "Write one line for each person.", {}),
    ],
)
def test_a_wrong_line_is_named_with_what_to_write(lines: str, words: str, params: dict[str, Any]) -> None:
    message, told = problem(lines)
    assert words in message
    assert told == params


def test_a_number_may_have_twenty_letters() -> None:
    assert read(f"{'1' * 20};f;30;900").lines[0].number == "1" * 20


def test_a_sheet_has_at_most_five_hundred_lines() -> None:
    assert len(read("\n".join(f"{n};f;30;900" for n in range(MOST_LINES))).lines) == 500
    assert "at most %(most)s lines" in problem("\n".join(f"{n};f;30;900" for n in range(MOST_LINES + 1)))[0]
    assert "at most %(most)s lines" in problem("1" * (LONGEST_TEXT + 1))[0]


def test_the_day_the_goods_and_the_currency_are_needed() -> None:
    assert "still to come" in problem("1;f;30;900", "paid_on", paid_on=str(TODAY + timedelta(1)))[0]
    assert read("1;f;30;900", paid_on=str(TODAY)).paid_on == TODAY
    assert "Enter the day" in problem("1;f;30;900", "paid_on", paid_on="")[0]
    assert problem("1;f;30;900", "mineral", mineral="tin")[0] == "Choose one."
    assert problem("1;f;30;900", "currency", currency="XXX")[0] == "Choose one."


def test_the_same_lines_in_another_order_are_the_same_sheet() -> None:
    one, two = read("1;f;30;900\n2;m;40;800"), read("2;h;49;800\n1;w;25;900")
    assert one.sha256 == two.sha256
    assert read("1;f;30;900").sha256 != read("1;f;30;901").sha256
    assert read("1;f;30;900").sha256 != read("1;f;30;900", paid_on="2026-09-21").sha256
    assert read("1;f;30;900").sha256 != read("1;f;30;900", currency="UGX").sha256
