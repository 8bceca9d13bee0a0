"""Read a report that came as a text message: `REPORT <site or place> <what happened>`. Pure.

The first word tells the language of the answer. Two joined text messages hold 306 letters (3GPP TS 23.040).
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final, NamedTuple

LONGEST: Final = 306
LONGEST_ANSWER: Final = 160
SHORTEST_WORDS: Final = 5
MOST_PLACE_WORDS: Final = 4
KEYWORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "report": "en",
        "ripoti": "sw",
        "taarifa": "sw",
        "signaler": "fr",
        "rapport": "fr",
        "reportar": "es",
        "denuncia": "es",
        "informe": "es",
    }
)


class Place(NamedTuple):
    """A site a message may name: its reference and every name it goes by."""

    reference: str
    names: tuple[str, ...]


class Parsed(NamedTuple):
    """A report by text message. `site` is a reference, or empty when no known place, or more than one, is named."""

    language: str
    site: str
    place: str
    words: str


class SmsUnreadable(ValueError):
    """The message is no report; `language` is that of its first word, English otherwise."""

    def __init__(self, language: str) -> None:
        self.language = language
        super().__init__("no report")


def read_sms(text: str, *, places: Sequence[Place]) -> Parsed:
    """Return the report in a message; raise SmsUnreadable for another message, or one without words or too long."""
    keyword, _, rest = " ".join(text.split()).partition(" ")
    language = KEYWORDS.get(_plain(keyword), "")
    if not language or len(text) > LONGEST:
        raise SmsUnreadable(language or "en")
    given = rest.split(" ")
    for count in range(min(MOST_PLACE_WORDS, len(given) - 1), 0, -1):
        named = " ".join(given[:count])
        found = [place.reference for place in places if _plain(named) in {_plain(name) for name in place.names}]
        if found:
            return _parsed(language, found[0] if len(found) == 1 else "", named, given[count:])
    return _parsed(language, "", given[0], given[1:])


def _parsed(language: str, site: str, place: str, words: list[str]) -> Parsed:
    told = " ".join(words)
    if len(told) < SHORTEST_WORDS:
        raise SmsUnreadable(language)
    return Parsed(language, site, place.strip(",.:;"), told)


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.casefold())
    return re.sub(r"[^0-9a-z]", "", letters)
