"""An edition written to a file and read again is the same edition, whatever its sources say."""

import csv
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from marketplace.pricing import shipped
from marketplace.pricing.book import (
    COLUMNS,
    BandProposal,
    Difference,
    Legend,
    Vocabulary,
    compare,
    dry_run,
    read_file,
    read_rows,
    rows_of_bands,
    rows_of_table,
    to_csv,
    to_xlsx,
)
from marketplace.pricing.book.proposal import EVIDENCE, GRADE_ORDER, in_reading_order
from tests.builders.price_books import TODAY, WORDS, band

LEGEND = Legend("Price book", "Columns and codes", [("variety", "the kind of stone"), ("", ""), ("=H", "=heated")])
FILES = ("book.csv", "book.xlsx")


def file_of(bands: Sequence[BandProposal], name: str) -> bytes:
    return to_csv(bands) if name.endswith(".csv") else to_xlsx(bands, LEGEND)


def again(bands: Sequence[BandProposal], name: str, words: Vocabulary = WORDS) -> Difference:
    rows, errors = rows_of_table(read_file(name, file_of(bands, name)))
    assert errors == []
    found = dry_run(rows, vocabulary=words, today=TODAY, in_force=bands)
    assert [error for error in found.errors if error.column != "weight_from_ct"] == []
    return found.difference


def sources() -> st.SearchStrategy[str]:
    """Return texts a source may be: nothing invisible, spaces single, none of the escapes workbooks use."""
    letters = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=8)
    risky = st.sampled_from(
        ["=cmd()", "'=x", "''", "-5 %", "@a", "+1", 'a;b,"c"', "_x0041_", "<r>a</r>", "0012", "1e5"]
    )
    words = st.lists(letters | risky, min_size=1, max_size=3)
    return words.map(" ".join).filter(lambda text: "x005F_" not in text and "_x00" not in text.replace("_x0041_", ""))


@st.composite
def bands(draw: st.DrawFn) -> BandProposal:
    """Draw any band."""
    start, length = draw(st.tuples(st.integers(0, 9999), st.integers(1, 9999)))
    low, more = draw(st.tuples(st.integers(1, 10**6), st.integers(0, 10**6)))
    return BandProposal(
        *draw(KINDS),
        weight_from_ct=Decimal(start).scaleb(-3),
        weight_to_ct=Decimal(start + length).scaleb(-3),
        low_minor_per_ct=low,
        high_minor_per_ct=low + more,
        source=draw(sources()),
        **draw(REST),
    )


KINDS = st.sampled_from(
    [(stone, form, grade) for stone in WORDS.varieties for form in WORDS.forms for grade in GRADE_ORDER]
)
REST = st.fixed_dictionaries(
    {
        "treatment": st.sampled_from([None, "N", "H", "O"]),
        "origin": st.sampled_from([None, "TZ", "CO"]),
        "evidence": st.sampled_from(EVIDENCE),
        "dated": st.none() | st.dates(date(1900, 1, 1), TODAY),
    }
)
EDITIONS = st.lists(bands(), max_size=4, unique_by=lambda each: each.key)
# A workbook takes its time, and so does the making of an edition on a busy machine.
PATIENT = settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])


def test_the_shipped_edition_comes_back_without_a_difference() -> None:
    rows = shipped.rows_of("rules/price_book.csv")
    words = Vocabulary(
        dict.fromkeys({row["variety"] for row in rows}, ""), WORDS.forms, WORDS.grades, WORDS.treatments, {}
    )
    kept = [{"row": number, "cells": row} for number, row in enumerate(rows, start=2)]
    reading = read_rows(kept, vocabulary=words, today=TODAY)
    book = [each.band for each in reading.placed]
    assert (len(book), reading.errors) == (88, ())
    for name in FILES:
        assert again(book, name, words) == Difference(unchanged=88)


@PATIENT
@given(EDITIONS, st.sampled_from(FILES))
def test_every_edition_comes_back_without_a_difference(edition: list[BandProposal], name: str) -> None:
    assert again(edition, name) == Difference(unchanged=len(edition))


@PATIENT
@given(EDITIONS, EDITIONS)
def test_a_difference_leads_from_any_edition_to_any_other(
    before: list[BandProposal], after: list[BandProposal]
) -> None:
    found = compare(before, after)
    assert found.applied_to(before) == in_reading_order(after)
    assert found.is_empty == (in_reading_order(before) == in_reading_order(after))
    assert compare(before, before) == Difference(unchanged=len(before))


CELL = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["ruby", "cut", "good", "1", "2", "1,5", "verified", "TZ", "2026-09-01", "=A1", ""]),
)


@PATIENT
@given(st.lists(st.dictionaries(st.sampled_from(COLUMNS), CELL), max_size=6))
def test_any_cells_are_errors_or_a_band_and_never_an_exception(cells: list[dict[str, str]]) -> None:
    rows = [{"row": number, "cells": each} for number, each in enumerate(cells, start=2)]
    found = dry_run(rows, vocabulary=WORDS, today=TODAY, in_force=[band()])
    read = {each.row for each in found.placed}
    wrong = {error.row for error in found.errors if error.column != "weight_from_ct" or error.row not in read}
    assert read | wrong == {row["row"] for row in rows}
    assert read & wrong == set()


def test_no_cell_of_a_csv_file_begins_as_a_formula() -> None:
    content = to_csv([band(source="=cmd|' /C calc'!A0", evidence="unverified"), band(grade="fine", source="@SUM(1)")])
    assert content.startswith(b"\xef\xbb\xbfvariety,form,")
    assert content.endswith(b"\r\n")
    cells = [cell for row in csv.reader(StringIO(content.decode("utf-8-sig"))) for cell in row]
    assert "'=cmd|' /C calc'!A0" in cells
    assert "'@SUM(1)" in cells
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))] == []


def test_a_workbook_has_figures_as_numbers_text_as_text_and_an_explanation() -> None:
    markup = '<r></t></is></c><c r="Z9"><f>1+1</f></c></r>'
    content = to_xlsx([band(source="=1+1", dated=None), band(grade="fine", source=markup)], LEGEND)
    book = load_workbook(BytesIO(content))
    assert book.sheetnames == ["Price book", "Columns and codes"]
    sheet, codes = book.worksheets
    assert sheet.freeze_panes == "A2"
    assert [cell.value for cell in sheet[1]] == list(COLUMNS)
    assert [cell.value for cell in sheet[2]] == [
        "ruby", "cut", "H", "TZ", 1, 2, "good", 400, 1500.5, "sourced", "=1+1", None,
    ]  # fmt: skip
    assert sheet["K3"].value == f" {markup}"
    assert {cell.data_type for row in [*sheet.rows, *codes.rows] for cell in row} == {"s", "n"}
    assert [cell.value for cell in codes[1]] == ["variety", "the kind of stone"]
    assert codes["A3"].value == "=H"
    widths = [sheet.column_dimensions[letter].width for letter in ("A", "B", "K")]
    assert [round(width) for width in widths] == [23, 15, 61]


def test_long_titles_of_sheets_are_cut_to_what_a_workbook_takes() -> None:
    content = to_xlsx([], Legend("a" * 40, "b" * 40, []))
    assert load_workbook(BytesIO(content)).sheetnames == ["a" * 31, "b" * 31]


def test_rows_of_an_edition_are_read_as_the_same_edition() -> None:
    edition = [band(), band(grade="fine")]
    assert dry_run(rows_of_bands(edition), vocabulary=WORDS, today=TODAY, in_force=edition).difference.is_empty
