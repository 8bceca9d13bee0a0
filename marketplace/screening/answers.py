"""Read what staff type about an owner of a cooperative. Pure."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from typing import Final, NamedTuple

from marketplace.compliance.answers import Answers
from marketplace.core.numbers import NumberRefused, parse_percent
from marketplace.core.text import N_

LEAST_SHARE_BPS, WHOLE_BPS = 2_500, 10_000
OLDEST_YEARS, YOUNGEST_YEARS = 120, 10
_WHOLE: Final = re.compile(r"100(?:[.,]0+)? ?%?")
_SHARE: Final = N_("Enter a share from 25 to 100 per cent, such as 33.3.")


class Owner(NamedTuple):
    """An owner as staff enter her; the share is in hundredths of a per cent, the country a code of two letters."""

    name: str
    native_name: str
    share_bps: int
    birth_year: int | None
    country: str


def read_owner(form: Mapping[str, str], *, countries: Collection[str], year: int) -> Owner:
    """Return an owner; raise InvalidInput with every field that needs another value."""
    read = Answers(form)
    name = read.line("owner_name", empty=N_("Enter the name as it stands in the papers."))
    if name and not any(letter.isalpha() for letter in unicodedata.normalize("NFKC", name)):
        read.refuse("owner_name", N_("Enter the name as it stands in the papers."))
    native = read.line("native_name")
    share = _share(read)
    birth = _birth(read, year)
    country = read.choice("owner_country", countries)
    read.finish()
    return Owner(name, native, share, birth, country)


def _share(read: Answers) -> int:
    text = read.typed("share")
    if _WHOLE.fullmatch(text):
        return WHOLE_BPS
    try:
        found = int(parse_percent(text) * WHOLE_BPS)
    except NumberRefused:
        found = 0
    if not LEAST_SHARE_BPS <= found <= WHOLE_BPS:
        read.refuse("share", _SHARE)
    return found


def _birth(read: Answers, year: int) -> int | None:
    text = read.typed("birth_year")
    if not text:
        return None
    if text.isascii() and text.isdecimal() and year - OLDEST_YEARS <= int(text[:5]) <= year - YOUNGEST_YEARS:
        return int(text)
    read.refuse("birth_year", N_("Enter the year of birth with four digits, or leave it empty."))
    return None
