"""How near a name is to a listed one: words are paired, leftovers cost, birth year and country raise or lower. Pure.

Everything is in thousandths. The figures were chosen on the shipped pairs (`python -m benchmarks.screening`).
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Final, NamedTuple

from rapidfuzz.distance import Indel

from marketplace.screening.entries import Entry, EntryKind, Name, NameKind
from marketplace.screening.names import Party, Reading, Word, read_name

# From here a person looks at it. Lower brings mostly strangers, higher loses spellings (see docs/screening.md).
HIT: Final = 860
# From here it is almost surely the same name: the queue shows it first.
STRONG: Final = 950
# Two words nearer than this are one; Hassan and Hussein are 760, Shevchenko and Chevtchenko 883.
SAME_WORD: Final = 850
# Without vowels much is alike: consonants must agree almost wholly.
SAME_BONES: Final = 850
# A first letter agrees with a name, but says less.
SAME_INITIAL: Final = 900
# Names written together or apart count when almost every letter agrees.
SAME_JOINED: Final = 970
_JOINED_COST: Final = 20
# A middle name that one side leaves out is usual; words that both sides have of their own speak against it.
_EXTRA_OF_PERSON, _OTHER_OF_PERSON = 60, 250
# A company's further word is mostly another company.
_EXTRA_OF_COMPANY, _OTHER_OF_COMPANY = 150, 300
# The publisher itself warns of weak aliases.
_WEAK_COST: Final = 40
# Evidence beside the name. Together it never hides a name that is the same: 1000 - 100 is above HIT.
_BIRTH_AGREES, _BIRTH_DIFFERS = 40, -80
_COUNTRY_AGREES, _COUNTRY_DIFFERS = 30, -40
_LOWEST_EVIDENCE: Final = -100
# Lists often say circa, and people of no papers do not know better.
_NEAR_YEARS, _FAR_YEARS = 1, 3


class Agreement(StrEnum):
    """What birth years or countries of both sides say."""

    AGREES = "agrees"
    DIFFERS = "differs"
    UNKNOWN = "unknown"


class Subject(NamedTuple):
    """Whose name is compared: `names` in any script, a birth year or None, countries by their codes."""

    party: Party
    names: tuple[str, ...]
    birth_year: int | None = None
    countries: tuple[str, ...] = ()


class Hit(NamedTuple):
    """Why a listed party looks like a subject: both names, the score of the names alone and with the evidence."""

    score: int
    name_score: int
    own_name: str
    listed_name: str
    birth: Agreement
    country: Agreement


def compare(subject: Subject, entry: Entry) -> Hit | None:
    """Return the best likeness of a subject and an entry, or None when it is below HIT."""
    if entry.kind is EntryKind.VESSEL or (subject.party is Party.PERSON and entry.kind is not EntryKind.PERSON):
        return None
    best, own, listed = _best_names(subject, entry.names)
    if best == 0:
        return None
    birth, country = _birth(subject, entry.births), _country(subject, entry.countries)
    score = min(1000, best + evidence(birth, country))
    return Hit(score, best, own, listed, birth, country) if score >= HIT else None


def evidence(birth: Agreement, country: Agreement) -> int:
    """Return by how much birth years and countries raise or lower a score."""
    of_birth = {Agreement.AGREES: _BIRTH_AGREES, Agreement.DIFFERS: _BIRTH_DIFFERS}.get(birth, 0)
    of_country = {Agreement.AGREES: _COUNTRY_AGREES, Agreement.DIFFERS: _COUNTRY_DIFFERS}.get(country, 0)
    return max(_LOWEST_EVIDENCE, of_birth + of_country)


def dismissed_by_two(score: int, birth: str, country: str) -> bool:
    """Say whether two people must dismiss a hit: one may where the name is not very near and a fact differs.

    A year of birth that differs is such a fact; a country only where the year does not agree, for people move.
    """
    contradicts = birth == Agreement.DIFFERS or (country == Agreement.DIFFERS and birth != Agreement.AGREES)
    return score >= STRONG or not contradicts


def likeness(left: str, right: str, party: Party) -> int:
    """Return how near two names are, in thousandths; nothing when they have no word in common that counts."""
    one, other = read_name(left, party), read_name(right, party)
    return max(_by_words(one.words, other.words, party), _by_letters(one, other))


def word_likeness(left: Word, right: Word) -> int:
    """Return how near two words are; nothing below SAME_WORD."""
    if left.text == right.text:
        return 1000
    if left.is_initial or right.is_initial:
        return SAME_INITIAL if left.text[:1] == right.text[:1] else 0
    if left.bare or right.bare:
        return _bare_likeness(left, right)
    score = (6 * _ratio(left.text, right.text) + 4 * _ratio(left.bones, right.bones)) // 10
    return score if score >= SAME_WORD else 0


def _best_names(subject: Subject, names: Iterable[Name]) -> tuple[int, str, str]:
    found = [
        (likeness(own, name.text, subject.party) - (_WEAK_COST if name.kind is NameKind.WEAK else 0), own, name.text)
        for name in names
        for own in subject.names
    ]
    best = max(found, default=(0, "", ""), key=lambda each: each[0])
    return best if best[0] > 0 else (0, "", "")


def _bare_likeness(left: Word, right: Word) -> int:
    bones = _ratio(left.bones, right.bones)
    if bones < SAME_BONES or min(len(left.bones), len(right.bones)) < 2:
        return 0
    return (2 * bones + _ratio(left.text, right.text)) // 3


def _by_words(left: Sequence[Word], right: Sequence[Word], party: Party) -> int:
    pairs = _paired(left, right)
    weight = sum(min(one.weight, other.weight) for one, other, _near in pairs)
    if not pairs or not weight or not _enough(left, right, pairs, party):
        return 0
    near = sum(min(one.weight, other.weight) * near for one, other, near in pairs) // weight
    rest_left = sum(word.weight for word in left) - sum(one.weight for one, _other, _near in pairs)
    rest_right = sum(word.weight for word in right) - sum(other.weight for _one, other, _near in pairs)
    both = min(rest_left, rest_right)
    extra, against = (
        (_EXTRA_OF_PERSON, _OTHER_OF_PERSON) if party is Party.PERSON else (_EXTRA_OF_COMPANY, _OTHER_OF_COMPANY)
    )
    return max(0, near - (extra * (max(rest_left, rest_right) - both) + against * both) // 100)


def _paired(left: Sequence[Word], right: Sequence[Word]) -> list[tuple[Word, Word, int]]:
    """Pair the words of both sides, the nearest first, each once."""
    near = [
        (score, place, other)
        for place, one in enumerate(left)
        for other, word in enumerate(right)
        if (score := word_likeness(one, word))
    ]
    near.sort(key=lambda each: (-each[0], each[1], each[2]))
    taken_left: set[int] = set()
    taken_right: set[int] = set()
    found = []
    for score, place, other in near:
        if place not in taken_left and other not in taken_right:
            taken_left.add(place)
            taken_right.add(other)
            found.append((left[place], right[other], score))
    return found


def _enough(left: Sequence[Word], right: Sequence[Word], pairs: list[tuple[Word, Word, int]], party: Party) -> bool:
    """Say whether enough words agree: one name of a person who has two is never enough."""
    whole = sum(not (one.is_initial or other.is_initial) for one, other, _near in pairs)
    if party is Party.COMPANY:
        return whole >= 1
    if max(len(left), len(right)) == 1:
        return whole == 1
    initials = len(pairs) - whole
    return whole >= 2 or (whole == 1 and initials >= 1 and len(pairs) == min(len(left), len(right)))


def _by_letters(left: Reading, right: Reading) -> int:
    """Return how near two names are written together, whichever word stands first."""
    if min(len(left.joined), len(right.joined)) < 1 or max(len(left.joined), len(right.joined)) < 2:
        return 0
    target = "".join(right.joined)
    turned = ("".join(left.joined[place:] + left.joined[:place]) for place in range(len(left.joined)))
    best = max(_ratio(text, target) for text in turned)
    return best - _JOINED_COST if best >= SAME_JOINED else 0


def _ratio(left: str, right: str) -> int:
    return round(1000 * Indel.normalized_similarity(left, right))


def _birth(subject: Subject, births: Sequence[str]) -> Agreement:
    years = [int(birth[:4]) for birth in births if birth[:4].isdecimal()]
    if subject.birth_year is None or not years:
        return Agreement.UNKNOWN
    apart = min(abs(subject.birth_year - year) for year in years)
    if apart <= _NEAR_YEARS:
        return Agreement.AGREES
    return Agreement.DIFFERS if apart > _FAR_YEARS else Agreement.UNKNOWN


def _country(subject: Subject, countries: Sequence[str]) -> Agreement:
    if not subject.countries or not countries:
        return Agreement.UNKNOWN
    return Agreement.AGREES if set(subject.countries) & set(countries) else Agreement.DIFFERS
