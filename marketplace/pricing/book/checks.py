"""Checks over a whole book: what overlaps, what is missing, and prices that fall where they should rise."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from marketplace.core.text import N_
from marketplace.pricing.book.proposal import GRADE_ORDER, BandProposal, Group, Placed
from marketplace.pricing.book.sheet import SheetError, dollars, plain

Step = tuple[Decimal, Decimal, Mapping[str, Placed]]


@dataclass(frozen=True, slots=True)
class Gap:
    """Name a band that is not there; `grade` is None where no grade covers the weight. Adding it closes the gap."""

    group: Group
    weight_from_ct: Decimal
    weight_to_ct: Decimal
    grade: str | None

    def __str__(self) -> str:
        variety, form, treatment, origin = self.group
        names = [variety, form, treatment or "", origin or "", self.grade or ""]
        words = " ".join(name for name in names if name)
        return f"{words} {plain(self.weight_from_ct)}-{plain(self.weight_to_ct)} ct"


@dataclass(frozen=True, slots=True)
class Oddity:
    """Name two bands of which the better (`grade`) or the heavier (`weight`) one is cheaper a carat."""

    kind: Literal["grade", "weight"]
    first: Placed
    second: Placed


def overlaps_of(placed: Iterable[Placed]) -> tuple[SheetError, ...]:
    """Return an error for each band that repeats another or shares weights with one before it."""
    earlier: dict[BandProposal, int] = {}
    furthest: dict[tuple[object, ...], Placed] = {}
    errors = []
    for each in sorted(placed, key=lambda each: (each.band.weight_from_ct, each.row)):
        band, key = each.band, (*each.band.group, each.band.grade)
        before = furthest.get(key)
        if band in earlier:
            errors.append(_clash(each, earlier[band], N_("This row repeats row %(other)s. Take one of them out.")))
        elif before is not None and band.weight_from_ct < before.band.weight_to_ct:
            words = N_("The weights overlap with row %(other)s. Let one end where the other begins.")
            errors.append(_clash(each, before.row, words))
        earlier.setdefault(band, each.row)
        if before is None or band.weight_to_ct > before.band.weight_to_ct:
            furthest[key] = each
    return tuple(sorted(errors, key=lambda error: error.row))


def gaps_of(placed: Iterable[Placed]) -> tuple[Gap, ...]:
    """Return what is missing between the lightest and the heaviest band of stones of one kind."""
    return tuple(
        Gap(group, start, end, grade)
        for group, members in _groups(placed)
        for start, end, at in _ladder(members)
        for grade in _missing(at)
    )


def oddities_of(placed: Iterable[Placed]) -> tuple[Oddity, ...]:
    """Return prices that fall with a better grade, or with a heavier stone of the same grade."""
    found: dict[Oddity, None] = {}
    for _group, members in _groups(placed):
        for _start, _end, at in _ladder(members):
            named = [at[grade] for grade in GRADE_ORDER if grade in at]
            found |= {Oddity("grade", *pair): None for pair in pairwise(named) if _falls(*pair)}
        for grade in GRADE_ORDER:
            of_grade = sorted((each for each in members if each.band.grade == grade), key=_start_of)
            found |= {Oddity("weight", *pair): None for pair in pairwise(of_grade) if _falls(*pair)}
    return tuple(found)


def _clash(each: Placed, other: int, message: str) -> SheetError:
    band = each.band
    text = f"{plain(band.weight_from_ct)}-{plain(band.weight_to_ct)} ct, {dollars(band.low_minor_per_ct)}"
    return SheetError(each.row, "weight_from_ct", text, message, {"other": other})


def _groups(placed: Iterable[Placed]) -> Iterator[tuple[Group, Sequence[Placed]]]:
    found: dict[Group, list[Placed]] = {}
    for each in placed:
        found.setdefault(each.band.group, []).append(each)
    yield from found.items()


def _ladder(members: Sequence[Placed]) -> list[Step]:
    """Return the weight steps between all ends of the bands, each with the band of every grade there.

    Where bands of a grade overlap (an error told elsewhere), the first keeps the weights it covers.
    """
    ends = sorted({end for each in members for end in (each.band.weight_from_ct, each.band.weight_to_ct)})
    place = {end: number for number, end in enumerate(ends)}
    at: list[dict[str, Placed]] = [{} for _ in ends[1:]]
    filled_to: dict[str, int] = {}
    for each in sorted(members, key=_start_of):
        grade = each.band.grade
        first = max(place[each.band.weight_from_ct], filled_to.get(grade, 0))
        last = place[each.band.weight_to_ct]
        for number in range(first, last):
            at[number][grade] = each
        filled_to[grade] = max(last, filled_to.get(grade, 0))
    return [(start, end, grades) for (start, end), grades in zip(pairwise(ends), at, strict=True)]


def _missing(at: Mapping[str, Placed]) -> Sequence[str | None]:
    return [grade for grade in GRADE_ORDER if grade not in at] if at else [None]


def _falls(first: Placed, second: Placed) -> bool:
    low, high = first.band.low_minor_per_ct, first.band.high_minor_per_ct
    return second.band.low_minor_per_ct < low or second.band.high_minor_per_ct < high


def _start_of(each: Placed) -> tuple[Decimal, int]:
    return (each.band.weight_from_ct, each.row)
