"""Read what staff type about incidents and what strangers report. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from marketplace.compliance.answers import Answers
from marketplace.core.text import N_
from marketplace.incidents.words import SEVERITIES, SOURCES, risks

LONGEST_TEXT: Final = 4_000
SHORTEST_TEXT: Final = 20
MOST_STEPS: Final = 30
_TOO_SHORT: Final = N_("Write at least 20 letters, so that somebody else understands it.")


@dataclass(frozen=True, slots=True)
class Told:
    """An incident as staff enter it; `site` is the reference of a site, empty for the whole cooperative."""

    code: str
    severity: str
    source: str
    cooperative: str
    site: str
    happened_on: date | None
    words: str


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the plan: what is done, by whom, until which day."""

    what: str
    who: str
    due_on: date


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody outside reports; `contact` may be empty."""

    place: str
    words: str
    contact: str


def read_incident(form: Mapping[str, str], *, today: date) -> Told:
    """Return an incident; raise InvalidInput."""
    read = Answers(form)
    code = read.choice("code", risks().keys())
    severity = read.choice("severity", [each.code for each in SEVERITIES])
    source = read.choice("source", SOURCES)
    cooperative = read.line("cooperative", empty=N_("Enter the reference of the cooperative."), most=40)
    site = read.line("site", most=40)
    happened_on = read.day("happened_on")
    if happened_on is not None and happened_on > today:
        read.refuse("happened_on", N_("This day is still to come."))
    words = _text(read, "words", shortest=SHORTEST_TEXT)
    read.finish()
    return Told(code, severity, source, cooperative, site, happened_on, words)


def read_step(form: Mapping[str, str], *, today: date) -> Step:
    """Return a step of the plan; raise InvalidInput."""
    read = Answers(form)
    what = read.line("what", empty=N_("Say what is to be done."), most=400)
    who = read.line("who", empty=N_("Say who does it."))
    due_on = read.day("due_on", empty=N_("Choose the day until which it is done."))
    if due_on is not None and "due_on" not in read.errors and due_on < today:
        read.refuse("due_on", N_("This day is over. Choose today or a later day."))
    read.finish()
    return Step(what, who, due_on or today)


def read_report(form: Mapping[str, str]) -> Report:
    """Return what a stranger reports; raise InvalidInput."""
    read = Answers(form)
    place = read.line("place", empty=N_("Say where it happened: the mine, the village or the district."), most=200)
    words = _text(read, "words", shortest=SHORTEST_TEXT)
    contact = read.line("contact", most=200)
    read.finish()
    return Report(place, words, contact)


def read_words(form: Mapping[str, str], name: str, *, shortest: int = SHORTEST_TEXT) -> str:
    """Return the one text of a form; raise InvalidInput."""
    read = Answers(form)
    words = _text(read, name, shortest=shortest)
    read.finish()
    return words


def _text(read: Answers, name: str, *, shortest: int) -> str:
    words = read.line(name, most=LONGEST_TEXT)
    if len(words) < shortest:
        read.refuse(name, _TOO_SHORT)
    return words
