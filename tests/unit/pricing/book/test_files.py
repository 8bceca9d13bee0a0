"""Files from anywhere: read within limits, refused by name, never run."""

import struct
from datetime import date, datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from marketplace.pricing.book import FileRefused, Table, TableRow, read_file, xlsx
from marketplace.pricing.book.table import (
    as_text,
    guarded,
    is_formula,
    letter_of,
    table_of,
    unguarded,
)
from tests.builders.price_books import CELLS, csv_of
from tests.builders.workbooks import SHEET, sheet_xml, with_parts, workbook

NOON = datetime(2026, 9, 1, 12, 30)  # noqa: DTZ001 - a spreadsheet knows no zones


def refusal(content: bytes, name: str = "book.xlsx") -> str:
    with pytest.raises(FileRefused) as refused:
        read_file(name, content)
    return str(refused.value)


def rows_of(content: bytes, name: str = "book.csv") -> list[tuple[int, tuple[str, ...]]]:
    table = read_file(name, content)
    return [(row.number, row.cells) for row in (table.header, *table.rows)]


@pytest.mark.parametrize(
    "content",
    [
        b"a,b\nc,d\n", b"\xef\xbb\xbfa,b\r\nc,d", b"a;b\nc;d", b'\n\n"a","b"\n\nc,d\n,\n', b" a , b \nc,\td\n",
    ],
)  # fmt: skip
def test_csv_is_read_with_comma_or_semicolon_and_empty_rows_are_left_out(content: bytes) -> None:
    assert [cells for _, cells in rows_of(content)] == [("a", "b"), ("c", "d")]


def test_rows_keep_the_number_they_have_in_the_file() -> None:
    assert [number for number, _ in rows_of(b"a,b\n\nc,d\n\n\ne,f")] == [1, 3, 6]


def test_the_mark_of_the_header_counts_and_a_comma_may_be_a_decimal_mark() -> None:
    assert rows_of(b"a;b,c;d\n1,5;2,5;3,5")[1][1] == ("1,5", "2,5", "3,5")
    assert rows_of("a,é\nx,ï".encode())[1][1] == ("x", "ï")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("b.csv", b"", "Choose a file."),
        ("b.csv", b" \n , \n", "This file is empty."),
        ("b.csv", b"a\xe9,b", "CSV UTF-8"),
        ("b.csv", "a,b".encode("utf-16"), "CSV UTF-8"),
        ("b.csv", b"a,b\x00", "This file cannot be read"),
        ("b.csv", b'a,b\n"c"d,e', "Row 2 cannot be read. Check its quotation marks."),
        ("b.csv", b'a,b\nc,"d', "Row 2 cannot be read"),
        ("b.csv", b"x" * (2 * 1024 * 1024 + 1), "larger than 2 MB"),
        ("b.csv", b"a\n" + b"x" * 1001, "Cell A2 has more than 1000 characters."),
        ("b.csv", b"a\n" + b"," * 20 + b"x", "Row 2 has more than 20 columns."),
        ("b.csv", b"a\n" * 5002, "more than 5000 rows"),
        ("book.XLSM", b"PK\x03\x04", "with macros"),
        ("book.xlsb", b"PK\x03\x04", "with macros"),
        ("book.xls", b"\xd0\xcf\x11\xe0rest", "old Excel file, or it has a password"),
        ("book.xlsx", b"PK\x03\x04rest", "This file cannot be read"),
    ],
)
def test_a_file_that_is_no_book_is_refused_with_what_to_do(name: str, content: bytes, words: str) -> None:
    assert words in refusal(content, name)


def test_files_at_the_limits_are_read() -> None:
    assert len(rows_of(b"a\n" * 5001)) == 5001
    assert rows_of(b"a\n" + b"x" * 1000)[1][1] == ("x" * 1000,)
    assert len(rows_of(b"a\n" + b"," * 19 + b"x")[1][1]) == 20
    assert len(rows_of(b"a\n" + b"," * 25)[0][1]) == 1
    assert rows_of(b"a\n" + b"b\n" * 10 + b"\n" * (2 * 1024 * 1024 - 22)) == rows_of(b"a\n" + b"b\n" * 10)


def test_a_workbook_is_read_as_somebody_would_have_typed_it() -> None:
    content = workbook(
        [
            ["text", 1, 2.5, 0.1 + 0.2, 1e20, True, False, None, date(2026, 9, 1), NOON],
            [],
            [" a  b ", "=SUM(A1:A2)", "'=said", 80.1, -3],
        ]
    )
    table = read_file("anything", content)
    assert table.header == TableRow(
        1,
        ("text", "1", "2.5", "0.3", "1e+20", "TRUE", "FALSE", "", "2026-09-01", "2026-09-01T12:30:00"),
    )
    assert table.rows == (TableRow(3, ("a b", "=SUM(A1:A2)", "''=said", "80.1", "-3")),)
    assert table.merged == ()


def test_every_kind_of_formula_is_seen_as_one_and_text_is_not() -> None:
    data = (
        '<row r="1"><c r="A1"><f t="array" ref="A1">1+1</f><v>2</v></c>'
        '<c r="B1"><f t="dataTable" ref="B1" r1="A1"/></c>'
        '<c r="C1" t="inlineStr"><is><t>=no_formula()</t></is></c><c r="D1" t="str"><v>a_x000D_b</v></c>'
        '<c r="E1" t="e"><v>#N/A</v></c><c r="F1"><f>A1</f></c></row>'
    )
    cells = read_file("b.xlsx", with_parts(workbook([["x"]]), {SHEET: sheet_xml(data)})).header.cells
    assert [is_formula(cell) for cell in cells] == [True, True, False, False, False, True]
    assert (cells[0], cells[2:5]) == ("=1+1", ("'=no_formula()", "a b", "#N/A"))


def test_joined_cells_are_found() -> None:
    assert read_file("b.xlsx", workbook([["a", "b"], ["c", "d"]], merge="A1:B1")).merged == ("A1:B1",)


def test_a_date_no_calendar_has_is_shown_as_an_error() -> None:
    content = workbook([[date(2026, 9, 1)]])
    with ZipFile(BytesIO(content)) as archive:
        xml = archive.read(SHEET).decode()
    assert "46266" in xml
    broken = with_parts(content, {SHEET: xml.replace("46266", "99999999999").encode()})
    assert read_file("b.xlsx", broken).header.cells == ("#VALUE!",)


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("xl/vbaProject.bin", "macros or links"), ("xl/externalLinks/externalLink1.xml", "macros or links"),
        ("xl/embeddings/oleObject1.bin", "macros or links"), ("xl/activeX/activeX1.xml", "macros or links"),
        ("xl/connections.xml", "macros or links"), ("xl/macrosheets/sheet1.xml", "macros or links"),
    ],
)  # fmt: skip
def test_what_runs_or_reaches_outside_is_refused(part: str, words: str) -> None:
    assert words in refusal(with_parts(workbook([["a"]]), {part: b"<x/>"}))


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = with_parts(workbook([["a"]]), {"xl/media/image1.png": b"\x00" * (21 * 1024 * 1024)})
    assert len(bomb) < 100_000
    assert "more than 20 MB" in refusal(bomb)
    many = with_parts(workbook([["a"]]), {f"xl/media/{number}": b"" for number in range(201)})
    assert "more than 20 MB" in refusal(many)


def test_a_bomb_that_lies_about_its_size_is_refused_too() -> None:
    bomb = bytearray(with_parts(workbook([["a"]]), {"xl/media/image1.png": b"\x00" * (21 * 1024 * 1024)}))
    size = struct.pack("<I", 21 * 1024 * 1024)
    assert bomb.count(size) == 2  # before the part, and in the directory
    lying = bytes(bomb.replace(size, struct.pack("<I", 10)))
    assert "cannot be read" in refusal(lying)


def test_entities_that_grow_are_refused() -> None:
    xml = (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>'
        + sheet_xml('<row><c t="str"><v>&a;</v></c></row>')[21:]
    )
    assert "cannot be read" in refusal(with_parts(workbook([["a"]]), {SHEET: xml}))


def test_a_password_is_told() -> None:
    content = bytearray(workbook([["a"]]))
    place = content.index(b"PK\x01\x02")
    content[place + 8] |= 1
    assert "has a password" in refusal(bytes(content))


def test_a_packing_nobody_knows_is_refused() -> None:
    content = bytearray(workbook([["a"]]))
    place = content.index(b"PK\x01\x02")
    content[place + 10] = 99
    assert "cannot be read" in refusal(bytes(content))


def test_a_damaged_part_is_refused() -> None:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        archive.writestr("hello.txt", "hello")
    assert "cannot be read" in refusal(out.getvalue())
    torn = bytearray(workbook([["a"]]))
    torn[60] ^= 0xFF
    assert refusal(bytes(torn))


def test_rows_far_below_are_seen_and_a_sheet_without_end_is_refused() -> None:
    def sheet(data: str) -> bytes:
        return with_parts(workbook([["a"]]), {SHEET: sheet_xml(data)})

    far = sheet('<row r="1"><c r="A1"><v>1</v></c></row><row r="9000"><c r="A9000"><v>2</v></c></row>')
    assert read_file("b.xlsx", far).rows == (TableRow(9000, ("2",)),)
    endless = sheet('<row r="99999999"><c r="A99999999"><v>2</v></c></row>')
    assert "too wide or too long" in refusal(endless)
    wide = "".join(f'<row r="{row}"><c r="XFD{row}" s="0"/></row>' for row in range(1, 40))
    assert "too wide or too long" in refusal(sheet(wide))
    column_21 = sheet('<row r="1"><c r="U1"><v>1</v></c></row>')
    assert "Row 1 has more than 20 columns" in refusal(column_21)


def test_a_workbook_of_more_rows_than_a_book_has_is_refused() -> None:
    assert "more than 5000 rows" in refusal(workbook([["x"]] * 5002))
    assert "more than 5000 rows" in refusal(workbook([["x"]] * 5500))
    assert len(read_file("b.xlsx", workbook([["x"]] * 5001)).rows) == 5000


def test_letters_of_columns() -> None:
    assert [letter_of(place) for place in (0, 1, 25, 26, 51, 52, 701, 702)] == [
        "A",
        "B",
        "Z",
        "AA",
        "AZ",
        "BA",
        "ZZ",
        "AAA",
    ]


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\ta", "\ra", "'a", "'", "''"])
def test_text_that_a_spreadsheet_would_run_is_guarded_and_comes_back(text: str) -> None:
    assert guarded(text) == f"'{text}"
    assert unguarded(guarded(text)) == text


def test_other_text_stays_as_it_is() -> None:
    for text in ("", "a", "a=1", "1'"):
        assert guarded(text) == as_text(text) == unguarded(text) == text
    assert (unguarded("'a"), unguarded("'"), as_text("-5"), as_text("'a")) == ("'a", "'", "-5", "'a")
    assert (as_text("=1"), as_text("'=1"), as_text("''")) == ("'=1", "''=1", "'''")


@given(st.text())
def test_a_cell_stands_for_every_text_and_is_no_formula(text: str) -> None:
    assert unguarded(as_text(text)) == unguarded(guarded(text)) == text
    assert not is_formula(as_text(text))
    assert not guarded(text).startswith(("=", "+", "-", "@", "\t", "\r"))


def is_read_or_refused(content: bytes, name: str = "a.xlsx") -> bool:
    try:
        return isinstance(read_file(name, content), Table)
    except FileRefused as refused:
        return bool(str(refused))


@given(st.binary(max_size=4000), st.sampled_from(["a.csv", "a.xlsx", ""]))
@example(b"PK\x03\x04" + bytes(100), "a.xlsx")
@example(csv_of([CELLS]), "a.csv")
def test_any_bytes_are_a_table_or_a_named_refusal(content: bytes, name: str) -> None:
    assert is_read_or_refused(content, name)


WORKBOOK = workbook([list(CELLS), list(CELLS.values())])
PLACES = st.integers(4, len(WORKBOOK) - 1)


@settings(deadline=None, max_examples=50)  # a workbook takes its time
@given(st.lists(st.tuples(PLACES, st.integers(0, 255)), min_size=1, max_size=20))
def test_a_damaged_workbook_is_a_table_or_a_named_refusal(damage: list[tuple[int, int]]) -> None:
    content = bytearray(WORKBOOK)
    for place, byte in damage:
        content[place] = byte
    assert is_read_or_refused(bytes(content))


@settings(deadline=None, max_examples=50)
@given(st.text("<>/=\"' rcvftsi1A&;\n", max_size=200))
def test_a_hostile_sheet_is_a_table_or_a_named_refusal(data: str) -> None:
    assert is_read_or_refused(with_parts(WORKBOOK, {SHEET: sheet_xml(data)}))


def test_parts_are_counted_while_they_are_unpacked() -> None:
    with ZipFile(BytesIO(WORKBOOK)) as archive:
        size = sum(part.file_size for part in archive.infolist())
        xlsx.unpack(archive, most=size)
        with pytest.raises(FileRefused, match="more than 20 MB"):
            xlsx.unpack(archive, most=size - 1)


def test_an_empty_table_is_refused() -> None:
    with pytest.raises(FileRefused, match="empty"):
        table_of([])
