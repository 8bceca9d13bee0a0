"""In which script a name is written. Pure."""

import unicodedata
from typing import Final

# Scripts that leave out short vowels: their spelling is compared by consonants.
_VOWELLESS: Final = ("ARABIC", "HEBREW", "SYRIAC")


def is_native(text: str) -> bool:
    """Say whether a name has letters of another script than Latin."""
    return any(letter.isalpha() and not _is_latin(letter) for letter in text)


def is_vowelless(text: str) -> bool:
    """Say whether a word is written in a script without short vowels."""
    return any(unicodedata.name(letter, "").startswith(_VOWELLESS) for letter in text if letter.isalpha())


def _is_latin(letter: str) -> bool:
    return letter.isascii() or unicodedata.name(letter, "").startswith(("LATIN", "MODIFIER", "MASCULINE", "FEMININE"))
