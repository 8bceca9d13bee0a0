"""The readings of the water test, wherever they are typed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from marketplace.compliance.answers import Answers
from marketplace.core.numbers import NumberRefused, parse_weight
from marketplace.core.text import N_
from marketplace.pricing.purity import ROOM_CELSIUS, STEPS_G, Alloy, ReadingRefused, WaterTest, water_test

WATER_FIELDS: Final = ("weight_in_air", "weight_in_water", "balance_step", "water_celsius")
_FIELD_OF: Final[Mapping[str, str]] = MappingProxyType(
    dict(zip(("air", "water", "step", "celsius"), WATER_FIELDS, strict=True))
)
_STEPS: Final[Mapping[str, Decimal]] = MappingProxyType({str(step): step for step in STEPS_G})
_CELSIUS: Final = re.compile(r"(-?[0-9]{1,3}(?:[.,][0-9]{1,2})?) ?(?:°? ?c)?", re.IGNORECASE)
# The least fineness anybody reads; a range that begins at nought would value the lot at nothing.
_LEAST_PERMILLE: Final = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class WaterReading:
    """Hold what was read, in grams and degrees Celsius, and what follows from it."""

    air_g: Decimal
    water_g: Decimal
    step_g: Decimal
    celsius: Decimal
    found: WaterTest

    @property
    def low_permille(self) -> Decimal:
        """Return the lowest fineness for guidance."""
        return max(Decimal(self.found.low), _LEAST_PERMILLE)

    @property
    def high_permille(self) -> Decimal:
        """Return the highest fineness for guidance."""
        return Decimal(self.found.high)

    def kept(self) -> dict[str, Any]:
        """Return the readings and the range as a version keeps them: decimals as text, parts per thousand whole."""
        return {
            "air_g": f"{self.air_g:f}",
            "water_g": f"{self.water_g:f}",
            "step_g": f"{self.step_g:f}",
            "celsius": f"{self.celsius:f}",
            "density": f"{self.found.density:f}",
            "low_permille": self.found.low,
            "high_permille": self.found.high,
        }


def has_weights(typed: Mapping[str, str]) -> bool:
    """Say whether one of the two weights was typed."""
    return any((typed.get(name) or "").strip() for name in WATER_FIELDS[:2])


def read_water(answers: Answers, *, alloy: Alloy = Alloy.UNKNOWN) -> WaterReading | None:
    """Return the readings and what follows, or None after noting why a field needs another value."""
    before = len(answers.errors)
    air_g, water_g = _weight(answers, "weight_in_air"), _weight(answers, "weight_in_water")
    step_g, celsius = _step(answers), _celsius(answers)
    if len(answers.errors) > before:
        return None
    try:
        found = water_test(air_g, water_g, celsius=celsius, resolution_g=step_g, alloy=alloy)
    except ReadingRefused as refused:
        answers.refuse(_FIELD_OF[refused.field], refused.message, **refused.params)
        return None
    return WaterReading(air_g, water_g, step_g, celsius, found)


def _weight(answers: Answers, name: str) -> Decimal:
    try:
        return parse_weight(answers.typed(name))
    except NumberRefused as refused:
        empty = {
            "weight_in_air": N_("Enter the weight in air, in grams."),
            "weight_in_water": N_("Enter the weight in water, in grams."),
        }
        answers.refuse(name, refused.message if answers.typed(name) else empty[name], **refused.params)
        return Decimal(0)


def _step(answers: Answers) -> Decimal:
    step = _STEPS.get(answers.typed("balance_step").replace(",", "."))
    if step is None:
        answers.refuse("balance_step", N_("Choose the smallest step of your balance."))
    return step or Decimal(0)


def _celsius(answers: Answers) -> Decimal:
    """Return the temperature typed; a room's where none was."""
    text = answers.typed("water_celsius")
    if not text:
        return ROOM_CELSIUS
    match = _CELSIUS.fullmatch(text)
    if match is None:
        answers.refuse("water_celsius", N_("Enter the temperature of the water in degrees Celsius, such as 25."))
        return ROOM_CELSIUS
    return Decimal(match[1].replace(",", "."))
