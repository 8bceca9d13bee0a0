"""A sheet tells all its errors at once, each with its row, its column and what to do."""

from collections.abc import Mapping
from decimal import Decimal

import pytest

from marketplace.pricing.book import (
    COLUMNS,
    Placed,
    SheetError,
    Table,
    TableRow,
    read_cells,
    read_rows,
    rows_of_bands,
    rows_of_table,
)
from marketplace.pricing.book.sheet import cells_of, dollars, plain
from tests.builders.price_books import CELLS, TODAY, WORDS, band


def errors_of(**cells: str) -> dict[str, str]:
    found = read_cells({**CELLS, **cells}, 7, vocabulary=WORDS, today=TODAY)
    assert all(error.row == 7 for error in found)
    return {error.column: error.message % error.params if error.params else error.message for error in found}


def table(header: tuple[str, ...], *rows: tuple[str, ...], merged: tuple[str, ...] = ()) -> Table:
    return Table(TableRow(1, header), tuple(TableRow(place, row) for place, row in enumerate(rows, start=2)), merged)


def test_a_right_row_is_a_band() -> None:
    found = read_rows([{"row": 7, "cells": CELLS}], vocabulary=WORDS, today=TODAY)
    assert found.errors == ()
    assert found.placed == (Placed(7, band()),)


def test_codes_are_known_however_they_are_written_and_empty_cells_mean_any() -> None:
    cells = {
        **CELLS, "variety": " RUBY ", "form": "Cut", "treatment": "hp", "origin": "", "grade": "Extra-Fine",
        "evidence": "Unverified", "source": "", "dated": "",
    }  # fmt: skip
    found = read_rows([{"row": 7, "cells": cells}], vocabulary=WORDS, today=TODAY)
    expected = band(treatment="HP", origin=None, grade="extra_fine", evidence="unverified", source="", dated=None)
    assert [each.band for each in found.placed] == [expected]
    spaced = read_rows([{"row": 7, "cells": {**CELLS, "grade": "extra fine"}}], vocabulary=WORDS, today=TODAY)
    assert spaced.placed[0].band.grade == "extra_fine"


@pytest.mark.parametrize(
    ("column", "text", "words"),
    [
        ("variety", "kryptonite", "not known: see the sheet"), ("variety", "rubi", "Did you mean ruby?"),
        ("variety", "tanzanit", "Did you mean tanzanite?"), ("form", "slab", "rough or cut"),
        ("treatment", "HX", "treatment is not known"), ("origin", "Tanzania", "two letters"),
        ("origin", "XX", "two letters"), ("grade", "best", "commercial, good, fine or extra_fine"),
        ("evidence", "maybe", "verified, sourced or unverified"), ("weight_from_ct", "x", "digits only"),
        ("weight_to_ct", "2.1234", "three digits"), ("low_usd_ct", "1.250", "two ways"),
        ("high_usd_ct", "NaN", "digits only"), ("dated", "2026-09-30", "not come yet"),
        ("source", "x" * 501, "at most 500 characters"), ("source", "a\u202eb", "cannot be seen"),
        ("source", "a_x000D_b", "cannot be seen"), ("source", "x005F_", "cannot be seen"),
        ("source", "y" * 1001, "at most 1000 characters"), ("variety", "=A1", "formula"),
        ("dated", "=TODAY()", "formula"),
        *((name, " ", "empty") for name in COLUMNS if name not in {"treatment", "origin", "source", "dated"}),
    ],
)  # fmt: skip
def test_a_wrong_cell_says_what_to_do(column: str, text: str, words: str) -> None:
    found = errors_of(**{column: text})
    assert list(found) == [column]
    assert words in found[column]


def test_text_that_only_looks_like_a_formula_is_text_behind_its_apostrophe() -> None:
    found = read_rows([{"row": 2, "cells": {**CELLS, "source": "'=said so"}}], vocabulary=WORDS, today=TODAY)
    assert found.placed[0].band.source == "=said so"


@pytest.mark.parametrize(
    ("cells", "column", "words"),
    [
        ({"low_usd_ct": "1500.51"}, "high_usd_ct", "below the low price"),
        ({"weight_to_ct": "1"}, "weight_to_ct", "end above"),
        ({"weight_to_ct": "0.999"}, "weight_to_ct", "end above"),
        ({"weight_from_ct": "0", "weight_to_ct": "0"}, "weight_to_ct", "end above"),
        ({"source": ""}, "source", "Say where"),
        ({"source": " ", "evidence": "verified"}, "source", "Say where"),
    ],
)
def test_cells_that_do_not_go_together_are_told(cells: Mapping[str, str], column: str, words: str) -> None:
    found = errors_of(**cells)
    assert list(found) == [column]
    assert words in found[column]


@pytest.mark.parametrize("cells", [{"low_usd_ct": "1500.50"}, {"weight_to_ct": "1.001"}, {"weight_from_ct": "0"}])
def test_cells_at_the_border_go_together(cells: Mapping[str, str]) -> None:
    assert errors_of(**cells) == {}


def test_every_wrong_cell_of_every_row_is_told_at_once() -> None:
    rows = [
        {"row": 2, "cells": {**CELLS, "variety": "?", "low_usd_ct": "-1", "dated": "soon"}},
        {"row": 3, "cells": CELLS},
        {"row": 5, "cells": {}},
    ]
    found = read_rows(rows, vocabulary=WORDS, today=TODAY)
    assert [each.row for each in found.placed] == [3]
    told = [(error.row, error.column) for error in found.errors]
    needed = ("variety", "form", "weight_from_ct", "weight_to_ct", "grade", "low_usd_ct", "high_usd_ct", "evidence")
    assert told == [(2, "variety"), (2, "low_usd_ct"), (2, "dated"), *((5, name) for name in needed)]
    assert found.errors[1] == SheetError(2, "low_usd_ct", "-1", "Write the number without a sign.")


def test_an_end_is_held_against_zero_where_the_beginning_cannot_be_read() -> None:
    assert set(errors_of(weight_from_ct="x", weight_to_ct="0")) == {"weight_from_ct", "weight_to_ct"}
    assert set(errors_of(weight_from_ct="x", weight_to_ct="0.001")) == {"weight_from_ct"}


def test_columns_stand_in_any_order_and_a_short_row_ends_with_empty_cells() -> None:
    rows, errors = rows_of_table(table((*reversed(COLUMNS[1:]), " Variety "), ("2026-09-01",)))
    assert errors == []
    assert rows == [{"row": 2, "cells": {**dict.fromkeys(COLUMNS, ""), "dated": "2026-09-01"}}]


def test_everything_wrong_in_a_header_is_told_at_once() -> None:
    header = (*COLUMNS[2:], "form", "FORM", "", "Colour", "")
    rows, errors = rows_of_table(table(header, ("", *("x" for _ in range(20)))))
    assert [(error.row, error.column, error.text, error.message.split(".")[0]) for error in errors] == [
        (1, "L", "form", "This column is there twice"),
        (1, "M", "", "This column has no name"),
        (1, "N", "Colour", "This column is not known"),
        (1, "O", "", "This column has no name"),
        *((2, letter, "x", "This column has no name") for letter in "PQRSTU"),
        (1, "variety", "", "This column is missing"),
    ]
    assert "form" in rows[0]["cells"]
    assert "variety" not in rows[0]["cells"]


def test_an_empty_column_without_a_name_is_no_error() -> None:
    assert rows_of_table(table((*COLUMNS, ""), ("ruby",), ("ruby", *("" for _ in range(12)))))[1] == []


def test_joined_cells_are_told() -> None:
    errors = rows_of_table(table(COLUMNS, ("ruby",), merged=("A1:B1", "C4:C9")))[1]
    assert [(error.row, error.column, error.text) for error in errors] == [(1, "", "A1:B1"), (1, "", "C4:C9")]
    assert "Split them" in errors[0].message


def test_a_band_is_written_as_its_cells_and_read_back() -> None:
    assert cells_of(band()) == CELLS
    bare = band(
        treatment=None, origin=None, dated=None, source="", weight_from_ct=Decimal("0.500"), evidence="unverified"
    )
    rows = rows_of_bands([band(), bare])
    assert [row["row"] for row in rows] == [2, 3]
    assert rows[1]["cells"] == {
        **CELLS, "treatment": "", "origin": "", "dated": "", "source": "", "weight_from_ct": "0.5",
        "evidence": "unverified",
    }  # fmt: skip
    assert [each.band for each in read_rows(rows, vocabulary=WORDS, today=TODAY).placed] == [band(), bare]
    assert cells_of(band(source="=x"))["source"] == "'=x"


def test_numbers_are_written_plainly() -> None:
    assert [plain(Decimal(text)) for text in ("1", "1.000", "0.50", "1E+3", "10", "0")] == [
        "1",
        "1",
        "0.5",
        "1000",
        "10",
        "0",
    ]
    assert [dollars(cents) for cents in (100, 101, 110, 5, 0, 99)] == ["1", "1.01", "1.10", "0.05", "0", "0.99"]
