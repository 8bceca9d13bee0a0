"""Weights as whole milligrams, with exact factors to the units people weigh in."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Final, Literal

Unit = Literal["g", "ct", "kg", "tola", "ozt"]

MG_PER_CARAT: Final = 200  # the metric carat, exact by definition
MG_PER_GRAM: Final = 1000
TROY_OUNCE_MG: Final = Decimal("31103.4768")  # 480 grains of 64.79891 mg, exact by definition
TOLA_MG: Final = Decimal("11663.8038")  # 180 grains, exact; bazaars also use a tola of 11.4 g

MG_PER_UNIT: Final[Mapping[str, Decimal]] = MappingProxyType(
    {
        "g": Decimal(MG_PER_GRAM),
        "ct": Decimal(MG_PER_CARAT),
        "kg": Decimal(1_000_000),
        "tola": TOLA_MG,
        "ozt": TROY_OUNCE_MG,
    }
)

# One thousand tonnes: far above any lot, far below what a bigint column holds.
HEAVIEST_MG: Final = 10**12
_DISPLAY_STEP: Final = Decimal("0.000001")


class UnknownUnit(ValueError):
    """A unit of weight that the marketplace does not know."""


def to_mg(weight: Decimal, unit: str) -> int:
    """Return a weight in whole milligrams.

    Grams to 0.001, carats to 0.005 and kilograms to 0.000001 are exact; finer digits, tolas and troy ounces are
    rounded once, half to even, to 1 mg. Raises ValueError when negative, not finite or above one thousand tonnes.
    """
    if not weight.is_finite() or weight < 0:
        raise ValueError("a weight is a finite number and not below zero")
    milligrams = round(Fraction(weight) * Fraction(_mg_per(unit)))
    if milligrams > HEAVIEST_MG:
        raise ValueError("the weight is above one thousand tonnes")
    return milligrams


def from_mg(weight_mg: int, unit: str) -> Decimal:
    """Return milligrams in another unit: exact in g, ct and kg; to a millionth, half to even, in tola and ozt."""
    exact = Fraction(weight_mg) / Fraction(_mg_per(unit))
    return (Decimal(round(exact / Fraction(_DISPLAY_STEP))) * _DISPLAY_STEP).normalize() + 0


def fine_mass_g(weight_mg: int, fineness_permille: Decimal) -> Fraction:
    """Return the exact grams of pure metal in a gross weight at a fineness in parts per thousand."""
    if not 0 < fineness_permille <= 1000:
        raise ValueError("fineness is above 0 and at most 1000 parts per thousand")
    return Fraction(weight_mg, MG_PER_GRAM) * Fraction(fineness_permille) / 1000


def _mg_per(unit: str) -> Decimal:
    if unit not in MG_PER_UNIT:
        raise UnknownUnit(f"unknown unit of weight: {unit!r}")
    return MG_PER_UNIT[unit]
