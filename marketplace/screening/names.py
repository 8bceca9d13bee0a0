"""Take names apart into words that can be compared: Latin letters, no accents, one spelling for each sound. Pure."""

import re
from enum import StrEnum
from functools import lru_cache
from typing import Final, NamedTuple

from anyascii import anyascii

from marketplace.screening.native import is_vowelless
from marketplace.screening.spellings import LEGAL_FORMS, MOHAMMED, MOHAMMED_IS, ONE_SPELLING, PARTICLES, TRADES

# A longer name is cut: no name of a person or company has more words that matter.
MOST_WORDS: Final = 12
LONGEST: Final = 300
# How much a word counts, in hundredths of a whole word.
WHOLE, INITIAL, TRADE = 100, 50, 25
_VOWELS: Final = str.maketrans("", "", "aeiou")
_APOSTROPHES: Final = re.compile(r"['’‘`ʼʻʿʾ\"]")
_DOTTED: Final = re.compile(r"\b(?:\w\.){2,}(?:\w\b)?")
_WORD: Final = re.compile(r"[^\W_]+")
_CAPITALS: Final = re.compile(r"[A-Z][a-z]*")
_ABD: Final = re.compile(r"abd(?:oul|our|al|ul|el|ol|ur|er|ar|ou|o|e|u|a|i)?(\w{3,})")
_SERVANT: Final = frozenset(("abd", "abdul", "abdel", "abdal", "abdoul", "abdol", "abdur", "abder", "abdu"))
_FATHER: Final = frozenset(("abu", "abou", "abo"))
_ARTICLES: Final = frozenset(("al", "el", "ul", "ar", "ur", "er", "as", "ad", "an", "az"))
# From the longest to the shortest: how one sound is written in several habits.
_SOUNDS: Final = (
    (re.compile("shch|schtsch"), "shch"),
    (re.compile("tsch|tch|cz"), "ch"),
    (re.compile("sch"), "sh"),
    (re.compile("dzh|dj|zh"), "j"),
    (re.compile("chr"), "kr"),
    (re.compile("kh"), "h"),
    (re.compile("gh|gu(?=[ei])"), "g"),
    (re.compile("ph"), "f"),
    (re.compile("th"), "t"),
    (re.compile("dh"), "d"),
    (re.compile("ck|q"), "k"),
    (re.compile("x"), "ks"),
    (re.compile("c(?=[eiy])"), "s"),
    (re.compile("c(?!h)"), "k"),
    (re.compile("z"), "s"),
    (re.compile("w"), "v"),
    (re.compile("ou|oo|ue|oe"), "u"),
    (re.compile("ae"), "a"),
    (re.compile("ee"), "i"),
    (re.compile("y|(?<=[aeiou])j"), "i"),
    (re.compile("ff?$"), "v"),
    (re.compile("o"), "u"),
    (re.compile("e"), "i"),
    (re.compile(r"(.)\1+"), r"\1"),
    (re.compile("(?<=..)ah$"), "a"),
    # Swahili, Hausa and French put a vowel behind a name that ends in a consonant.
    (re.compile("(?<=...[^aiu])[iu]$"), ""),
)
_LETTERS: Final = {"q": "k", "c": "k", "x": "k", "w": "v", "y": "i", "o": "u", "e": "i", "z": "s"}
# Alrashid is al Rashid; Alvarez loses its first letters on both sides, which does no harm.
_ARTICLE: Final = re.compile(r"[ae]l(?=[bcdfghjkmnpqrstvwxz]\w{4})")
_KEYS: Final = str.maketrans("bpfvkgqcszjdtlrmn", "11112223333445677")


class Party(StrEnum):
    """Whose name it is: words of a company weigh otherwise than those of a person."""

    PERSON = "person"
    COMPANY = "company"


class Word(NamedTuple):
    """One word. `bones` are its consonants; `weight` is in hundredths; `bare` means its script writes no vowels."""

    text: str
    bones: str
    weight: int
    bare: bool = False

    @property
    def is_initial(self) -> bool:
        """Say whether only the first letter is known."""
        return len(self.text) == 1


class Reading(NamedTuple):
    """A name as it is compared: its words, and all of it written together."""

    words: tuple[Word, ...]
    joined: tuple[str, ...]


@lru_cache(maxsize=50_000)
def read_name(text: str, party: Party) -> Reading:
    """Return the words of a name in any script; no word when it has no letter.

    A name without a whole word of its own (General Trading LLC) is known by the best words it has.
    """
    found = _joined_up(_pieces(text[:LONGEST], party))[:MOST_WORDS]
    counted = [(word, bare, WHOLE if bare else _weight(word, party)) for word, bare in found]
    if not any(weight == WHOLE for _word, _bare, weight in counted):
        best = max((weight for _word, _bare, weight in counted), default=0)
        counted = [(word, bare, WHOLE if weight == best else weight) for word, bare, weight in counted]
    words = tuple(made_word(word, weight=weight, bare=bare) for word, bare, weight in counted if weight)
    return Reading(words, tuple(fold(word, bare) for word, bare, weight in counted if weight or party is Party.PERSON))


def made_word(text: str, *, weight: int = WHOLE, bare: bool = False) -> Word:
    """Return a word of Latin letters as it is compared."""
    folded = fold(text, bare)
    return Word(folded, folded.translate(_VOWELS), weight, bare)


@lru_cache(maxsize=100_000)
def fold(word: str, bare: bool = False) -> str:  # noqa: FBT001, FBT002 -- a cached function takes its arguments by place
    """Return a word with one letter for each sound, whichever habit it was written in.

    In a `bare` word every letter stands for itself, because no vowel tells which ones belong together.
    """
    if len(word) == 1:
        return _LETTERS.get(word, word)
    if MOHAMMED.fullmatch(word):
        word = MOHAMMED_IS
    word = ONE_SPELLING.get(word, word)
    if (servant := _ABD.fullmatch(word)) is not None:
        word = "abd" + servant[1]
    if bare:
        plain = "".join(_LETTERS.get(letter, letter) for letter in word.replace("kh", "h"))
        return plain.removesuffix("f") + "v" if plain.endswith("f") else plain
    if _ARTICLE.match(word):
        word = word[2:]
    for sound, letter in _SOUNDS:
        word = sound.sub(letter, word)
    return word


def key_of(word: Word) -> str:
    """Return a rough sound of a word, the same for spellings that could match: the classes of its consonants."""
    return _sounds_of(word.text)


def _sounds_of(text: str) -> str:
    classes = [letter for letter in text.translate(_KEYS) if letter.isdecimal()]
    kept = [letter for place, letter in enumerate(classes) if place == 0 or letter != classes[place - 1]]
    return "".join(kept)[:4] or text


def _weight(word: str, party: Party) -> int:
    if party is Party.COMPANY:
        return 0 if word in LEGAL_FORMS else TRADE if word in TRADES else WHOLE
    if word in PARTICLES:
        return 0
    return INITIAL if len(word) == 1 else WHOLE


def _pieces(text: str, party: Party) -> list[tuple[str, bool]]:
    """Return the words in small Latin letters, each with whether its script leaves out vowels."""
    text = _APOSTROPHES.sub("", text)
    if party is Party.COMPANY:
        text = _DOTTED.sub(lambda found: found[0].replace(".", ""), text)
    found: list[tuple[str, bool]] = []
    for piece in _WORD.findall(text):
        if is_vowelless(piece):
            found.append((_bare(piece), True))
        else:
            found.extend((word, False) for word in _latin(piece))
    return [(word, bare) for word, bare in found if word]


def _latin(piece: str) -> list[str]:
    """Return a piece in Latin letters; scripts that write a syllable in one sign are split at the syllables."""
    plain = _APOSTROPHES.sub("", anyascii(piece))
    if not piece.isascii() and not any(letter.islower() or letter.isupper() for letter in piece):
        return [part.lower() for part in _CAPITALS.findall(plain)] or [plain.lower()]
    return ["".join(letter for letter in plain.lower() if letter.isalnum())]


def _bare(piece: str) -> str:
    """Return an Arabic or Hebrew word by its consonants, without the article; long vowels stay as i and u."""
    if piece.startswith("ال") and len(piece) > 4:
        piece = piece[2:]
    piece = piece.removesuffix("ة")
    plain = "".join(letter for letter in anyascii(piece).lower() if letter.isalnum())
    return plain.replace("w", "u").replace("y", "i")


def _joined_up(pieces: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """Join what belongs together: Abd al Rahman, Abu Bakr."""
    found: list[tuple[str, bool]] = []
    place = 0
    while place < len(pieces):
        word, bare = pieces[place]
        place += 1
        if word in _SERVANT or (bare and word == "bd"):
            while place < len(pieces) - 1 and pieces[place][0] in _ARTICLES:
                place += 1
            if place < len(pieces):
                word, place = "abd" + pieces[place][0], place + 1
        elif word in _FATHER and place < len(pieces):
            word, place = "abu" + pieces[place][0], place + 1
        found.append((word, bare))
    return found
