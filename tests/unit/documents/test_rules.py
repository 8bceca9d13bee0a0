"""What is typed about a document, what is noticed, and when people are warned."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from marketplace.compliance.document_kinds import document_kinds
from marketplace.core.errors import InvalidInput
from marketplace.documents.answers import number_key, read_document, read_note, read_reason
from marketplace.documents.doubts import Seen, SiteTold, doubts_of
from marketplace.documents.services.expiry import warning_due

TODAY = date(2026, 9, 29)
FORM = {"number": "PML 0012345", "issuer": "Mining commission", "issued_on": "2024-01-01", "expires_on": "2030-12-31"}


def wrong(kind: str = "mining_right", minerals: tuple[str, ...] = ("gold",), **typed: str) -> dict[str, str]:
    """Return what is wrong with a form, or nothing."""
    try:
        read_document({**FORM, **typed}, minerals, kind=document_kinds()[kind], today=TODAY)
    except InvalidInput as refused:
        return {name: error.message for name, error in refused.fields.items()}
    return {}


def test_what_stands_on_a_paper_is_read() -> None:
    told = read_document(FORM, ["zoisite", "gold", "gold"], kind=document_kinds()["mining_right"], today=TODAY)

    assert (told.number, told.issuer) == ("PML 0012345", "Mining commission")
    assert (told.issued_on, told.last_day) == (date(2024, 1, 1), date(2030, 12, 31))
    assert told.minerals == ("gold", "zoisite")


@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [
        ({"number": ""}, "number", "Enter the number that stands on it."),
        ({"number": " -- "}, "number", "A number has letters or digits."),
        ({"issuer": ""}, "issuer", "Enter who issued it, as it stands on the paper."),
        ({"issued_on": ""}, "issued_on", "Enter the day it was issued."),
        ({"issued_on": "2026-09-30"}, "issued_on", "This day is still to come."),
        ({"expires_on": ""}, "expires_on", "Enter its last day."),
        ({"expires_on": "2023-12-31"}, "expires_on", "It would end before it was issued. Check both days."),
        ({"expires_on": "2026-09-28"}, "expires_on", "This paper is over since %(day)s. Upload the new one."),
    ],
)
def test_a_contradictory_paper_is_refused_at_its_field(typed: dict[str, str], field: str, message: str) -> None:
    assert wrong(**typed) == {field: message}


@pytest.mark.parametrize("typed", [{"issued_on": "2026-09-29"}, {"expires_on": "2026-09-29"}])
def test_the_days_at_the_edge_are_right(typed: dict[str, str]) -> None:
    assert wrong(**typed) == {}


def test_a_right_names_its_minerals_and_other_papers_none() -> None:
    assert wrong(minerals=()) == {"minerals": "Tick every mineral that the paper names."}
    assert wrong(minerals=("gold", "cheese")) == {"minerals": "Tick every mineral that the paper names."}
    told = read_document(FORM, ["gold"], kind=document_kinds()["dealer_licence"], today=TODAY)
    assert told.minerals == ()


def test_a_paper_without_end_has_no_last_day_and_one_without_number_needs_none() -> None:
    assert wrong("bylaws", number="", expires_on="") == {}
    assert wrong("bylaws") == {"expires_on": "A paper of this kind has no last day. Leave it empty."}
    assert wrong("royalty_receipt", number="", expires_on="") == {"number": "Enter the number that stands on it."}


def test_an_attestation_is_over_a_year_after_its_issue() -> None:
    assert wrong("child_labour_attestation", issued_on="2025-09-29", expires_on="") == {}
    over = {"issued_on": "This paper is over since %(day)s. Upload the new one."}
    assert wrong("child_labour_attestation", issued_on="2025-09-28", expires_on="") == over


def test_a_number_is_known_again_however_it_is_written() -> None:
    assert number_key("pml 00-12/345") == "PML0012345"
    assert number_key(" - ") == ""


def test_a_reason_has_twenty_letters_and_a_note_when_something_was_noticed() -> None:
    assert read_reason({"reason": "x" * 20}) == "x" * 20
    with pytest.raises(InvalidInput):
        read_reason({"reason": "x" * 19})
    assert read_note({"note": "x" * 20}, is_needed=True) == "x" * 20
    assert read_note({"note": ""}, is_needed=False) == ""
    with pytest.raises(InvalidInput):
        read_note({"note": "x" * 19}, is_needed=True)


SITE = SiteTold(
    right_key="PML0012345",
    right_valid_to=date(2030, 12, 31),
    minerals=frozenset({"gold"}),
    attested_on=date(2026, 6, 1),
)
RIGHT = Seen(
    kind="mining_right", number_key="PML0012345", issued_on=date(2024, 1, 1), last_day=date(2030, 12, 31),
    minerals=frozenset({"gold", "beryl"}), site=SITE,
)  # fmt: skip


def noticed(**other: Any) -> list[str]:
    return [doubt.code for doubt in doubts_of(replace(RIGHT, **other))]


@pytest.mark.parametrize(
    ("other", "codes"),
    [
        ({}, []),
        ({"number_at": ("Umba Cooperative",)}, ["number_elsewhere"]),
        ({"file_at": ("Umba Cooperative",)}, ["file_elsewhere"]),
        ({"file_as": ("Tax certificate",)}, ["file_of_two_kinds"]),
        ({"of_lots": 1}, ["paper_of_another_lot"]),
        ({"number_key": "PML0012346"}, ["right_number_differs"]),
        ({"last_day": date(2030, 12, 30)}, ["right_days_differ"]),
        ({"minerals": frozenset({"beryl"})}, ["right_minerals_differ"]),
        ({"minerals": frozenset({"gold"})}, []),
        ({"number_key": "X", "site": None}, []),
        ({"site": replace(SITE, right_key="", right_valid_to=None, minerals=frozenset())}, []),
        ({"kind": "environmental_permit", "number_key": "X"}, []),
        ({"kind": "child_labour_attestation", "issued_on": date(2026, 6, 1)}, []),
        ({"kind": "child_labour_attestation", "issued_on": date(2026, 6, 2)}, ["attestation_day_differs"]),
        ({"kind": "child_labour_attestation", "site": replace(SITE, attested_on=None)}, []),
    ],
)
def test_what_the_machine_notices(other: dict[str, Any], codes: list[str]) -> None:
    assert noticed(**other) == codes


def test_other_holders_are_named() -> None:
    (doubt,) = doubts_of(replace(RIGHT, number_at=("Umba", "Masasi")))

    assert doubt.text % doubt.params == (
        "Another holder has a paper with this number: Umba, Masasi. Ask the issuer whose it is."
    )


@pytest.mark.parametrize(
    ("days", "warned", "due"),
    [
        (31, None, None), (30, None, 30), (8, None, 30), (7, None, 7), (0, None, 7),
        (30, 30, None), (8, 30, None), (7, 30, 7), (0, 30, 7),
        (7, 7, None), (0, 7, None), (30, 7, None),
    ],
)  # fmt: skip
def test_people_are_warned_thirty_and_seven_days_before_once_each(
    days: int, warned: int | None, due: int | None
) -> None:
    assert warning_due(days=days, warned=warned) == due


def test_a_lasting_kind_ends_by_its_own_rule() -> None:
    told = read_document(
        {**FORM, "issued_on": "2026-09-01", "expires_on": ""}, [], kind=document_kinds()["site_inspection"], today=TODAY
    )
    assert told.last_day == date(2026, 9, 1) + timedelta(days=365)
