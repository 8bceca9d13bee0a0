"""Guidance as canonical JSON, stored with the lot version and recomputed to the cent years later."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from re import compile as pattern
from typing import Any, Final

from marketplace.core.money import Money
from marketplace.pricing.guidance.calculation import FORMULAS
from marketplace.pricing.guidance.codec import decoded, encoded
from marketplace.pricing.guidance.result import Guidance, GuidanceInputs, Step, StepValue

_RESULT: Final = (
    "outcome", "basis", "low", "middle", "high", "floor", "premium", "per_unit", "count", "age_days", "stale",
    "unverified", "confidence", "rate_ids",
)  # fmt: skip
_RESULT_SINCE_2: Final = (*_RESULT, "per_piece", "per_carat")
_DAY: Final = pattern(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER: Final = pattern(r"-?[0-9]+(\.[0-9]+)?")


class SnapshotRefused(ValueError):
    """The snapshot was made by another version of the formula, or does not say what its inputs give."""


def snapshot_of(guidance: Guidance) -> dict[str, Any]:
    """Return formula version, inputs, result and working as JSON values; decimals and dates are canonical text."""
    version = int(guidance.formula_version)
    names = _RESULT if version == 1 else _RESULT_SINCE_2
    return {
        "formula_version": guidance.formula_version,
        "inputs": encoded(guidance.inputs, version=version),
        "result": {name: encoded(getattr(guidance, name), version=version) for name in names},
        "working": [
            {
                "text": step.text,
                "params": {name: encoded(value, version=version) for name, value in step.params.items()},
            }
            for step in guidance.working
        ],
    }


def recompute(snapshot: Mapping[str, Any]) -> Guidance:
    """Return the guidance of a snapshot, computed again from its inputs.

    The formula that made it computes it, also when there is a newer one. Raises SnapshotRefused when no such formula is
    known, when the inputs cannot be read, or when the result stored differs from the one computed.
    """
    guidance = _computed(snapshot)
    if snapshot_of(guidance) != snapshot:
        raise SnapshotRefused("the stored result is not what its inputs give")
    return guidance


def differences(snapshot: Mapping[str, Any]) -> tuple[str, ...]:
    """Return in English how a stored snapshot differs from what its inputs give now; nothing when it is the same."""
    try:
        fresh = snapshot_of(_computed(snapshot))
    except SnapshotRefused as refused:
        return (str(refused),)
    return tuple(_between("", fresh, snapshot))


def steps_of(snapshot: Mapping[str, Any]) -> tuple[Step, ...]:
    """Return the stored working with amounts, days and numbers as such, for a page to write in its reader's way."""
    return tuple(
        Step(str(step["text"]), {name: _typed(value) for name, value in (step.get("params") or {}).items()})
        for step in snapshot.get("working") or ()
    )


def inputs_of(snapshot: Mapping[str, Any]) -> GuidanceInputs:
    """Return what a snapshot's guidance was made from; raises SnapshotRefused when it cannot be read."""
    try:
        found: GuidanceInputs = decoded(GuidanceInputs, snapshot.get("inputs"))
    except (ValueError, ArithmeticError) as error:
        raise SnapshotRefused(f"the inputs cannot be read: {error}") from error
    return found


def without_orders(snapshot: Mapping[str, Any]) -> dict[str, Any]:
    """Return a snapshot for everybody: its sales are numbered, because the number of an order is nobody else's.

    The numbers keep the order, so the same guidance comes out of it.
    """
    inputs: Mapping[str, Any] = snapshot.get("inputs") or {}
    prices = inputs.get("prices") or []
    places = {reference: place for place, reference in enumerate(sorted(each["reference"] for each in prices), 1)}
    numbered = [{**each, "reference": f"sale-{places[each['reference']]:03}"} for each in prices]
    return {**snapshot, "inputs": {**inputs, "prices": numbered}}


def _computed(snapshot: Mapping[str, Any]) -> Guidance:
    version = str(snapshot.get("formula_version"))
    if version not in FORMULAS:
        raise SnapshotRefused(f"made by formula {version!r}; known are {', '.join(FORMULAS)}")
    inputs = inputs_of(snapshot)
    try:
        return FORMULAS[version](inputs)
    except (ValueError, ArithmeticError) as error:  # a number no formula can work with
        raise SnapshotRefused(f"the inputs cannot be computed: {error}") from error


def _between(place: str, fresh: Any, stored: Any) -> Iterator[str]:
    """Yield every leaf that is not the same, with its place."""
    if isinstance(fresh, dict) and isinstance(stored, Mapping):
        for name in dict.fromkeys((*fresh, *stored)):
            yield from _between(f"{place}.{name}" if place else name, fresh.get(name), stored.get(name))
    elif isinstance(fresh, list) and isinstance(stored, list) and len(fresh) == len(stored):
        for number, pair in enumerate(zip(fresh, stored, strict=True)):
            yield from _between(f"{place}[{number}]", *pair)
    elif fresh != stored:
        yield f"{place}: stored {stored!r}, computed {fresh!r}"


def _typed(value: Any) -> StepValue:
    if isinstance(value, Mapping):
        return Money(int(value["minor"]), str(value["currency"]))
    if not isinstance(value, str):
        return int(value)
    if _DAY.fullmatch(value):
        return date.fromisoformat(value)
    return Decimal(value) if _NUMBER.fullmatch(value) else value
