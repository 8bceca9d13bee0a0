"""The water test in words: what may be chosen, what was read, and how sure the answer is."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from marketplace.core.text import N_
from marketplace.http.languages import translate as _
from marketplace.lots.answers import WaterReading
from marketplace.pricing.purity import (
    STEPS_G,
    WIDEST_USEFUL_PERMILLE,
    Alloy,
    Sureness,
    WaterTest,
    step_needed,
    weight_needed,
)
from marketplace.web.charts import percentage
from marketplace.web.filters import fineness, number

ALLOY_LABELS: Final[Mapping[Alloy, str]] = MappingProxyType(
    {
        Alloy.UNKNOWN: N_("I do not know"),
        Alloy.SILVER: N_("Mostly silver"),
        Alloy.HALF: N_("Silver and copper, about half and half"),
        Alloy.COPPER: N_("Mostly copper"),
    }
)
SURENESS_LABELS: Final[Mapping[Sureness, str]] = MappingProxyType(
    {
        Sureness.CLOSE: N_("This is a close answer, as far as weighing in water can tell."),
        Sureness.FAIR: N_("This is a fair answer. A finer balance or a heavier piece would narrow it."),
        Sureness.WIDE: N_("This is a wide answer. Say what is in the alloy, or use a finer balance."),
        Sureness.TOO_LIGHT: N_("This piece is too light for this balance."),
    }
)
SURENESS_TONES: Final[Mapping[Sureness, str]] = MappingProxyType(
    {Sureness.CLOSE: "good", Sureness.FAIR: "good", Sureness.WIDE: "warn", Sureness.TOO_LIGHT: "warn"}
)
_KARAT_OF_PURE: Final = 24
_RAIL_FROM: Final = 500


def step_choices() -> list[tuple[str, str]]:
    """Return the smallest steps of the usual balances."""
    return [(str(step), _("%(grams)s g", grams=number(step))) for step in STEPS_G]


def alloy_choices() -> list[tuple[str, str]]:
    """Return what may be in the piece beside gold."""
    return [(alloy.value, _(words)) for alloy, words in ALLOY_LABELS.items()]


def range_words(low: int, high: int) -> str:
    """Return a range of fineness: "916 to 941 ‰"."""
    return _("%(low)s to %(high)s ‰", low=number(low), high=number(high))


def karat_words(low: int, high: int) -> str:
    """Return a range of fineness in karats: "22 to 22.6 kt"."""
    return _("%(low)s to %(high)s kt", low=_karat(low), high=_karat(high))


def reading_words(kept: Mapping[str, Any]) -> str:
    """Return what was read, from the readings as a version keeps them."""
    return _(
        "%(air)s g in air, %(water)s g in water of %(celsius)s °C, on a balance with steps of %(step)s g",
        air=number(Decimal(str(kept["air_g"])), most=6),
        water=number(Decimal(str(kept["water_g"])), most=6),
        celsius=number(Decimal(str(kept["celsius"]))),
        step=number(Decimal(str(kept["step_g"]))),
    )


def measured_words(kept: Mapping[str, Any]) -> str:
    """Return who measured and how far it goes: for buyers, beside the fineness."""
    low, high = number(int(kept["low_permille"])), number(int(kept["high_permille"]))
    return _("measured by the cooperative: weighed in water, %(low)s to %(high)s ‰", low=low, high=high)


def guide_words(reading: WaterReading | None) -> str:
    """Return the line above the price guide while weights are typed; nothing without them."""
    if reading is None:
        return ""
    found = reading.found
    if found.is_too_light:
        return _("By the weights in water: %(range)s. The piece is too light for this balance.", range=_range(found))
    return _("By the weights in water: %(range)s, most likely %(middle)s ‰.", range=_range(found), middle=found.middle)


def answer_of(reading: WaterReading) -> dict[str, Any]:
    """Return what the page of the water test shows of an answer, besides its value."""
    found = reading.found
    return {
        "density": number(found.density, least=2, most=2),
        "range": _range(found),
        "karats": karat_words(found.low, found.high),
        "middle": fineness(found.middle),
        "if_silver": number(found.all_silver),
        "if_half": number(found.half),
        "if_copper": number(found.all_copper),
        "is_too_light": found.is_too_light,
        "sureness": _(SURENESS_LABELS[found.sureness]),
        "tone": SURENESS_TONES[found.sureness],
        "advice": _advice(reading),
        "bar": _bar(found),
    }


def _range(found: WaterTest) -> str:
    return range_words(found.low, found.high)


def _karat(permille: int) -> str:
    return number(Decimal(permille) * _KARAT_OF_PURE / 1000, most=1)


def _advice(reading: WaterReading) -> list[str]:
    """Return what would help a piece that is too light for its balance."""
    if not reading.found.is_too_light:
        return []
    needed = number(weight_needed(reading.step_g))
    said = [
        _("The range is wider than %(limit)s parts in a thousand, so it tells little.", limit=WIDEST_USEFUL_PERMILLE),
        _("On this balance a piece should weigh %(weight)s g or more.", weight=needed),
    ]
    step = step_needed(reading.air_g)
    if step is None:
        return [*said, _("No usual balance is fine enough for it. Weigh several pieces of one melt together.")]
    if step < reading.step_g:
        said.append(_("For this piece use a balance with steps of %(step)s g.", step=number(step)))
    return said


def _bar(found: WaterTest) -> dict[str, str]:
    """Return where the range stands on a rail that ends at pure gold."""
    start = _RAIL_FROM if found.low >= _RAIL_FROM else 0
    length = Decimal(1000 - start)
    return {
        "start": number(start),
        "low": percentage((found.low - start) / length),
        "width": percentage((found.high - found.low) / length),
        "middle": percentage((found.middle - start) / length),
    }
