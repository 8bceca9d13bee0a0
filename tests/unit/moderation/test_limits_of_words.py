"""The limits of what a reviewer writes, each just below, at and just above."""

from datetime import date

import pytest

from marketplace.core.errors import InvalidInput
from marketplace.moderation.flags import flags_of_application
from marketplace.moderation.reasons import BY_CODE, LONGEST_NOTE, OTHER, SHORTEST_OTHER, check_reasons
from marketplace.moderation.transitions import VERDICTS, Action, read_verdict

TODAY = date(2026, 9, 29)


@pytest.mark.parametrize("verdict", VERDICTS)
def test_the_word_of_a_button_is_its_verdict(verdict: Action) -> None:
    assert read_verdict(verdict.value) is verdict


@pytest.mark.parametrize("text", ["", "APPROVE", "claim", "withdraw", "approve "])
def test_another_word_is_no_verdict(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_verdict(text)
    assert {name: error.message for name, error in refused.value.fields.items()} == {
        "verdict": "Choose what you decide."
    }


def refused(codes: list[str], note: str, *, verdict: str = "changes") -> dict[str, str]:
    with pytest.raises(InvalidInput) as found:
        check_reasons(codes, kind="lot", verdict=verdict, note=note)
    return {name: error.message for name, error in found.value.fields.items()}


def test_another_reason_needs_forty_letters_without_the_spaces_around() -> None:
    assert (SHORTEST_OTHER, LONGEST_NOTE) == (40, 2_000)
    assert refused([OTHER], f" {'x' * 39} ") == {"note": "Write at least 40 letters that say what to change."}
    assert check_reasons([OTHER], kind="lot", verdict="changes", note="x" * 40) == (BY_CODE[OTHER],)


def test_a_note_has_at_most_two_thousand_letters_also_beside_an_approval() -> None:
    assert check_reasons([], kind="lot", verdict="approve", note="x" * 2_000) == ()
    assert refused([], "x" * 2_001, verdict="approve") == {"note": "Use at most 2,000 letters."}
    assert refused(["NOT_NATURAL"], "x" * 2_001) == {"note": "Use at most 2,000 letters."}


@pytest.mark.parametrize("verdict", ["changes", "refuse"])
def test_whoever_does_not_approve_says_what_to_change(verdict: str) -> None:
    assert refused([], "", verdict=verdict) == {
        "reasons": "Choose at least one reason: the cooperative must know what to change."
    }


def test_both_errors_are_told_at_once_and_a_reason_of_a_kind_is_none_of_the_other() -> None:
    assert refused(["NOSUCH", OTHER], "short") == {
        "reasons": "Choose from the reasons shown.",
        "note": "Write at least 40 letters that say what to change.",
    }
    foreign = next(code for code, reason in BY_CODE.items() if "lot" not in reason.kinds)
    assert refused([foreign], "") == {"reasons": "Choose from the reasons shown."}


def test_a_reason_named_twice_counts_once_and_their_order_stays() -> None:
    chosen = check_reasons(["TAG_UNREADABLE", "PHOTO_UNCLEAR", "TAG_UNREADABLE"], kind="lot", verdict="refuse", note="")
    assert [reason.code for reason in chosen] == ["TAG_UNREADABLE", "PHOTO_UNCLEAR"]


def test_an_application_from_an_area_of_conflict_names_the_list() -> None:
    content = {"about": "", "legal_name": "Umoja", "sites": [{"status": 1, "status_on": "2026-03-01"}]}
    assert flags_of_application(content, today=TODAY, times_returned=0) == []
    assert flags_of_application(content, today=TODAY, times_returned=0, conflict_source="List of September") == [
        {"code": "conflict_area", "evidence": {"source": "List of September"}}
    ]
