"""Price-book pages: from a sheet with faults to an edition in force, by two curators."""

import re
from datetime import timedelta
from decimal import Decimal
from html import unescape
from io import BytesIO
from time import process_time
from typing import Any

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from marketplace.audit.queries import history
from marketplace.core.actor import StaffRole
from marketplace.core.clock import SetClock
from marketplace.lots.vocabulary import GRADES, varieties
from marketplace.pricing import queries
from marketplace.pricing.book import BandProposal, Legend, to_csv, to_xlsx
from marketplace.unit_of_work import UnitOfWork
from tests.builders.price_books import CELLS, csv_of, curator, shipped_book
from tests.people import person
from tests.web.test_orders import browser

BOOK = "/staff/price-book"
DRAFTS = f"{BOOK}/drafts"


@pytest.fixture
def book(uow: UnitOfWork) -> UnitOfWork:
    """The shipped edition in force."""
    shipped_book(uow)
    return uow


@pytest.fixture
def rosa(app: Flask, book: UnitOfWork) -> FlaskClient:
    """The browser of a curator."""
    return browser(app, book, curator(book, "Rosa"))


@pytest.fixture
def kofi(app: Flask, book: UnitOfWork) -> FlaskClient:
    """The browser of another curator."""
    return browser(app, book, curator(book, "Kofi"))


def key(number: int) -> dict[str, str]:
    return {"idempotency_key": f"form-number-{number}"}


def send(client: FlaskClient, content: bytes, name: str = "book.csv") -> TestResponse:
    answer = client.post(DRAFTS, data={"file": (BytesIO(content), name)}, content_type="multipart/form-data")
    answer.request.environ["wsgi.input"].close()  # the test client keeps a large body in a file of its own
    return answer


def page_of(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    html5lib.HTMLParser(strict=True).parse(answer.text)
    return re.sub(r"\s+", " ", unescape(answer.text))


def go(answer: TestResponse) -> str:
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def shipped_csv(uow: UnitOfWork, *changes: tuple[str, str]) -> bytes:
    edition = queries.published_edition(uow.session, uow.now)
    assert edition is not None
    text = to_csv(queries.proposals_of(uow.session, edition.id)).decode("utf-8-sig")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text.encode()


def proposed(client: FlaskClient, content: bytes, number: int = 10, **form: Any) -> str:
    """Upload and propose; return the address of the edition."""
    draft = go(send(client, content, f"book-{number}.csv"))
    data = {**key(number), "against": "1", "note": "September fairs", "gaps_are_meant": "yes", **form}
    return go(client.post(f"{draft}/proposal", data=data))


def faulty_draft(uow: UnitOfWork, client: FlaskClient) -> str:
    """Upload a book where a ruby's prices are mistyped and a tanzanite has no known grade."""
    content = shipped_csv(
        uow, ("ruby,cut,H,,1,2,commercial,100,400", "ruby,cut,H,,1,2,commercial,1.100,4OO"),
        ("tanzanite,cut,,,1,2,fine,300,425", "tanzanite,cut,,,1,2,fein,300,425"),
    )  # fmt: skip
    return go(send(client, content))


def cells_on(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input id="f-(\w+)" name="\w+" type="text" value="([^"]*)"', page))


def mend(client: FlaskClient, draft: str) -> None:
    """Mend both rows of the faulty draft."""
    rows = sorted(set(re.findall(rf"{DRAFTS}/[0-9a-f-]+/rows/\d+", client.get(draft).text)))
    for number, address in enumerate(rows, start=30):
        cells = cells_on(page_of(client, address))
        ruby = {"low_usd_ct": "150", "high_usd_ct": "450"}
        go(
            client.post(
                address, data={**cells, **key(number), **(ruby if cells["variety"] == "ruby" else {"grade": "fine"})}
            )
        )


def test_every_error_of_a_sheet_is_told_beside_what_stands_there(uow: UnitOfWork, rosa: FlaskClient) -> None:
    page = page_of(rosa, faulty_draft(uow, rosa))
    assert "3 errors" in page
    for words in ("“1.100”", "two ways", "“4OO”", "Write digits only", "“fein”", "Did you mean fine?"):
        assert words in page
    assert "Propose to another curator" not in page
    assert "2 rows cannot be read" in page


def test_a_row_that_is_still_wrong_is_shown_again_with_what_was_typed(uow: UnitOfWork, rosa: FlaskClient) -> None:
    draft = faulty_draft(uow, rosa)
    address = re.findall(rf"{DRAFTS}/[0-9a-f-]+/rows/\d+", rosa.get(draft).text)[0]
    page = page_of(rosa, address)
    refused = rosa.post(address, data={**cells_on(page), **key(1), "low_usd_ct": "150"})
    assert refused.status_code == 422
    for words in ('value="4OO"', 'value="150"', "There is a problem"):
        assert words in refused.text


def test_a_mended_draft_shows_gaps_and_differences_and_is_proposed_with_a_note(
    uow: UnitOfWork, rosa: FlaskClient
) -> None:
    draft = faulty_draft(uow, rosa)
    mend(rosa, draft)
    entries = history(uow.session, kind="price_book_draft", key=draft.rpartition("/")[2])
    mended = [row.details for row in entries if row.action == "price_book_draft.mend"]
    changes = [
        (cell, each["before"][cell], text)
        for each in mended
        for cell, text in each["after"].items()
        if text != each["before"][cell]
    ]
    assert sorted(changes) == [("grade", "fein", "fine"), ("high_usd_ct", "4OO", "450"), ("low_usd_ct", "1.100", "150")]
    page = page_of(rosa, draft)
    for words in (
        "1 gap", "Tanzanite, Cut stone: there is no row from 2 to 3 ct", "Changed: 1. Unchanged: 87.", "Large move",
        "US$100.00 to US$400.00", "low +50%, high +12.5%",
    ):  # fmt: skip
        assert words in page
    form = {"against": "1", "note": " "}
    refused = rosa.post(f"{draft}/proposal", data={**key(40), **form})
    assert refused.status_code == 422
    for words in ("Say what changes and why", "Close the gaps, or tick that they are meant"):
        assert words in refused.text
    edition = go(rosa.post(f"{draft}/proposal", data={**key(41), **form, "note": "Fairs", "gaps_are_meant": "yes"}))
    assert edition == f"{BOOK}/2"
    assert "This draft was proposed" in page_of(rosa, draft)
    assert rosa.post(f"{draft}/discarding", data=key(42)).status_code == 409


def test_an_edition_reaches_the_public_when_another_curator_approves_it(
    uow: UnitOfWork, rosa: FlaskClient, kofi: FlaskClient, client: FlaskClient
) -> None:
    edition = proposed(rosa, shipped_csv(uow, ("1,2,commercial,100,400", "1,2,commercial,150,450")))
    assert "Another curator approves it" in page_of(rosa, edition)
    assert rosa.post(f"{edition}/approval", data={**key(42), "against": "1"}).status_code == 403
    assert "US$150" not in page_of(client, "/prices?variety=ruby")

    seen = page_of(kofi, edition)
    for words in ("says that the gaps below are meant", "low +50%", "88 bands of this edition are not verified"):
        assert words in seen
    go(kofi.post(f"{edition}/approval", data={**key(43), "against": "1"}))
    public = page_of(client, "/prices?variety=ruby")
    assert "Edition 2 of" in public
    assert "US$150.00 to US$450.00" in public
    assert "Rosa, 29 Sept 2026" in page_of(kofi, BOOK)


def test_a_band_is_added_and_taken_out_without_a_file(rosa: FlaskClient) -> None:
    draft = go(rosa.post(f"{DRAFTS}/copy", data=key(1)))
    assert "This draft is the same as edition 1" in page_of(rosa, draft)
    assert rosa.post(f"{draft}/proposal", data={**key(2), "against": "1", "note": "x"}).status_code == 422
    assert 'value="unverified"' in page_of(rosa, f"{draft}/rows/new")
    assert rosa.post(f"{draft}/rows", data={**key(3), **CELLS, "low_usd_ct": "=1+1"}).status_code == 422
    go(rosa.post(f"{draft}/rows", data={**key(4), **CELLS}))
    assert "New: 1. Taken out: 0. Changed: 0. Unchanged: 88." in page_of(rosa, draft)
    assert "Market day" in page_of(rosa, f"{draft}/rows?page=2")
    assert "Row 90" in page_of(rosa, f"{draft}/rows?variety=ruby")
    go(rosa.post(f"{draft}/rows/90/removal", data=key(5)))
    go(rosa.post(f"{draft}/rows/89/removal", data=key(6)))
    assert "New: 0. Taken out: 1." in page_of(rosa, draft)
    assert rosa.get(f"{draft}/rows/90").status_code == 404
    go(rosa.post(f"{draft}/discarding", data=key(7)))
    assert "laid aside" in page_of(rosa, draft)


def test_nobody_changes_the_draft_of_another(rosa: FlaskClient, kofi: FlaskClient) -> None:
    draft = go(rosa.post(f"{DRAFTS}/copy", data=key(1)))
    page = page_of(kofi, draft)
    assert "Only the person who made this draft may change it" in page
    assert "Add a row" not in page
    for number, path in enumerate(("rows/2", "rows", "rows/2/removal", "proposal", "discarding")):
        answer = kofi.post(f"{draft}/{path}", data={**key(number), **CELLS, "against": "1"})
        assert answer.status_code == 403, path


def test_auditors_and_administrators_read_and_others_do_not(app: Flask, book: UnitOfWork, rosa: FlaskClient) -> None:
    draft = go(rosa.post(f"{DRAFTS}/copy", data=key(1)))
    pages = (BOOK, f"{BOOK}/1", f"{BOOK}/1/book.csv", draft, f"{draft}/rows", f"{draft}/rows/2")
    for name, role, status in (
        ("otto", StaffRole.AUDITOR, 200), ("ada", StaffRole.ADMINISTRATOR, 200), ("moses", StaffRole.MODERATOR, 403),
    ):  # fmt: skip
        reader = browser(app, book, person(book, name, role))
        assert [reader.get(page).status_code for page in pages] == [status] * len(pages)
        assert reader.get(f"{DRAFTS}/new").status_code == 403
        assert reader.post(f"{BOOK}/1/approval", data=key(2)).status_code == 403


def test_a_proposal_against_an_older_edition_must_be_looked_at_again(
    uow: UnitOfWork, rosa: FlaskClient, kofi: FlaskClient, clock: SetClock
) -> None:
    first = proposed(rosa, shipped_csv(uow, ("1,2,commercial,100,400", "1,2,commercial,110,400")), 1)
    second = proposed(rosa, shipped_csv(uow, ("1,2,commercial,100,400", "1,2,commercial,120,400")), 2)
    clock.advance(timedelta(minutes=1))
    go(kofi.post(f"{first}/approval", data={**key(3), "against": "1"}))

    page = page_of(kofi, second)
    assert "proposed when edition 1 was in force. Now edition 2 is in force" in page
    against = re.findall(r'name="against" value="(\d+)"', page)
    answer = kofi.post(f"{second}/approval", data={**key(4), "against": against[0]})
    assert answer.status_code == 409
    assert "Look at the difference again" in answer.text
    assert "US$110.00 to US$400.00" in answer.text
    again = re.findall(r'name="against" value="(\d+)"', answer.text)
    assert (against[0], again[0]) == ("1", "2")
    go(kofi.post(f"{second}/approval", data={**key(5), "against": again[0]}))
    late = kofi.post(f"{second}/approval", data={**key(6), "against": "3"})
    assert late.status_code == 409
    assert "Somebody else decided first" in late.text


def test_a_draft_is_proposed_only_against_the_edition_its_difference_was_shown_to(
    uow: UnitOfWork, rosa: FlaskClient, kofi: FlaskClient
) -> None:
    draft = go(send(rosa, shipped_csv(uow, ("1,2,commercial,100,400", "1,2,commercial,120,400"))))
    first = proposed(rosa, shipped_csv(uow, ("1,2,commercial,100,400", "1,2,commercial,110,400")), 1)
    go(kofi.post(f"{first}/approval", data={**key(3), "against": "1"}))
    answer = rosa.post(f"{draft}/proposal", data={**key(4), "against": "1", "note": "My note", "gaps_are_meant": "yes"})
    assert answer.status_code == 409
    for words in ("Look at the difference again", "My note", "Difference to edition 2"):
        assert words in answer.text


def test_declining_needs_a_reason_which_the_proposer_reads(
    uow: UnitOfWork, rosa: FlaskClient, kofi: FlaskClient
) -> None:
    edition = proposed(rosa, shipped_csv(uow, ("1,2,commercial,100,400", "1,2,commercial,110,400")))
    assert kofi.post(f"{edition}/declining", data={**key(1), "reason": " "}).status_code == 422
    go(kofi.post(f"{edition}/declining", data={**key(2), "reason": "No source for ruby"}))
    page = page_of(rosa, edition)
    assert "Kofi, 29 Sept 2026" in page
    assert "No source for ruby" in page
    assert "Declined" in page_of(rosa, BOOK)
    assert kofi.post(f"{edition}/declining", data={**key(3), "reason": "Twice"}).status_code == 409


def test_the_same_file_sent_twice_is_one_draft(uow: UnitOfWork, rosa: FlaskClient) -> None:
    content = shipped_csv(uow)
    assert go(send(rosa, content)) == go(send(rosa, content))
    assert page_of(rosa, BOOK).count("book.csv</a>") == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Choose a file."),
        (b"variety\nru\xe9", "Save it as “CSV UTF-8”"),
        (b"PK\x03\x04 not a workbook", "This file cannot be read"),
        (b"x" * (2 * 1024 * 1024 + 1), "larger than 2 MB"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_by_name(rosa: FlaskClient, content: bytes, words: str) -> None:
    answer = send(rosa, content)
    assert answer.status_code == 422
    assert words in unescape(answer.text)


def test_a_header_that_is_wrong_is_told_together_with_all_other_errors(rosa: FlaskClient) -> None:
    content = csv_of([{**CELLS, "colour": "red", "variety": "rubi"}], columns=["colour", *list(CELLS)[:-1]])
    answer = send(rosa, content)
    assert answer.status_code == 422
    page = unescape(answer.text)
    assert "3 things to mend" in page
    for words in ("This column is not known", "This column is missing", "Did you mean ruby?"):
        assert words in page
    assert "Drafts" not in page_of(rosa, BOOK).split("<h1>")[1]


def test_files_of_an_edition_come_with_their_names_and_are_not_kept(rosa: FlaskClient) -> None:
    for name, content_type in (
        ("book.csv", "text/csv; charset=utf-8"),
        ("book.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ):
        answer = rosa.get(f"{BOOK}/1/{name}")
        ending = name.partition(".")[2]
        assert answer.headers["Content-Type"] == content_type
        assert answer.headers["Content-Disposition"] == f'attachment; filename="price-book-1.{ending}"'
        assert answer.headers["Cache-Control"] == "no-store"
        draft = go(send(rosa, answer.data, name))
        assert "New: 0. Taken out: 0. Changed: 0. Unchanged: 88." in page_of(rosa, draft)


def test_only_verified_counts_as_verified_where_the_public_reads(
    uow: UnitOfWork, rosa: FlaskClient, kofi: FlaskClient, client: FlaskClient
) -> None:
    content = shipped_csv(
        uow,
        ("ruby,cut,H,,1,2,commercial,100,400,unverified,from memory",
         "ruby,cut,H,,1,2,commercial,100,400,verified,3 sales"),
        ("ruby,cut,H,,1,2,good,400,1500,unverified,from memory", "ruby,cut,H,,1,2,good,400,1500,sourced,Fair list"),
    )  # fmt: skip
    edition = proposed(rosa, content)
    go(kofi.post(f"{edition}/approval", data={**key(1), "against": "1"}))
    page = page_of(client, "/prices?variety=ruby")
    for words in ("Verified: 3 sales", "From a source, not verified: Fair list", "Not verified: from memory"):
        assert words in page
    assert "Verified: 1. From a source: 1. Not verified: 86." in page_of(kofi, edition)


def test_a_book_of_five_thousand_rows_is_checked_in_three_seconds(rosa: FlaskClient) -> None:
    go(send(rosa, csv_of([CELLS]), "first.csv"))  # templates are compiled at their first use
    kinds = [(stone, treatment) for stone in sorted(varieties()) for treatment in ("N", "E", "H", "R", "D")]
    steps = [(stone, treatment, start) for stone, treatment in kinds for start in range(10)]
    bands = [
        BandProposal(
            stone, "cut", grade, Decimal(start), Decimal(start + 1), 100, 200, treatment, "TZ", source=f"{start}"
        )
        for stone, treatment, start in steps
        for grade in GRADES
    ]
    content = to_xlsx(bands[:5000], Legend("Book", "Codes", []))

    began = process_time()
    page = page_of(rosa, go(send(rosa, content, "large.xlsx")))
    took = process_time() - began

    assert "New: 5000. Taken out: 88." in page
    assert took < 3
