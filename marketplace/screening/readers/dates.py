"""Days as the publishers of lists write them. Pure."""

import re
from datetime import date
from typing import Final

MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# Nobody who lives was born earlier, and no list of names says later.
FIRST_YEAR, LAST_YEAR = 1850, 2100
_YEAR: Final = re.compile(r"\b(1[89]\d\d|20\d\d)\b")
_WORDS: Final = re.compile(r"(?:(\d{1,2})[ -])?([A-Za-z]{3})[a-z]*[ -](\d{4})")
_SLASHES: Final = re.compile(r"(\d{1,2}|dd)/(\d{1,2}|mm)/(\d{4})", re.IGNORECASE)
_RANGE: Final = re.compile(r"(\d{4})\s*(?:-|to|–|/)\s*(\d{4})")
# The longest span of years that is taken as birth years; a longer one says nothing.
LONGEST_SPAN: Final = 20


def iso_day(text: str) -> date | None:
    """Return the day at the beginning of an ISO date or moment, or None."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def day_first(text: str) -> date | None:
    """Return the day of dd/mm/yyyy, or None."""
    return _slashes(text, day_at=0)


def month_first(text: str) -> date | None:
    """Return the day of mm/dd/yyyy, as OFAC writes it, or None."""
    return _slashes(text, day_at=1)


def day_in_words(text: str) -> date | None:
    """Return the day of 23-Sep-2026 or 23 September 2026, or None."""
    found = _WORDS.fullmatch(text.strip())
    if found is None or found[1] is None or found[2].lower() not in MONTHS:
        return None
    return _day(int(found[3]), MONTHS.index(found[2].lower()) + 1, int(found[1]))


def births(text: str) -> list[str]:
    """Return when somebody was born: ISO days, months or years; every year of a span of at most 20 years.

    Reads 14 May 1962, May 1962, 1962-05-14, 14/05/1962, dd/mm/1962, circa 1962, 1960 to 1962.
    """
    text = text.strip()
    if span := _RANGE.search(text):
        return _span(int(span[1]), int(span[2]))
    if (whole := iso_day(text)) is not None and len(text) >= 10:
        return [whole.isoformat()]
    if slashes := _SLASHES.fullmatch(text):
        found = day_first(text)
        return [found.isoformat() if found else slashes[3]]
    if (words := _WORDS.search(text)) and words[2].lower() in MONTHS:
        return [_partial(words)]
    return list(_YEAR.findall(text)[:1])


def between(first: str, last: str) -> list[str]:
    """Return the years of a span that a list gives in two fields."""
    if first.isdecimal() and last.isdecimal():
        return _span(int(first), int(last))
    return [year for year in (first, last) if _YEAR.fullmatch(year)]


def _partial(words: re.Match[str]) -> str:
    month = MONTHS.index(words[2].lower()) + 1
    if words[1] and (day := _day(int(words[3]), month, int(words[1]))):
        return day.isoformat()
    return f"{words[3]}-{month:02}"


def _span(first: int, last: int) -> list[str]:
    if FIRST_YEAR <= first <= last <= LAST_YEAR and last - first <= LONGEST_SPAN:
        return [str(year) for year in range(first, last + 1)]
    return []


def _slashes(text: str, *, day_at: int) -> date | None:
    parts = text.strip().split("/")
    if len(parts) != 3 or not all(part.isdecimal() for part in parts) or len(parts[2]) != 4:
        return None
    return _day(int(parts[2]), int(parts[1 - day_at]), int(parts[day_at]))


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
