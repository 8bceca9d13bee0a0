"""Guidance as canonical JSON, stored with the lot version and recomputed to the cent years later."""

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from marketplace.core.money import Money
from marketplace.pricing.comparables import WeightedPrice
from marketplace.pricing.description import LotDescription
from marketplace.pricing.guidance.calculation import FORMULAS
from marketplace.pricing.guidance.result import Guidance, GuidanceInputs

_RESULT = (
    "outcome", "basis", "low", "middle", "high", "floor", "premium", "per_unit", "count", "age_days", "stale",
    "unverified", "confidence", "rate_ids",
)  # fmt: skip


# Fields that came with a later formula; a snapshot of an earlier one does not hold them.
_SINCE: Mapping[tuple[type, str], int] = MappingProxyType(
    {
        (LotDescription, "parcel"): 2,
        (GuidanceInputs, "set_aside"): 2,
        (WeightedPrice, "likeness"): 2,
        (WeightedPrice, "piece_mg"): 2,
    }
)


class SnapshotRefused(ValueError):
    """The snapshot was made by another version of the formula, or does not say what its inputs give."""


def snapshot_of(guidance: Guidance) -> dict[str, Any]:
    """Return formula version, inputs, result and working as JSON values; decimals and dates are canonical text."""
    version = int(guidance.formula_version)
    return {
        "formula_version": guidance.formula_version,
        "inputs": _encoded(guidance.inputs, version),
        "result": {name: _encoded(getattr(guidance, name), version) for name in _RESULT},
        "working": [
            {"text": step.text, "params": {name: _encoded(value, version) for name, value in step.params.items()}}
            for step in guidance.working
        ],
    }


def recompute(snapshot: dict[str, Any]) -> Guidance:
    """Return the guidance of a snapshot, computed again from its inputs.

    The formula that made it computes it, also when there is a newer one. Raises SnapshotRefused when no such formula is
    known or when the result stored differs from the one computed.
    """
    version = str(snapshot.get("formula_version"))
    if version not in FORMULAS:
        raise SnapshotRefused(f"made by formula {version!r}; known are {', '.join(FORMULAS)}")
    guidance = replace(FORMULAS[version](_decoded(GuidanceInputs, snapshot["inputs"])), formula_version=version)
    if snapshot_of(guidance) != snapshot:
        raise SnapshotRefused("the stored result is not what its inputs give")
    return guidance


def _encoded(value: Any, version: int) -> Any:
    if isinstance(value, Money):
        return {"minor": value.minor, "currency": value.currency}
    if is_dataclass(value) and not isinstance(value, type):
        names = [field.name for field in fields(value) if _SINCE.get((type(value), field.name), 0) <= version]
        return {name: _encoded(getattr(value, name), version) for name in names}
    if isinstance(value, tuple):
        return [_encoded(item, version) for item in value]
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    return value.isoformat() if isinstance(value, date) else value


def _decoded(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    origin = get_origin(kind)
    if origin in {Union, types.UnionType}:
        return _decoded(next(part for part in get_args(kind) if part is not type(None)), value)
    if origin is tuple:
        return tuple(_decoded(get_args(kind)[0], item) for item in value)
    if origin is Literal:
        return value
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return kind(**{name: _decoded(hints[name], item) for name, item in value.items()})  # type: ignore[operator]
    return date.fromisoformat(value) if kind is date else kind(value)
