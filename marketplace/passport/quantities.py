"""Weights as the numbers of exported documents: gold in grams, stones in carats (0.2 g), with UN/ECE Rec. 20 codes."""

from decimal import Decimal
from typing import Any, Final

_UNITS: Final = {"gold": "GRM", "gem": "CTM"}
_MG_PER_UNIT: Final = {"gold": 1000, "gem": 200}


def unit_of(kind: str) -> str:
    """Return the code of the unit in which goods of a kind are weighed."""
    return _UNITS[kind]


def quantity_of(kind: str, weight_mg: int) -> int | float:
    """Return a weight in its unit as the number that a JSON document carries.

    It is an exact decimal of at most three places; canonical JSON (RFC 8785) writes the nearest double, whose shortest
    form is that decimal for every weight below 10^12 mg. Nothing is computed with it.
    """
    exact = Decimal(weight_mg) / _MG_PER_UNIT[kind]
    return int(exact) if exact == exact.to_integral_value() else float(exact)


def measure_of(kind: str, weight_mg: int) -> dict[str, Any]:
    """Return a weight as a Measure of UNTP."""
    return {"value": quantity_of(kind, weight_mg), "unit": unit_of(kind)}
