"""What may be typed about an independent check."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from marketplace.checks import models, words
from marketplace.checks.answers import read_errand, read_note, read_question, read_reason
from marketplace.core.errors import InvalidInput

TODAY = date(2026, 9, 29)
WHO = {"7": UUID(int=7)}
NOTE = {"finding": "differs", "seen": "goods", "note": "n" * 40}


def refused(read: object) -> set[str]:
    with pytest.raises(InvalidInput) as error:
        read()  # type: ignore[operator]
    return set(error.value.fields)


def test_the_words_are_those_of_the_table() -> None:
    assert tuple(words.FINDINGS) == models.FINDINGS
    assert tuple(words.SEEN) == models.SEEN
    assert set(words.TONES) == set(words.FINDINGS)


@pytest.mark.parametrize(("days", "fits"), [(-1, False), (0, True), (30, True), (31, False)])
def test_a_check_is_to_be_done_within_thirty_days(days: int, *, fits: bool) -> None:
    form = {"checker": "7", "due_on": str(TODAY + timedelta(days))}
    if fits:
        assert read_errand(form, today=TODAY, checkers=WHO) == (UUID(int=7), TODAY + timedelta(days))
    else:
        assert refused(lambda: read_errand(form, today=TODAY, checkers=WHO)) == {"due_on"}


def test_a_stranger_is_no_checker_and_a_day_is_needed() -> None:
    assert refused(lambda: read_errand({"checker": "8"}, today=TODAY, checkers=WHO)) == {"checker", "due_on"}
    form = {"checker": "7", "due_on": "soon"}
    assert refused(lambda: read_errand(form, today=TODAY, checkers=WHO)) == {"due_on"}


def test_a_note_says_enough_and_not_too_much() -> None:
    assert read_note(NOTE) == ("differs", "goods", "n" * 40)
    assert read_note({**NOTE, "note": "n" * 2_000}).words == "n" * 2_000
    for note in ("n" * 39, "n" * 2_001, "n" * 50 + "\x00"):
        assert refused(lambda note=note: read_note({**NOTE, "note": note})) == {"note"}
    assert refused(lambda: read_note({})) == {"finding", "seen", "note"}


def test_a_question_may_be_empty_and_a_reason_not() -> None:
    assert read_question({}) == ""
    assert read_question({"question": " Even? "}) == "Even?"
    assert refused(lambda: read_question({"question": "q" * 601})) == {"question"}
    assert read_reason({"reason": "r" * 10}) == "r" * 10
    assert refused(lambda: read_reason({"reason": "r" * 9})) == {"reason"}
