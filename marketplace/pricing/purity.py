"""Purity of gold by the water test: weigh in air, weigh in water, and say how sure that is.

density d = m_air ÷ (m_air - m_water) × density of water at its temperature;
gold share by mass = 19.32 (d - ρ) ÷ (d (19.32 - ρ)), with ρ the density of the alloying metal in g/cm³.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Final

from marketplace.core.errors import DomainError
from marketplace.core.text import N_

GOLD: Final = Fraction("19.32")  # g/cm³ at room temperature
SILVER: Final = Fraction("10.49")
COPPER: Final = Fraction("8.96")

# Density of water in g/cm³, CIPM 2001 to five decimals; between two temperatures the line.
_WATER: Final = tuple(
    (temperature, Fraction(density))
    for temperature, density in (
        (0, "0.99984"), (5, "0.99997"), (10, "0.99970"), (15, "0.99910"), (20, "0.99821"),
        (25, "0.99705"), (30, "0.99565"), (35, "0.99403"), (40, "0.99222"),
    )
)  # fmt: skip


class ReadingRefused(DomainError):
    """The two weighings cannot be gold in water; the message names the likely cause."""

    code = "reading_refused"
    message = N_("These two weights cannot be right. Weigh again.")


@dataclass(frozen=True, slots=True)
class WaterTest:
    """Hold a water test's result: density in g/cm³ to four decimals, fineness in whole parts per thousand.

    `all_silver`, `half`, `all_copper` are the fineness if the rest is silver, half and half by mass, or copper;
    `low` and `high` widen that by the resolution of the balance.
    """

    density: Decimal
    all_silver: int
    half: int
    all_copper: int
    low: int
    high: int


def water_density(celsius: Decimal) -> Fraction:
    """Return the density of water in g/cm³ between 0 and 40 °C."""
    if not 0 <= celsius <= 40:
        raise ReadingRefused(N_("The water should be between 0 and 40 degrees Celsius."))
    exact = Fraction(celsius)
    for (cooler, dense), (warmer, light) in pairwise(_WATER):
        if exact <= warmer:
            return dense + (light - dense) * (exact - cooler) / (warmer - cooler)
    raise AssertionError("unreachable: the table ends at 40 °C")  # pragma: no cover


def water_test(
    air_g: Decimal, water_g: Decimal, *, celsius: Decimal = Decimal(25), resolution_g: Decimal = Decimal("0.01")
) -> WaterTest:
    """Return the fineness range of a piece from its weights in air and in water, in grams.

    `resolution_g` is the balance's smallest step: each of the two readings may be off by half of it, so the loss in
    water by a whole one. Raises ReadingRefused.
    """
    _check_readings(air_g, water_g, resolution_g)
    water = water_density(celsius)
    density = _density(Fraction(air_g), Fraction(water_g), water)
    _check_density(density)
    error = Fraction(resolution_g)
    # The density is lowest when the loss in water is read too large, and highest when it is read too small.
    lightest = _density(Fraction(air_g), Fraction(water_g) - error, water)
    loss = Fraction(air_g) - Fraction(water_g) - error
    densest = min(Fraction(air_g) / loss * water, GOLD) if loss > 0 else GOLD
    return WaterTest(
        density=Decimal(round(density * 10_000)).scaleb(-4),
        all_silver=_permille(density, SILVER),
        half=_permille(density, _mixed(SILVER, COPPER)),
        all_copper=_permille(density, COPPER),
        low=_permille(lightest, SILVER),
        high=_permille(densest, COPPER),
    )


def _density(air: Fraction, in_water: Fraction, water: Fraction) -> Fraction:
    return air / (air - in_water) * water


def _mixed(one: Fraction, other: Fraction) -> Fraction:
    # Half and half by mass: the volumes add, so the densities meet in the harmonic mean.
    return 2 / (1 / one + 1 / other)


def _permille(density: Fraction, alloy: Fraction) -> int:
    share = GOLD * (density - alloy) / (density * (GOLD - alloy))
    return min(max(round(share * 1000), 0), 1000)


def _check_readings(air_g: Decimal, water_g: Decimal, resolution_g: Decimal) -> None:
    if not all(reading.is_finite() for reading in (air_g, water_g, resolution_g)) or air_g <= 0 or resolution_g <= 0:
        raise ReadingRefused(N_("Enter the weight in air and the weight in water in grams, both above zero."))
    if water_g >= air_g:
        raise ReadingRefused(
            N_("A piece weighs less in water than in air. Perhaps the two weights are the wrong way round.")
        )
    if water_g <= 0:
        raise ReadingRefused(N_("Enter the weight in air and the weight in water in grams, both above zero."))


def _check_density(density: Fraction) -> None:
    if density > GOLD:
        raise ReadingRefused(
            N_("This is heavier than pure gold. Perhaps the piece touched the bottom: hang it free and weigh again.")
        )
    if density <= SILVER:
        raise ReadingRefused(
            N_("This is lighter than silver. Perhaps air bubbles clung to it, it is hollow, or it is not gold.")
        )
