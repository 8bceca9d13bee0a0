"""How well names are matched, and how fast: `make bench-screening` or `python -m benchmarks.screening`.

Reads the shipped pairs (tests/data/screening/pairs.csv): spellings of one name that must be found, and near misses
that should not. Prints recall and precision, by kind of difference, with every pair that went wrong. Then times one
name against 20,000 made-up entries. Fails below the floors or beyond the budget.
"""

import argparse
import csv
import os
import platform
import random
import sys
from collections import Counter, defaultdict
from pathlib import Path
from statistics import median
from time import process_time
from typing import Final, NamedTuple

from marketplace.screening.blocking import keys_of_entry, keys_of_name
from marketplace.screening.entries import Entry, EntryKind, Name, NameKind
from marketplace.screening.matching import HIT, Subject, compare, likeness
from marketplace.screening.names import Party

PAIRS: Final = Path(__file__).parent.parent / "tests" / "data" / "screening" / "pairs.csv"
RECALL_FLOOR: Final = 0.95
PRECISION_FLOOR: Final = 0.90
ENTRIES: Final = 20_000
BUDGET_MS: Final = 50
_LOOKS: Final = 60
_SYLLABLES: Final = [first + vowel + last for first in "bdfgklmnrstvz" for vowel in "aeiou" for last in ("", "n", "r")]


class Pair(NamedTuple):
    """Two spellings, and whether they are one name."""

    same: bool
    kind: str
    party: Party
    left: str
    right: str

    @property
    def is_found(self) -> bool:
        """Say whether a person would see it: the score is high enough, and the search for candidates finds it."""
        wanted, needed = keys_of_name(self.left, self.party)
        shared = len({*wanted} & {*keys_of_entry([self.right], self.party)})
        return shared >= min(needed, _fewest(self.right, self.party)) and self.score >= HIT

    @property
    def score(self) -> int:
        """Return the score of the names alone."""
        return likeness(self.left, self.right, self.party)


class Result(NamedTuple):
    """What came of all pairs."""

    pairs: tuple[Pair, ...]
    found: tuple[bool, ...]

    @property
    def recall(self) -> float:
        """Return the share of the same names that are found."""
        hits = sum(found for pair, found in zip(self.pairs, self.found, strict=True) if pair.same)
        return hits / sum(pair.same for pair in self.pairs)

    @property
    def precision(self) -> float:
        """Return the share of the found pairs that are the same name."""
        hits = sum(found for pair, found in zip(self.pairs, self.found, strict=True) if pair.same)
        return hits / sum(self.found)


def read_pairs() -> tuple[Pair, ...]:
    """Return the shipped pairs."""
    with PAIRS.open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source, strict=True))
    return tuple(Pair(r["truth"] == "same", r["kind"], Party(r["party"]), r["left"], r["right"]) for r in rows)


def measured() -> Result:
    """Compare every pair."""
    pairs = read_pairs()
    return Result(pairs, tuple(pair.is_found for pair in pairs))


def main() -> int:
    """Print machine, figures and what went wrong; return 1 below a floor or beyond the budget."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--pairs", action="store_true", help="print every pair with its score")
    every = arguments.parse_args().pairs
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    result = measured()
    _print_kinds(result)
    for pair, found in zip(result.pairs, result.found, strict=True):
        if every or found != pair.same:
            verdict = "right" if found == pair.same else "MISSED" if pair.same else "STRANGER"
            print(f"  {verdict:8} {pair.score:4} {pair.kind:12} {pair.left} | {pair.right}")
    print(
        f"recall {result.recall:.3f} (floor {RECALL_FLOOR}), precision {result.precision:.3f} (floor {PRECISION_FLOOR})"
    )
    cost = milliseconds()
    print(f"one name against {ENTRIES} entries: {cost:.1f} ms, {cost / BUDGET_MS:.2f} of the budget of {BUDGET_MS} ms")
    return 0 if result.recall >= RECALL_FLOOR and result.precision >= PRECISION_FLOOR and cost <= BUDGET_MS else 1


def milliseconds() -> float:
    """Return what one name costs against ENTRIES entries: the candidates and their comparison, the median of many."""
    dice = random.Random(7)  # noqa: S311 -- made-up names, nothing secret
    words = _words(dice)
    entries = [_entry(number, dice, words) for number in range(ENTRIES)]
    index: defaultdict[str, list[int]] = defaultdict(list)
    for place, entry in enumerate(entries):
        for key in keys_of_entry([name.text for name in entry.names], Party.PERSON):
            index[key].append(place)
    times = []
    for _look in range(_LOOKS):
        subject = Subject(Party.PERSON, (_name(dice, words),), 1970, ("TZ",))
        started = process_time()
        _search(subject, entries, index)
        times.append(1000 * (process_time() - started))
    return median(times)


def _search(subject: Subject, entries: list[Entry], index: defaultdict[str, list[int]]) -> int:
    keys, needed = keys_of_name(subject.names[0], subject.party)
    shared = Counter(place for key in keys for place in index.get(key, ()))
    return sum(compare(subject, entries[place]) is not None for place, count in shared.items() if count >= needed)


def _entry(number: int, dice: random.Random, words: list[str]) -> Entry:
    names = tuple(Name(_name(dice, words), NameKind.ALIAS) for _each in range(dice.randint(1, 5)))
    return Entry(str(number), EntryKind.PERSON, names, (str(dice.randint(1940, 2000)),), ("TZ",))


def _words(dice: random.Random) -> list[str]:
    """Return made-up words beside those of the pairs; a few are common, as Mohammed and Ali are on real lists."""
    known = sorted({word for pair in read_pairs() for word in (*pair.left.split(), *pair.right.split())})
    made = ["".join(dice.choice(_SYLLABLES) for _each in range(dice.randint(2, 4))) for _word in range(8_000)]
    return [*known * 3, *made, *["Mohammed", "Ali", "Ahmed", "Hassan", "Ivan"] * 60]


def _name(dice: random.Random, words: list[str]) -> str:
    return " ".join(dice.choice(words) for _each in range(dice.randint(2, 4)))


def _fewest(text: str, party: Party) -> int:
    """Return how many sounds a name has at most: a company with one word of its own is found by it alone."""
    return keys_of_name(text, party)[1] if party is Party.COMPANY else 2


def _print_kinds(result: Result) -> None:
    counts: dict[tuple[bool, str], list[int]] = {}
    for pair, found in zip(result.pairs, result.found, strict=True):
        right = counts.setdefault((pair.same, pair.kind), [0, 0])
        right[0] += found == pair.same
        right[1] += 1
    for (same, kind), (right, of) in counts.items():
        print(f"{'same name' if same else 'near miss':9} {kind:12} {right} of {of} right")


if __name__ == "__main__":
    sys.exit(main())
