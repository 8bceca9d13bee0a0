"""A file that is refused says exactly why and what to do; one at each limit is read."""

from io import BytesIO
from zipfile import ZipFile

import pytest

from marketplace.pricing.book import FileRefused, TableRow, read_file, xlsx
from marketplace.pricing.book.xlsx import MOST_PARTS, MOST_UNPACKED
from tests.builders.workbooks import SHEET, sheet_xml, with_parts, workbook

BOOK = workbook([["a"]])
UNREADABLE = "This file cannot be read. Save it again as XLSX or as CSV UTF-8."
LETTERS = "The letters of this file cannot be read. Save it as “CSV UTF-8”, then send it again."
UNPACKS = "This file unpacks to more than 20 MB. Take out pictures and further sheets."
PASSWORD = "This file has a password. Save it without one."
ALIVE = "A file with macros or links to other files is not accepted. Save the values only."
TOO_WIDE = "This sheet is too wide or too long. A book has 20 columns and 5000 rows at most."
MANY_ROWS = "This file has more than 5000 rows. An edition has at most that many."


def refusal(content: bytes, name: str = "book.xlsx") -> str:
    with pytest.raises(FileRefused) as refused:
        read_file(name, content)
    return str(refused.value)


def cells_of(content: bytes, name: str = "book.csv") -> list[tuple[str, ...]]:
    table = read_file(name, content)
    return [row.cells for row in (table.header, *table.rows)]


def sheet(data: str) -> bytes:
    return with_parts(BOOK, {SHEET: sheet_xml(data)})


def locked() -> bytes:
    content = bytearray(BOOK)
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("b.csv", b"", "Choose a file."),
        ("b.csv", b"x" * (2 * 1024 * 1024 + 1), "This file is larger than 2 MB. Take out what is no part of the book."),
        ("b.xlsm", b"PK\x03\x04", "A file with macros is not accepted. Save it as XLSX."),
        ("b.xls", b"\xd0\xcf\x11\xe0rest",
         "This is an old Excel file, or it has a password. Save it as XLSX without a password."),
        ("b.csv", b"a\xe9,b", LETTERS),
        ("b.csv", b"a,b\x00", UNREADABLE),
        ("b.csv", b'a,b\n"c"d,e', "Row 2 cannot be read. Check its quotation marks."),
        ("b.xlsx", with_parts(BOOK, {f"xl/media/{number}": b"" for number in range(201)}), UNPACKS),
        ("b.xlsx", locked(), PASSWORD),
        ("b.xlsx", with_parts(BOOK, {"xl/vbaProject.bin": b"<x/>"}), ALIVE),
    ],
)  # fmt: skip
def test_a_refused_file_says_in_whole_sentences_what_to_do(name: str, content: bytes, words: str) -> None:
    assert refusal(content, name) == words


@pytest.mark.parametrize("content", [b"\xef\xbb\xbf", b"\n", b" \n\t\n"])
def test_a_file_of_nothing_but_space_is_empty(content: bytes) -> None:
    words = "This file is empty. It needs a row of column names and one row for each band."
    assert refusal(content, "b.csv") == words


def test_a_semicolon_in_a_name_does_not_separate_where_there_are_more_commas() -> None:
    assert cells_of(b"a,b,c;d\n1,2,3") == [("a", "b", "c;d"), ("1", "2", "3")]
    # as many of each: the comma
    assert cells_of(b"a,b;c\n1,2;3") == [("a", "b;c"), ("1", "2;3")]


def test_rows_may_end_as_on_an_old_macintosh() -> None:
    assert cells_of(b"a,b\rc,d\r") == [("a", "b"), ("c", "d")]


def test_a_workbook_of_as_many_parts_and_as_many_bytes_as_may_be_is_read() -> None:
    with ZipFile(BytesIO(BOOK)) as archive:
        parts, size = len(archive.infolist()), sum(part.file_size for part in archive.infolist())
    most = with_parts(BOOK, {f"xl/media/{number}": b"" for number in range(MOST_PARTS - parts)})
    assert cells_of(most) == [("a",)]
    assert refusal(with_parts(most, {"xl/media/more": b""})) == UNPACKS
    assert cells_of(with_parts(BOOK, {"xl/media/1": bytes(MOST_UNPACKED - size)})) == [("a",)]
    assert refusal(with_parts(BOOK, {"xl/media/1": bytes(MOST_UNPACKED - size + 1)})) == UNPACKS


def test_a_bomb_is_not_unpacked_further_than_the_limit() -> None:
    # The sum of the part's bytes is wrong, which is seen only by who reads it to its end.
    bomb = bytearray(with_parts(BOOK, {"xl/media/1": bytes(1024 * 1024)}))
    name = bomb.rindex(b"xl/media/1")
    bomb[name - 46 + 16] ^= 0xFF  # the checksum stands 16 bytes into the entry, the name 46
    with ZipFile(BytesIO(bytes(bomb))) as archive, pytest.raises(FileRefused) as refused:
        xlsx.unpack(archive, most=100_000)
    assert str(refused.value) == UNPACKS


def test_a_link_to_another_workbook_is_not_followed() -> None:
    with ZipFile(BytesIO(BOOK)) as archive:
        book = archive.read("xl/workbook.xml").decode()
    space = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    link = f'<externalReferences><externalReference xmlns:r="{space}" r:id="rId99"/></externalReferences>'
    assert book.count("</sheets>") == 1
    linked = with_parts(BOOK, {"xl/workbook.xml": book.replace("</sheets>", f"</sheets>{link}").encode()})
    assert cells_of(linked) == [("a",)]


@pytest.mark.parametrize("place", ["XL/sheet.xml", " sheet.xml", "xl/worksheets/first/"])
def test_a_sheet_is_found_wherever_the_workbook_says_it_is(place: str) -> None:
    content = workbook([["a", "b"]], merge="A1:B1")
    with ZipFile(BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert parts["xl/_rels/workbook.xml.rels"].count(f"/{SHEET}".encode()) == 1
    out = BytesIO()
    with ZipFile(out, "w") as moved:
        for name, part in parts.items():
            moved.writestr(place if name == SHEET else name, part.replace(SHEET.encode(), place.encode()))
    assert read_file("b.xlsx", out.getvalue()).merged == ("A1:B1",)


def test_the_last_row_a_spreadsheet_has_is_read_and_none_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "_LAST_ROW", 10)
    assert read_file("b.xlsx", sheet('<row r="10"><c r="A10"><v>2</v></c></row>')).header == TableRow(10, ("2",))
    assert refusal(sheet('<row r="11"><c r="A11"><v>2</v></c></row>')) == TOO_WIDE


def test_as_many_cells_as_may_be_are_read_and_none_more(monkeypatch: pytest.MonkeyPatch) -> None:
    # two rows of three
    monkeypatch.setattr(xlsx, "_MOST_CELLS", 6)
    assert cells_of(workbook([["a", "b", "c"], ["d", "e", "f"]])) == [("a", "b", "c"), ("d", "e", "f")]
    monkeypatch.setattr(xlsx, "_MOST_CELLS", 5)
    assert refusal(workbook([["a", "b", "c"], ["d", "e", "f"]])) == TOO_WIDE


def test_nothing_is_read_behind_the_first_row_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    # A header and 5001 rows are one too many; the row that would be too far below is not looked at any more.
    monkeypatch.setattr(xlsx, "_LAST_ROW", 6_000)
    rows = "".join(f'<row r="{row}"><c r="A{row}"><v>1</v></c></row>' for row in (*range(1, 5_003), 6_001))
    assert refusal(sheet(rows)) == MANY_ROWS


def test_a_formula_keeps_its_spaces() -> None:
    data = '<row r="1"><c r="A1"><f>A2  + A3</f></c></row>'
    assert cells_of(sheet(data)) == [("=A2 + A3",)]
