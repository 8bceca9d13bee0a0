"""A draft: what was typed at each step, and what it means."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, TypeVar

from marketplace.compliance.answers import Answers
from marketplace.core.errors import FieldError, InvalidInput
from marketplace.core.text import N_
from marketplace.lots.answers import (
    KindAnswers,
    OriginAnswers,
    PriceAnswers,
    Quality,
    WeightAnswers,
    read_kind,
    read_origin,
    read_price,
    read_quality,
    read_weight,
)
from marketplace.lots.answers.water import WATER_FIELDS, WaterReading, has_weights, read_water
from marketplace.lots.vocabulary import TYPED_STEPS

LONGEST_TEXT: Final = 2000
_GOLD_FIELDS: Final = (
    "fineness", "fineness_method", "report_number", "standard", "mercury", "no_worst_practice", *WATER_FIELDS,
)  # fmt: skip
_STONE_FIELDS: Final = (
    "variety", "treatment", "colour", "clarity", "shape", "dimensions", "grade", "report_number", "natural",
)  # fmt: skip
FIELDS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "kind": ("form",),
        "weight": ("weight", "weight_unit", "pieces", "parcel", "divisible", "least_part", "sure"),
        "quality": tuple(dict.fromkeys(_GOLD_FIELDS + _STONE_FIELDS)),
        "origin": ("site", "mined_from", "mined_to", "group", "miners", "miners_women", "tag_number"),
        "price": (
            "wanted",
            "wanted_currency",
            "reason",
            "government_valuation",
            "independent_valuation",
            "exported",
            "exported_unit",
        ),
    }
)
Read = TypeVar("Read")


class StepState(StrEnum):
    """How far a step is."""

    NOT_STARTED = "not_started"
    INCOMPLETE = "incomplete"
    DONE = "done"
    NEEDS_CHANGE = "needs_change"


STEP_STATE_LABELS: Final[Mapping[StepState, str]] = MappingProxyType(
    {
        StepState.NOT_STARTED: N_("Not started"),
        StepState.INCOMPLETE: N_("Incomplete"),
        StepState.DONE: N_("Done"),
        StepState.NEEDS_CHANGE: N_("Needs a change"),
    }
)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the answers are read against: the business day, the cooperative's sites, the currencies offered."""

    today: date
    sites: frozenset[str]
    currencies: frozenset[str]


@dataclass(frozen=True, slots=True)
class DraftAnswers:
    """Hold the steps that could be read; `errors` tells of each started step that could not."""

    kind: KindAnswers | None = None
    weight: WeightAnswers | None = None
    quality: Quality | None = None
    origin: OriginAnswers | None = None
    price: PriceAnswers | None = None
    errors: Mapping[str, Mapping[str, FieldError]] = field(default_factory=dict)

    def state_of(self, step: str) -> StepState:
        """Return how far a typed step is."""
        if step in self.errors:
            return StepState.INCOMPLETE
        return StepState.NOT_STARTED if getattr(self, step) is None else StepState.DONE


def typed_of(draft: Mapping[str, Any], step: str) -> dict[str, str]:
    """Return what was typed at a step; empty when it was never saved."""
    return dict(draft.get(step, {}).get("typed", {}))


def revision_of(draft: Mapping[str, Any], step: str) -> int:
    """Return the save that last wrote a step; 0 when none did."""
    found: int = draft.get(step, {}).get("revision", 0)
    return found


def sent_back(draft: Mapping[str, Any]) -> dict[str, Any]:
    """Return the draft with a note of the save at which it was given back for changes."""
    count = max((revision_of(draft, step) for step in TYPED_STEPS), default=0)
    return {**draft, "sent_back": {"revision": count}}


def changed_since_return(draft: Mapping[str, Any], step: str) -> bool:
    """Say whether a step was saved with other answers after the lot was given back for changes."""
    return revision_of(draft, step) > revision_of(draft, "sent_back")


def cleaned(step: str, typed: Mapping[str, str]) -> dict[str, str]:
    """Return the fields of a step as they are kept: shortened, and without what a database cannot hold."""
    return {name: _without_nulls(typed.get(name)) for name in FIELDS[step]}


def read_draft(draft: Mapping[str, Any], around: Surroundings) -> DraftAnswers:
    """Return what all answers of a draft mean; never raises."""
    errors: dict[str, Mapping[str, FieldError]] = {}

    def read(step: str, reader: Callable[[Mapping[str, str]], Read]) -> Read | None:
        typed = typed_of(draft, step)
        if not typed:
            return None
        try:
            return reader(typed)
        except InvalidInput as refused:
            errors[step] = refused.fields
            return None

    kind = read("kind", read_kind)
    name, form = (kind.kind, kind.form) if kind else (None, None)
    return DraftAnswers(
        kind=kind,
        weight=read("weight", lambda typed: read_weight(typed, kind=name, form=form)),
        quality=read("quality", lambda typed: read_quality(typed, kind=name or _guessed_kind(typed))),
        origin=read("origin", lambda typed: read_origin(typed, sites=around.sites, today=around.today)),
        price=read("price", lambda typed: read_price(typed, currencies=around.currencies)),
        errors=errors,
    )


def weighed_in(draft: Mapping[str, Any], typed: Mapping[str, str]) -> WaterReading | None:
    """Return the water test of a draft with what is typed over it, whatever else is not right yet."""
    both = {**typed_of(draft, "quality"), **typed}
    is_weighed = both.get("fineness_method") == "water_test" and has_weights(both)
    return read_water(Answers(both)) if is_weighed else None


def is_step(step: str) -> bool:
    """Say whether answers are typed at this step."""
    return step in TYPED_STEPS


def _guessed_kind(typed: Mapping[str, str]) -> str:
    return "gold" if typed.get("fineness") or typed.get("weight_in_air") else "gem"


def _without_nulls(text: str | None) -> str:
    return (text or "").replace("\x00", "").replace("\r\n", "\n").strip()[:LONGEST_TEXT]
