"""Read what people type about a document, and what a reviewer types. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from marketplace.compliance.answers import Answers
from marketplace.compliance.document_kinds import MUST, NEVER, DocumentKind
from marketplace.compliance.vocabulary import MINERALS, codes
from marketplace.core.text import N_

LONGEST_NUMBER: Final = 60
SHORTEST_REASON: Final = 20
LONGEST_REASON: Final = 2_000
RIGHT: Final = "mining_right"
_OVER: Final = N_("This paper is over since %(day)s. Upload the new one.")


@dataclass(frozen=True, slots=True)
class Told:
    """What stands on a paper. `last_day` is the last day it counts, None when it never ends."""

    number: str
    issuer: str
    issued_on: date
    last_day: date | None
    minerals: tuple[str, ...]


def number_key(number: str) -> str:
    """Return a number without spaces, dashes and case: what is left tells whether two papers are one."""
    return "".join(letter for letter in number.upper() if letter.isalnum())


def read_document(form: Mapping[str, str], minerals: Sequence[str], *, kind: DocumentKind, today: date) -> Told:
    """Return what was typed about a paper of a kind; raise InvalidInput with everything that is wrong."""
    read = Answers(form)
    number = read.line("number", empty=_number_wanted(kind), most=LONGEST_NUMBER)
    if number and not number_key(number):
        read.refuse("number", N_("A number has letters or digits."))
    issuer = read.line("issuer", empty=N_("Enter who issued it, as it stands on the paper."))
    issued = read.day("issued_on", empty=N_("Enter the day it was issued."))
    if issued is not None and issued > today:
        read.refuse("issued_on", N_("This day is still to come."))
    expires = read.day("expires_on", empty=N_("Enter its last day.") if kind.expires == MUST else None)
    last_day = _last_day(read, kind, (issued, expires), today)
    covered = _minerals(read, kind, minerals)
    read.finish()
    return Told(number, issuer, issued or today, last_day, covered)


def read_reason(form: Mapping[str, str]) -> str:
    """Return why a paper is refused; raise InvalidInput when nobody could mend it by that."""
    read = Answers(form)
    reason = read.line("reason", most=LONGEST_REASON)
    if len(reason) < SHORTEST_REASON:
        read.refuse("reason", N_("Say in 20 letters or more what is wrong and how to mend it."))
    read.finish()
    return reason


def read_note(form: Mapping[str, str], *, is_needed: bool) -> str:
    """Return a reviewer's note; one is needed when the machine noticed something."""
    read = Answers(form)
    note = read.line("note", most=LONGEST_REASON)
    if is_needed and len(note) < SHORTEST_REASON:
        read.refuse("note", N_("Say in 20 letters or more why it is right in spite of what was noticed."))
    read.finish()
    return note


def _number_wanted(kind: DocumentKind) -> str | None:
    return N_("Enter the number that stands on it.") if kind.is_numbered else None


def _last_day(read: Answers, kind: DocumentKind, days: tuple[date | None, date | None], today: date) -> date | None:
    issued, expires = days
    if expires is not None and kind.expires == NEVER:
        read.refuse("expires_on", N_("A paper of this kind has no last day. Leave it empty."))
    if issued is None:
        return None
    if expires is not None and expires < issued:
        read.refuse("expires_on", N_("It would end before it was issued. Check both days."))
        return None
    last = kind.last_day(issued_on=issued, expires_on=expires)
    if last is not None and last < today:
        read.refuse("issued_on" if expires is None else "expires_on", _OVER, day=last)
    return last


def _minerals(read: Answers, kind: DocumentKind, minerals: Sequence[str]) -> tuple[str, ...]:
    if kind.code != RIGHT:
        return ()
    known = codes(MINERALS)
    if not minerals or any(each not in known for each in minerals):
        read.refuse("minerals", N_("Tick every mineral that the paper names."))
    return tuple(sorted(set(minerals)))
