"""Passwords: long, not guessable, kept as argon2id hashes; no rules about kinds of characters (NIST SP 800-63B)."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from marketplace.core.text import N_

SHORTEST = 12
LONGEST = 256
# argon2id as OWASP's password storage sheet advises for small servers: 19 MiB, two passes, one lane.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_COMMON = Path(__file__).parent.parent / "data" / "common_passwords.txt"
_SITE_WORDS = ("marketplace", "facet", "pact", "moyo", "gems", "gemstone", "gold", "cooperative")
_LOOKALIKES = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"})
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "azertyuiop", "qwertzuiop", "abcdefghijklmnopqrstuvwxyz", "0123456789")
# So many characters must be left when guessable words are taken out.
_OWN_CHARACTERS = 6

TOO_SHORT = N_("Use at least %(least)s characters. Three or four unrelated words make a good password.")
TOO_LONG = N_("Use at most %(most)s characters.")
GUESSABLE = N_("This password is easy to guess. Use three or four unrelated words.")
PERSONAL = N_("Leave your name, your e-mail address and the name of this site out of the password.")


def normal(password: str) -> str:
    """Return one spelling of what was typed, so that every keyboard opens the same lock."""
    return unicodedata.normalize("NFC", password)


def weakness(password: str, *, personal: Iterable[str]) -> str | None:
    """Return the msgid of why a password is refused, or None; `personal` are the person's name and addresses."""
    text = normal(password)
    if len(text) < SHORTEST:
        return TOO_SHORT
    if len(text) > LONGEST:
        return TOO_LONG
    plain = text.casefold()
    if _is_common(plain) or _is_pattern(plain):
        return GUESSABLE
    if _left_without(plain, (*_words_of(personal), *_SITE_WORDS)) < _OWN_CHARACTERS:
        return PERSONAL
    return None


def hash_password(password: str) -> str:
    """Return the argon2id hash of a password."""
    return _HASHER.hash(normal(password))


def verify(stored: str | None, password: str) -> bool:
    """Tell whether the password fits; without a stored hash the same work is done in vain (even timing)."""
    text = normal(password[: LONGEST + 1])
    try:
        return _HASHER.verify(stored or _dummy(), text) and stored is not None
    except (VerifyMismatchError, InvalidHashError):
        return False


def needs_rehash(stored: str) -> bool:
    """Tell whether a hash was made with older parameters."""
    return _HASHER.check_needs_rehash(stored)


@cache
def _dummy() -> str:
    return _HASHER.hash("nobody has this password")


@cache
def common_passwords() -> frozenset[str]:
    """Return the shipped list of passwords people choose most."""
    lines = _COMMON.read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def _is_common(plain: str) -> bool:
    """Find "P@ssw0rd1234!": the list's words with lookalikes, digits and marks around them, or said twice."""
    bare = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", plain)
    spelt = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", plain.translate(_LOOKALIKES))
    found = {plain, bare, bare.translate(_LOOKALIKES), spelt}
    halves = {word[: len(word) // 2] for word in found if len(word) % 2 == 0 and word[: len(word) // 2] * 2 == word}
    return not found.isdisjoint(common_passwords()) or not halves.isdisjoint(common_passwords())


def _is_pattern(plain: str) -> bool:
    """Find few characters, a short piece repeated, a walk along the alphabet, the digits or a keyboard's row."""
    if len(set(plain)) < 5:
        return True
    if any(plain == (plain[:size] * len(plain))[: len(plain)] for size in range(1, 5)):
        return True
    walks = [walk for row in _ROWS for walk in (row * 3, (row * 3)[::-1])]
    left = plain
    for size in (10, 8, 6, 4):
        for start in range(len(plain) - size + 1):
            piece = plain[start : start + size]
            if any(piece in walk for walk in walks):
                left = left.replace(piece, "")
    return len(left) < _OWN_CHARACTERS


def _words_of(personal: Iterable[str]) -> list[str]:
    words = {word for text in personal for word in re.split(r"[\W_]+", text.casefold())}
    return sorted((word for word in words if len(word) >= 4), key=len, reverse=True)


def _left_without(plain: str, words: Iterable[str]) -> int:
    for word in words:
        plain = plain.replace(word, "")
    return len(re.sub(r"[\W\d_]+", "", plain))
