"""How much the price of one stone says about another: one for the same, nothing for another kind of goods."""

from fractions import Fraction
from typing import Final

from marketplace.pricing.description import GRADES, LotDescription

_SAME: Final = ("kind", "variety", "form", "treatment")
_OTHER_ORIGIN: Final = Fraction(4, 5)
# By how many grades apart.
_GRADES_APART: Final = (Fraction(1), Fraction(1, 4), Fraction(0), Fraction(0))
# Price per carat climbs with size: a stone under half or over twice as heavy says nothing.
_SMALLEST_RATIO: Final = Fraction(1, 2)
_NOTHING: Final = Fraction(0)


def likeness(wanted: LotDescription, sold: LotDescription) -> Fraction:
    """Return what a sold lot counts for a wanted one, from 0 (says nothing) to 1.

    Variety, form, treatment and parcel must be the same; size, grade and origin may differ a little.
    """
    if any(getattr(wanted, name) != getattr(sold, name) for name in _SAME) or parcel_of(wanted) != parcel_of(sold):
        return _NOTHING
    origin = Fraction(1) if wanted.origin_country == sold.origin_country else _OTHER_ORIGIN
    return _of_size(wanted, sold) * _of_grade(wanted.grade, sold.grade) * origin


def parcel_of(description: LotDescription) -> str:
    """Return how the pieces belong together; where nobody said, one piece is single and several are sorted.

    Matched, sorted and run-of-mine parcels differ in price many times over, so none speaks for another.
    """
    return description.parcel or ("single" if description.pieces == 1 else "sorted")


def _of_size(wanted: LotDescription, sold: LotDescription) -> Fraction:
    one = Fraction(wanted.weight_mg, wanted.pieces)
    other = Fraction(sold.weight_mg, sold.pieces)
    ratio = min(one, other) / max(one, other)
    return ratio if ratio >= _SMALLEST_RATIO else _NOTHING


def _of_grade(wanted: str | None, sold: str | None) -> Fraction:
    if wanted not in GRADES or sold not in GRADES:
        return _NOTHING
    return _GRADES_APART[abs(GRADES.index(wanted) - GRADES.index(sold))]
