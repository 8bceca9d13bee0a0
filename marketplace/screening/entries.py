"""What a sanctions list says of one person, organisation or vessel, whoever published it. Pure."""

from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple

from marketplace.core.errors import FieldError, InvalidInput
from marketplace.core.text import N_

# The largest official list (OFAC's SDN.XML) has some 30 MB; zipped it fits the limit of an upload many times.
LARGEST_BYTES: Final = 100_000_000
MOST_ENTRIES: Final = 100_000
# The longest official names are titles of organisations; a file with longer ones is no list.
LONGEST_TEXT: Final = 600
MOST_NAMES: Final = 200
MOST_BIRTHS: Final = 40


class ListKind(StrEnum):
    """The lists that names are compared with."""

    OFAC = "ofac"
    UN = "un"
    EU = "eu"
    UK = "uk"


LIST_NAMES: Final = {
    ListKind.OFAC: N_("United States (OFAC SDN)"),
    ListKind.UN: N_("United Nations"),
    ListKind.EU: N_("European Union"),
    ListKind.UK: N_("United Kingdom"),
}


class EntryKind(StrEnum):
    """What is listed. An aircraft counts as a vessel."""

    PERSON = "person"
    ENTITY = "entity"
    VESSEL = "vessel"


class NameKind(StrEnum):
    """How good a name is: WEAK is an alias that the publisher calls weak; NATIVE is written in its own script."""

    PRIMARY = "primary"
    ALIAS = "alias"
    WEAK = "weak"
    NATIVE = "native"


class Name(NamedTuple):
    """One spelling."""

    text: str
    kind: NameKind


class Entry(NamedTuple):
    """One listed party. `births` are ISO days, months or years; `countries` are ISO 3166-1 codes of two letters."""

    uid: str
    kind: EntryKind
    names: tuple[Name, ...]
    births: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    programme: str = ""
    listed_on: date | None = None

    @property
    def primary(self) -> str:
        """Return the name under which it is listed."""
        return next((name.text for name in self.names if name.kind is NameKind.PRIMARY), self.names[0].text)


class Edition(NamedTuple):
    """A list as it stood on a day."""

    published_on: date
    entries: tuple[Entry, ...]


class ListRefused(InvalidInput):
    """The file is no whole list; the message says where and why."""

    code = "list_refused"

    def __init__(self, message: str, /, **params: object) -> None:
        super().__init__({"file": FieldError(message, **params)})


def checked(published_on: date | None, entries: list[Entry], *, today: date) -> Edition:
    """Return the edition; raise ListRefused for one that is empty, double, without a day or from the future."""
    if published_on is None:
        raise ListRefused(N_("The file does not say of which day the list is. Enter the day it was published."))
    if published_on > today:
        raise ListRefused(N_("The list is from a day that is still to come."))
    if not entries:
        raise ListRefused(N_("The list is empty or cut: it holds no entry."))
    seen: set[str] = set()
    for entry in entries:
        if entry.uid in seen:
            raise ListRefused(N_("Entry %(uid)s stands twice in the list."), uid=entry.uid)
        seen.add(entry.uid)
    return Edition(published_on, tuple(entries))


def made(
    uid: str,
    kind: EntryKind,
    names: list[Name],
    *,
    births: list[str],
    countries: list[str],
    programme: str,
    listed_on: date | None,
) -> Entry:
    """Return an entry with every name, birth and country once; raise ListRefused for one without a number or a name."""
    if not uid:
        raise ListRefused(N_("An entry of the list has no number. The file is malformed."))
    kept: dict[str, Name] = {}
    for name in names:
        text = " ".join(name.text.split())
        if text and text not in kept:
            kept[text] = Name(text, name.kind)
    if not kept:
        raise ListRefused(N_("Entry %(uid)s has no name."), uid=uid)
    if len(kept) > MOST_NAMES or any(len(text) > LONGEST_TEXT for text in (uid, programme, *kept)):
        raise ListRefused(N_("Entry %(uid)s is longer than any entry can be."), uid=uid[:40])
    found = tuple(dict.fromkeys(birth for birth in births if birth))[:MOST_BIRTHS]
    where = tuple(dict.fromkeys(country for country in countries if country))
    return Entry(uid, kind, tuple(kept.values()), found, where, " ".join(programme.split()), listed_on)
