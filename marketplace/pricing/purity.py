"""Purity of gold by the water test: weigh in air, weigh in water, and say how sure that is.

density d = m_air ÷ (m_air - m_water) × density of water at its temperature;
gold share by mass = 19.32 (d - ρ) ÷ (d (19.32 - ρ)), with ρ the density of the alloying metal in g/cm³.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor
from types import MappingProxyType
from typing import Final, NamedTuple

from marketplace.core.errors import DomainError
from marketplace.core.text import N_

GOLD: Final = Fraction("19.32")  # g/cm³ at room temperature
SILVER: Final = Fraction("10.49")
COPPER: Final = Fraction("8.96")
ROOM_CELSIUS: Final = Decimal(25)
STEPS_G: Final = (Decimal("0.1"), Decimal("0.01"), Decimal("0.001"))
HEAVIEST_G: Final = 100_000
# About two karats: wider than this, a balance cannot tell 20 kt from 22 kt, and its answer is of no use.
WIDEST_USEFUL_PERMILLE: Final = 90
# A piece of so many steps of its balance is known to that width: 50 g on 0.1 g, 5 g on 0.01 g.
STEPS_NEEDED: Final = 500
_CLOSE_PERMILLE: Final = 30

# Density of water in g/cm³, CIPM 2001 to five decimals; between two temperatures the line.
_WATER: Final = tuple(
    (temperature, Fraction(density))
    for temperature, density in (
        (0, "0.99984"), (5, "0.99997"), (10, "0.99970"), (15, "0.99910"), (20, "0.99821"),
        (25, "0.99705"), (30, "0.99565"), (35, "0.99403"), (40, "0.99222"),
    )
)  # fmt: skip


class Alloy(StrEnum):
    """What is in the piece beside gold, as far as its owner knows."""

    UNKNOWN = "unknown"
    SILVER = "silver"
    HALF = "half"
    COPPER = "copper"


class _Band(NamedTuple):
    """The share of silver in the alloy by mass, the rest being copper: least, middle, most."""

    least: Fraction
    middle: Fraction
    most: Fraction


_BANDS: Final[Mapping[Alloy, _Band]] = MappingProxyType(
    {
        Alloy.UNKNOWN: _Band(Fraction(0), Fraction(1, 2), Fraction(1)),
        Alloy.SILVER: _Band(Fraction(3, 4), Fraction(7, 8), Fraction(1)),
        Alloy.HALF: _Band(Fraction(1, 4), Fraction(1, 2), Fraction(3, 4)),
        Alloy.COPPER: _Band(Fraction(0), Fraction(1, 8), Fraction(1, 4)),
    }
)


class Sureness(StrEnum):
    """How much the answer is worth, in one word."""

    CLOSE = "close"
    FAIR = "fair"
    WIDE = "wide"
    TOO_LIGHT = "too_light"


class ReadingRefused(DomainError):
    """The two weighings cannot be gold in water; the message names the likely cause, `field` the reading to look at."""

    code = "reading_refused"
    message = N_("These two weights cannot be right. Weigh again.")

    def __init__(self, message: str | None = None, /, *, field: str = "water", **params: object) -> None:
        self.field = field
        super().__init__(message, **params)


@dataclass(frozen=True, slots=True)
class WaterTest:
    """Hold a water test's result: density in g/cm³ to four decimals, fineness in whole parts per thousand.

    `all_silver`, `half`, `all_copper` are the fineness if the rest is silver, half and half by mass, or copper;
    `middle` is that of the alloy chosen. `low` and `high` hold every fineness that the alloy and the balance leave
    possible. `silver_low` and `silver_high` are what the balance alone leaves possible if the rest is silver, exactly.
    """

    density: Decimal
    all_silver: int
    half: int
    all_copper: int
    low: int
    middle: int
    high: int
    silver_low: Fraction
    silver_high: Fraction

    @property
    def is_too_light(self) -> bool:
        """Say whether the piece is too light for its balance: the range tells nothing useful."""
        return self.silver_high - self.silver_low > WIDEST_USEFUL_PERMILLE

    @property
    def sureness(self) -> Sureness:
        """Return how sure the answer is."""
        if self.is_too_light:
            return Sureness.TOO_LIGHT
        width = self.high - self.low
        if width <= _CLOSE_PERMILLE:
            return Sureness.CLOSE
        return Sureness.FAIR if width <= WIDEST_USEFUL_PERMILLE else Sureness.WIDE


def water_density(celsius: Decimal) -> Fraction:
    """Return the density of water in g/cm³ between 0 and 40 °C."""
    if not celsius.is_finite() or not 0 <= celsius <= 40:
        raise ReadingRefused(N_("The water should be between 0 and 40 degrees Celsius."), field="celsius")
    exact = Fraction(celsius)
    for (cooler, dense), (warmer, light) in pairwise(_WATER):
        if exact <= warmer:
            return dense + (light - dense) * (exact - cooler) / (warmer - cooler)
    raise AssertionError("unreachable: the table ends at 40 °C")  # pragma: no cover


def water_test(
    air_g: Decimal,
    water_g: Decimal,
    *,
    celsius: Decimal = ROOM_CELSIUS,
    resolution_g: Decimal = Decimal("0.01"),
    alloy: Alloy = Alloy.UNKNOWN,
) -> WaterTest:
    """Return the fineness range of a piece from its weights in air and in water, in grams.

    `resolution_g` is the balance's smallest step: each of the two readings may be off by half of it. Raises
    ReadingRefused when no piece of gold and this alloy gives such readings.
    """
    _check_readings(air_g, water_g, resolution_g)
    water = water_density(celsius)
    air, sunk, half_step = Fraction(air_g), Fraction(water_g), Fraction(resolution_g) / 2
    band = _BANDS[alloy]
    # A gram takes most room when the air reads too little and the water too much; least the other way round.
    roomy = _room(air + half_step, sunk - half_step, water)
    tight = _room(air - half_step, sunk + half_step, water)
    _check_density(roomy, tight, alloy)
    return WaterTest(
        density=Decimal(round(10_000 / _room(air, sunk, water))).scaleb(-4),
        all_silver=_rounded(air, sunk, water, silver=Fraction(1)),
        half=_rounded(air, sunk, water, silver=Fraction(1, 2)),
        all_copper=_rounded(air, sunk, water, silver=Fraction(0)),
        low=_bounded(floor(_permille(roomy, _mixed(band.most)))),
        middle=_rounded(air, sunk, water, silver=band.middle),
        high=_bounded(ceil(_permille(tight, _mixed(band.least)))),
        silver_low=_permille(roomy, SILVER),
        silver_high=_permille(tight, SILVER),
    )


def weight_needed(resolution_g: Decimal) -> Decimal:
    """Return the least weight in grams that a balance of this step can judge."""
    return resolution_g * STEPS_NEEDED


def step_needed(air_g: Decimal) -> Decimal | None:
    """Return the coarsest step in grams of the usual balances that can judge a piece, or None when none can."""
    return next((step for step in STEPS_G if weight_needed(step) <= air_g), None)


def _room(air: Fraction, in_water: Fraction, water: Fraction) -> Fraction:
    """Return the cubic centimetres of one gram: one over the density."""
    return (air - in_water) / air / water


def _mixed(silver: Fraction) -> Fraction:
    # By mass the volumes add, so the densities meet in the harmonic mean.
    return 1 / (silver / SILVER + (1 - silver) / COPPER)


def _permille(room: Fraction, alloy: Fraction) -> Fraction:
    """Return the exact parts of gold in a thousand, below nought or above a thousand where the alloy cannot be."""
    return 1000 * (1 / alloy - room) / (1 / alloy - 1 / GOLD)


def _rounded(air: Fraction, in_water: Fraction, water: Fraction, *, silver: Fraction) -> int:
    return _bounded(round(_permille(_room(air, in_water, water), _mixed(silver))))


def _bounded(permille: int) -> int:
    return min(max(permille, 0), 1000)


def _check_readings(air_g: Decimal, water_g: Decimal, resolution_g: Decimal) -> None:
    both = N_("Enter the weight in air and the weight in water in grams, both above zero.")
    if not air_g.is_finite() or air_g <= 0:
        raise ReadingRefused(both, field="air")
    if air_g > HEAVIEST_G:
        raise ReadingRefused(N_("Enter at most 100,000 grams. Weigh a large lot piece by piece."), field="air")
    if not water_g.is_finite() or water_g <= 0:
        raise ReadingRefused(both)
    if not resolution_g.is_finite() or resolution_g <= 0:
        raise ReadingRefused(N_("Choose the smallest step of your balance."), field="step")
    if water_g == air_g:
        raise ReadingRefused(N_("The two weights are the same. Perhaps the piece is too light for this balance."))
    if water_g > air_g:
        raise ReadingRefused(
            N_("A piece weighs less in water than in air. Perhaps the two weights are the wrong way round.")
        )
    if resolution_g >= air_g:
        raise ReadingRefused(
            N_("This piece weighs no more than one step of the balance. Use a finer one."), field="step"
        )


def _check_density(roomy: Fraction, tight: Fraction, alloy: Alloy) -> None:
    """Refuse what cannot be gold even when the balance's step is allowed for."""
    if roomy * GOLD < 1:
        raise ReadingRefused(
            N_("This is heavier than pure gold. Perhaps the balance did not stand at zero. Weigh again.")
        )
    if alloy in {Alloy.UNKNOWN, Alloy.SILVER} and tight * SILVER >= 1:
        raise ReadingRefused(
            N_("This is lighter than silver. Perhaps it had bubbles, touched the cup, is hollow, or is not gold.")
        )
    if tight * _mixed(_BANDS[alloy].least) >= 1:
        raise ReadingRefused(
            N_("This is lighter than the metals you chose. Perhaps it had bubbles, touched the cup, or is not gold.")
        )
