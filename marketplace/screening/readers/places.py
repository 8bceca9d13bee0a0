"""Countries as the publishers of lists write them, by their ISO 3166-1 codes of two letters. Pure."""

import unicodedata
from functools import cache
from typing import Final

from babel import Locale

# Signs inside a word: d'Ivoire, People’s, U.K.
_JOINED: Final = frozenset("'’.")
# Names that the lists use and the Unicode tables do not.
_ALSO: Final = {
    "bolivia plurinational state of": "BO",
    "bosnia and herzegovina": "BA",
    "burma": "MM",
    "congo": "CG",
    "congo democratic republic": "CD",
    "congo democratic republic of the": "CD",
    "congo republic of the": "CG",
    "cote divoire": "CI",
    "czech republic": "CZ",
    "democratic peoples republic of korea": "KP",
    "democratic republic of the congo": "CD",
    "drc": "CD",
    "hong kong": "HK",
    "iran islamic republic of": "IR",
    "ivory coast": "CI",
    "korea north": "KP",
    "korea south": "KR",
    "lao peoples democratic republic": "LA",
    "macau": "MO",
    "moldova republic of": "MD",
    "north macedonia the republic of": "MK",
    "occupied palestinian territories": "PS",
    "palestine": "PS",
    "palestinian": "PS",
    "region gaza": "PS",
    "republic of korea": "KR",
    "republic of the congo": "CG",
    "russian federation": "RU",
    "state of palestine": "PS",
    "syrian arab republic": "SY",
    "tanzania united republic of": "TZ",
    "the gambia": "GM",
    "turkey": "TR",
    "uae": "AE",
    "uk": "GB",
    "united republic of tanzania": "TZ",
    "united states of america": "US",
    "usa": "US",
    "venezuela bolivarian republic of": "VE",
    "viet nam": "VN",
    "west bank": "PS",
}


def country_code(name: str) -> str:
    """Return the code of a country's English name or code; nothing for one that is not known."""
    text = name.strip()
    if len(text) == 2 and text.isascii() and text.upper() in _codes():
        return text.upper()
    return _names().get(_plain(text), "")


@cache
def _codes() -> frozenset[str]:
    return frozenset(
        code for code in map(str, Locale("en").territories) if len(code) == 2 and code.isalpha() and code != "ZZ"
    )


@cache
def _names() -> dict[str, str]:
    known = {_plain(str(name)): str(code) for code, name in Locale("en").territories.items() if code in _codes()}
    return {**known, **_ALSO}


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.casefold().replace("&", " and "))
    words = "".join("" if each in _JOINED or unicodedata.combining(each) else each for each in letters)
    return " ".join("".join(each if each.isalnum() else " " for each in words).split())
