"""Find the few entries worth comparing among tens of thousands: by the rough sounds of their words. Pure.

Two words of a person's name must sound alike, or the only one. Names that are written together or apart are found by
the sounds of neighbours joined.
"""

from collections.abc import Iterable
from itertools import pairwise
from typing import Final

from marketplace.screening.names import WHOLE, Party, Reading, key_of, made_word, read_name

# More keys say nothing more, and a made-up name may not fill the database.
MOST_KEYS: Final = 120
_INITIAL: Final = "="


def keys_of_entry(texts: Iterable[str], party: Party) -> list[str]:
    """Return the keys under which a listed party is found."""
    found: dict[str, None] = {}
    for text in texts:
        reading = read_name(text, party)
        found |= dict.fromkeys(_sounds(reading))
        found |= dict.fromkeys(_INITIAL + word.text for word in reading.words if word.is_initial)
    return list(found)[:MOST_KEYS]


def keys_of_name(text: str, party: Party) -> tuple[list[str], int]:
    """Return the keys to look for, and how many of them an entry must have at least."""
    reading = read_name(text, party)
    sounds = _sounds(reading)
    whole = {key_of(word) for word in reading.words if word.weight == WHOLE and not word.is_initial}
    initials = [_INITIAL + word.text[0] for word in reading.words]
    return list(dict.fromkeys([*sounds, *initials]))[:MOST_KEYS], min(2, max(1, len(whole)))


def _sounds(reading: Reading) -> list[str]:
    words = [word for word in reading.words if word.weight == WHOLE and not word.is_initial]
    keys = [key_of(word) for word in words]
    # the Arabic letter that is read as u is a long vowel or a consonant
    keys += [key_of(made_word(word.text.replace("u", "v"))) for word in words if word.bare and "u" in word.text]
    keys += [key_of(made_word(left + right)) for left, right in pairwise(reading.joined)]
    return list(dict.fromkeys(keys))
