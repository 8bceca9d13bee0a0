"""Step two, how heavy it is and of how many pieces."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from marketplace.compliance.answers import Answers
from marketplace.core.numbers import NumberRefused, parse_weight_mg
from marketplace.core.text import N_
from marketplace.core.weight import MG_PER_CARAT, MG_PER_GRAM, MG_PER_UNIT
from marketplace.lots.parts import MOST_PARTS
from marketplace.lots.vocabulary import PARCEL_HINTS

# Above these a slipped decimal mark or a wrong unit is likelier than the truth: ask, never refuse.
UNUSUAL_STONE_MG: Final = 500 * MG_PER_CARAT
UNUSUAL_GOLD_MG: Final = 50_000 * MG_PER_GRAM
UNUSUAL_PARCEL_MG: Final = 100_000 * MG_PER_GRAM
UNITS: Final = tuple(MG_PER_UNIT)


@dataclass(frozen=True, slots=True)
class WeightAnswers:
    """Hold the weight of the whole lot in milligrams, the unit it was typed in, and the pieces in it.

    `parcel` says of stones how the pieces belong together; None for gold and while the kind is not known.
    `least_part_mg` is the least a buyer may take of a lot that is sold in parts; None when it is sold whole.
    """

    weight_mg: int
    unit: str
    pieces: int
    parcel: str | None = None
    least_part_mg: int | None = None


def read_weight(typed: Mapping[str, str], *, kind: str | None, form: str | None = None) -> WeightAnswers:
    """Return weight and pieces, or raise InvalidInput; an unusual weight needs the box `sure` ticked.

    Only gold dust and sorted stones may be sold in parts: every part of them is like the rest.
    """
    answers = Answers(typed)
    unit = answers.choice("weight_unit", UNITS)
    weight_mg = _weight_mg(answers, unit)
    pieces = 1
    if answers.typed("pieces"):
        pieces = answers.count("pieces", empty="")
        if pieces < 1:
            answers.refuse("pieces", N_("A lot has at least one piece."))
    parcel = _parcel(answers, pieces=pieces) if kind == "gem" else None
    least_part_mg = _least_part(answers, weight_mg, unit) if may_be_divided(form=form, parcel=parcel) else None
    if not answers.errors and answers.typed("sure") != "yes" and is_unusual(weight_mg, pieces=pieces, kind=kind):
        answers.refuse("sure", N_("This is very heavy. Check the weight and the unit. Tick the box if it is right."))
    answers.finish()
    return WeightAnswers(weight_mg, unit, pieces, parcel, least_part_mg)


def may_be_divided(*, form: str | None, parcel: str | None) -> bool:
    """Say whether every part of such goods is like the rest."""
    return form == "dust" or parcel == "sorted"


def is_unusual(weight_mg: int, *, pieces: int, kind: str | None) -> bool:
    """Say whether a weight is so large that it is more often a slip than the truth."""
    if kind == "gem":
        return weight_mg > UNUSUAL_STONE_MG * pieces or weight_mg > UNUSUAL_PARCEL_MG
    return weight_mg > UNUSUAL_GOLD_MG


def _parcel(answers: Answers, *, pieces: int) -> str:
    """Return how the pieces belong together; one piece is single whatever was chosen before."""
    if pieces <= 1:
        return "single"
    chosen = answers.typed("parcel")
    if chosen not in PARCEL_HINTS:
        answers.refuse("parcel", N_("There is more than one piece. Say how the pieces belong together."))
    return chosen


def _least_part(answers: Answers, weight_mg: int, unit: str) -> int | None:
    """Return the least part in milligrams, in the unit of the weight; None when the lot is sold whole."""
    if answers.typed("divisible") != "yes":
        return None
    try:
        least = parse_weight_mg(answers.typed("least_part"), unit if unit in UNITS else "g")
    except NumberRefused as refused:
        answers.refuse("least_part", refused.message, **refused.params)
        return None
    if 0 < weight_mg < 2 * least:
        answers.refuse("least_part", N_("The least part is at most half of the lot. Enter less, or sell it whole."))
    elif weight_mg > MOST_PARTS * least:
        answers.refuse(
            "least_part", N_("At most %(most)s parts are possible. Enter a larger least part."), most=MOST_PARTS
        )
    return least


def _weight_mg(answers: Answers, unit: str) -> int:
    if unit not in UNITS:
        return 0
    try:
        return parse_weight_mg(answers.typed("weight"), unit)
    except NumberRefused as refused:
        answers.refuse("weight", refused.message, **refused.params)
        return 0
