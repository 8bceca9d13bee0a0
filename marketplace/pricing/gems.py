"""Value of coloured stones from a price book: bands in US dollars per carat, no interpolation, no invented number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final

from marketplace.core.money import Money
from marketplace.core.weight import MG_PER_CARAT
from marketplace.pricing.description import LotDescription

# A band that names no treatment is for stones as the trade expects them. Filled, diffused, dyed and coated stones are
# worth a fraction, so such a band never speaks for them; an unknown treatment is assumed to be the usual one.
ORDINARY_TREATMENTS: Final = frozenset({"N", "E", "H", "R", "UNK"})


@dataclass(frozen=True, slots=True)
class Band:
    """Hold a row of a price book: US cents per carat from `weight_from_ct` up to but not at `weight_to_ct` a stone."""

    id: str
    variety: str
    form: str
    grade: str
    weight_from_ct: Decimal
    weight_to_ct: Decimal
    low_minor_per_ct: int
    high_minor_per_ct: int
    treatment: str | None = None
    origin: str | None = None
    evidence: str = "unverified"
    source: str = ""
    dated: date | None = None

    def __post_init__(self) -> None:
        if not 0 < self.low_minor_per_ct <= self.high_minor_per_ct:
            raise ValueError("a band runs from a price above zero to one not below it")
        if not 0 <= self.weight_from_ct < self.weight_to_ct:
            raise ValueError("a band covers some weight")

    @property
    def is_verified(self) -> bool:
        """Say whether the band's prices were checked."""
        return self.evidence == "verified"

    @property
    def middle_minor_per_ct(self) -> Fraction:
        """Return half way between low and high, exactly."""
        return Fraction(self.low_minor_per_ct + self.high_minor_per_ct, 2)


def band_for(description: LotDescription, bands: Sequence[Band]) -> Band | None:
    """Return the band that fits best (named treatment, then named origin), or None: then there is not enough data.

    The weight that counts is that of the average stone.
    """
    fitting = [band for band in bands if _fits(description, band)]
    if not fitting:
        return None
    return max(fitting, key=lambda band: (band.treatment is not None, band.origin is not None, band.id))


def for_the_lot(minor_per_ct: Fraction | int, weight_mg: int) -> Money:
    """Return the value of a weight at US cents per carat, rounded once, half to even."""
    return Money(round(Fraction(minor_per_ct) * weight_mg / MG_PER_CARAT), "USD")


def _fits(description: LotDescription, band: Band) -> bool:
    return (
        (band.variety, band.form, band.grade) == (description.variety, description.form, description.grade)
        and _treatment_fits(description.treatment, band.treatment)
        and band.origin in {None, description.origin_country}
        and _weight_fits(description, band)
    )


def _treatment_fits(treatment: str | None, of_band: str | None) -> bool:
    if of_band is not None:
        return treatment == of_band
    return treatment is None or treatment in ORDINARY_TREATMENTS


def _weight_fits(description: LotDescription, band: Band) -> bool:
    carats_a_piece = Fraction(description.weight_mg, description.pieces * MG_PER_CARAT)
    return Fraction(band.weight_from_ct) <= carats_a_piece < Fraction(band.weight_to_ct)
