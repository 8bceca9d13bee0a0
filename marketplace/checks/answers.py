"""Read what is typed about a check: the question, who does it until when, the note, why not. Pure."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from marketplace.checks.words import FINDINGS, SEEN
from marketplace.compliance.answers import Answers
from marketplace.core.text import N_

LONGEST_QUESTION: Final = 600
LONGEST_NOTE: Final = 2_000
SHORTEST_NOTE: Final = 40
SHORTEST_REASON: Final = 10
LATEST_DAYS: Final = 30


class Errand(NamedTuple):
    """Who checks, and until when."""

    checker_id: UUID
    due_on: date


class Note(NamedTuple):
    """What the checker found, what it rests on, and in words."""

    finding: str
    seen: str
    words: str


def read_question(form: Mapping[str, str]) -> str:
    """Return what the buyer wants to know; it may be empty. Raises InvalidInput."""
    read = Answers(form)
    words = _text(read, "question", most=LONGEST_QUESTION)
    read.finish()
    return words


def read_errand(form: Mapping[str, str], *, today: date, checkers: Mapping[str, UUID]) -> Errand:
    """Return who checks until when; `checkers` are those who may, by key. Raises InvalidInput."""
    read = Answers(form)
    key = read.choice("checker", checkers)
    due_on = read.day("due_on", empty=N_("Choose the day until which it is done."))
    if due_on is not None and "due_on" not in read.errors and not today <= due_on <= today + timedelta(LATEST_DAYS):
        read.refuse("due_on", N_("Choose a day from today to %(days)s days from now."), days=LATEST_DAYS)
    read.finish()
    return Errand(checkers[key], due_on or today)


def read_note(form: Mapping[str, str]) -> Note:
    """Return the note; raise InvalidInput for one that says too little."""
    read = Answers(form)
    finding, seen = read.choice("finding", FINDINGS), read.choice("seen", SEEN)
    words = _text(read, "note", most=LONGEST_NOTE)
    if len(words) < SHORTEST_NOTE:
        read.refuse("note", N_("Say what you looked at and what you saw, in at least %(least)s letters."),
                    least=SHORTEST_NOTE)  # fmt: skip
    read.finish()
    return Note(finding, seen, words)


def read_reason(form: Mapping[str, str]) -> str:
    """Return why there is no check; the buyer reads it. Raises InvalidInput."""
    read = Answers(form)
    words = _text(read, "reason", most=LONGEST_QUESTION)
    if len(words) < SHORTEST_REASON:
        read.refuse("reason", N_("Say why. The buyer reads it."))
    read.finish()
    return words


def _text(read: Answers, name: str, *, most: int) -> str:
    text = read.typed(name)
    if len(text) > most:
        read.refuse(name, N_("Use at most %(most)s letters."), most=most)
    if "\x00" in text:
        read.refuse(name, N_("Leave out the characters that cannot be printed."))
    return text
