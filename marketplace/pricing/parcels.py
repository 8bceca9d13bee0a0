"""What a parcel could bring when it is sorted: sums of the classes' guides, and what of the parcel they speak for."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from marketplace.core.money import Money, total
from marketplace.pricing.description import LotDescription
from marketplace.pricing.guidance import PriceRange

MOST_CLASSES: Final = 8
_TEN_THOUSANDTH: Final = 10_000


class ParcelTooHeavy(ValueError):
    """The classes weigh more than the whole parcel."""


@dataclass(frozen=True, slots=True)
class SortedClass:
    """Hold one class of a sorted parcel: whole milligrams, and its guide for all of it, None where there is none."""

    weight_mg: int
    value: PriceRange | None


@dataclass(frozen=True, slots=True)
class ParcelSum:
    """Hold what the classes with a guide bring together; weights in whole milligrams.

    `value` is None when no class has a guide. `total_mg` is of the whole parcel, sorted or not.
    """

    value: PriceRange | None
    guided_mg: int
    sorted_mg: int
    total_mg: int

    @property
    def rest_mg(self) -> int:
        """Return what was not sorted."""
        return self.total_mg - self.sorted_mg

    @property
    def guided_share(self) -> Decimal:
        """Return the share of the whole weight that has a guide, to four decimals, rounded down: 1 means all of it."""
        return Decimal(self.guided_mg * _TEN_THOUSANDTH // self.total_mg).scaleb(-4)


@dataclass(frozen=True, slots=True)
class Gain:
    """Say by how much sorting raises the middle of the guide; `is_least` when parts of the parcel have no guide."""

    amount: Money
    is_least: bool


def summed(classes: Sequence[SortedClass], *, total_mg: int | None = None) -> ParcelSum:
    """Return the sum of the classes; raises ParcelTooHeavy when they weigh more than the parcel.

    Without a total the classes are the whole parcel.
    """
    sorted_mg = sum(each.weight_mg for each in classes)
    whole_mg = sorted_mg if total_mg is None else total_mg
    if sorted_mg > whole_mg:
        raise ParcelTooHeavy(f"{sorted_mg} mg in classes of a parcel of {whole_mg} mg")
    return ParcelSum(
        value=_sum_of([each.value for each in classes if each.value is not None]),
        guided_mg=sum(each.weight_mg for each in classes if each.value is not None),
        sorted_mg=sorted_mg,
        total_mg=whole_mg,
    )


def gain(parcel: ParcelSum, unsorted: PriceRange | None) -> Gain | None:
    """Return what sorting adds to the unsorted parcel's middle, or None when that is not known.

    Where only a part has a guide, its value is a least sum: it tells of a gain when it is above the whole unsorted
    parcel's value, and of nothing when it is not.
    """
    if parcel.value is None or unsorted is None:
        return None
    more = parcel.value.middle - unsorted.middle
    is_least = parcel.guided_mg < parcel.total_mg
    return None if is_least and more.minor <= 0 else Gain(more, is_least)


def as_it_came(classes: Sequence[LotDescription], *, total_mg: int) -> LotDescription | None:
    """Return the parcel as one unsorted lot, or None when its classes are not of one kind of stone.

    It is of the grade that most of the weight has, and of as many pieces as the classes and, by their average weight,
    the rest hold.
    """
    kinds = {(each.variety, each.form, each.treatment, each.origin_country) for each in classes}
    sorted_mg, pieces = sum(each.weight_mg for each in classes), sum(each.pieces for each in classes)
    whole = max(round(Fraction(pieces * total_mg, sorted_mg)), pieces) if classes else 0
    if len(kinds) != 1 or whole < 2:
        return None
    by_grade: Counter[str | None] = Counter()
    for each in classes:
        by_grade[each.grade] += each.weight_mg
    variety, form, treatment, country = kinds.pop()
    return LotDescription(
        kind="gem",
        form=form,
        origin_country=country,
        weight_mg=total_mg,
        pieces=whole,
        variety=variety,
        treatment=treatment,
        grade=by_grade.most_common(1)[0][0],
        parcel="run_of_mine",
    )


def _sum_of(values: Sequence[PriceRange]) -> PriceRange | None:
    if not values:
        return None
    low, middle, high = (
        total(amounts, currency="USD")
        for amounts in zip(*((value.low, value.middle, value.high) for value in values), strict=True)
    )
    return PriceRange(low, middle, high)
