"""Step four, how pure the gold is, or which stone it is and what was done to it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from marketplace.compliance.answers import Answers
from marketplace.core.numbers import NumberRefused, parse_fineness
from marketplace.core.text import N_
from marketplace.lots.answers.water import WaterReading, has_weights, read_water
from marketplace.lots.vocabulary import (
    CLARITIES,
    FINENESS_METHODS,
    GRADES,
    MERCURY,
    METHODS_WITH_REPORT,
    NOT_NATURAL,
    SHAPES,
    STANDARDS,
    TREATMENTS,
    varieties,
)

_DIMENSIONS: Final = re.compile(r"([0-9]{1,3}(?:[.,][0-9]{1,2})?)(?: ?[x×*] ?([0-9]{1,3}(?:[.,][0-9]{1,2})?)){1,2}")
_PLAUSIBLE_STONE_MM: Final = Decimal(500)


@dataclass(frozen=True, slots=True)
class GoldQuality:
    """Hold fineness with how it is known, standard, and what was used to win the gold; `water` when it was weighed."""

    fineness_permille: Decimal
    fineness_method: str
    report_number: str
    standard: str | None
    mercury: str
    water: WaterReading | None = None


@dataclass(frozen=True, slots=True)
class StoneQuality:
    """Hold variety, treatment and how the cooperative sees the stone; `dimensions` in millimetres as "7.1 x 5 x 3"."""

    variety: str
    treatment: str
    colour: str
    clarity: str
    shape: str
    dimensions: str
    grade: str
    report_number: str


Quality = GoldQuality | StoneQuality


def read_quality(typed: Mapping[str, str], *, kind: str) -> Quality:
    """Return the answers about gold or about stones, or raise InvalidInput."""
    return _read_gold(typed) if kind == "gold" else _read_stone(typed)


def _read_gold(typed: Mapping[str, str]) -> GoldQuality:
    answers = Answers(typed)
    method = answers.typed("fineness_method")
    is_weighed = method == "water_test" and has_weights(typed)
    water = read_water(answers) if is_weighed else None
    fineness = _weighed_fineness(answers, water) if is_weighed else _fineness(answers)
    if method not in FINENESS_METHODS:
        answers.refuse("fineness_method", N_("Choose how the fineness was measured."))
    report = answers.line("report_number", most=60)
    if method in METHODS_WITH_REPORT and not report:
        answers.refuse("report_number", N_("Enter the number of the assay or XRF report."))
    standard = answers.typed("standard") or "none"
    if standard not in STANDARDS:
        answers.refuse("standard", N_("Choose the standard, or no standard."))
    mercury = answers.typed("mercury")
    if mercury not in MERCURY:
        answers.refuse("mercury", N_("Choose whether mercury was used."))
    if answers.typed("no_worst_practice") != "yes":
        answers.refuse(
            "no_worst_practice", N_("Gold won by these practices cannot be sold here. Tick the box if none was used.")
        )
    answers.finish()
    return GoldQuality(fineness, method, report, None if standard == "none" else standard, mercury, water)


def _read_stone(typed: Mapping[str, str]) -> StoneQuality:
    answers = Answers(typed)
    stone = StoneQuality(
        variety=answers.typed("variety"),
        treatment=answers.typed("treatment"),
        colour=answers.line("colour", empty=N_("Enter the colour, such as violet blue."), most=60),
        clarity=answers.typed("clarity"),
        shape=answers.typed("shape"),
        dimensions=_dimensions(answers),
        grade=answers.typed("grade"),
        report_number=answers.line("report_number", most=60),
    )
    if stone.variety not in varieties():
        answers.refuse("variety", N_("Choose the kind of stone."))
    if stone.treatment in NOT_NATURAL:
        answers.refuse("treatment", N_("Only natural stones are sold here."))
    if stone.treatment not in TREATMENTS:
        answers.refuse("treatment", N_("Choose what was done to the stone."))
    if stone.clarity not in CLARITIES:
        answers.refuse("clarity", N_("Choose how clear it is."))
    if stone.shape not in SHAPES:
        answers.refuse("shape", N_("Choose the shape."))
    if stone.grade not in GRADES:
        answers.refuse("grade", N_("Choose a quality grade."))
    if answers.typed("natural") != "yes":
        answers.refuse("natural", N_("Only natural stones are sold here. Tick the box if it is one."))
    answers.finish()
    return stone


def _fineness(answers: Answers) -> Decimal:
    try:
        return parse_fineness(answers.typed("fineness"))
    except NumberRefused as refused:
        answers.refuse("fineness", refused.message, **refused.params)
        return Decimal(0)


def _weighed_fineness(answers: Answers, water: WaterReading | None) -> Decimal:
    """Return the fineness typed if the weights allow it, else the middle of what they say."""
    if water is None:  # the weights themselves are refused; they are mended first
        return _fineness(answers) if answers.typed("fineness") else Decimal(0)
    found = water.found
    if answers.typed("fineness"):
        fineness = _fineness(answers)
        if not found.low <= fineness <= found.high:
            answers.refuse(
                "fineness",
                N_("By the weights in water it is %(low)s to %(high)s ‰. Check the fineness, or weigh again."),
                low=found.low,
                high=found.high,
            )
        return fineness
    if found.is_too_light:
        answers.refuse(
            "fineness", N_("This piece is too light for this balance, so the weights do not tell. Enter the fineness.")
        )
    return Decimal(found.middle)


def _dimensions(answers: Answers) -> str:
    """Return lengths in millimetres as "7.1 x 5 x 3"; may be left empty."""
    text = answers.line("dimensions", most=40).lower().removesuffix("mm").strip()
    if not text:
        return ""
    if not _DIMENSIONS.fullmatch(text):
        answers.refuse("dimensions", N_("Enter length x width x height in millimetres, such as 7.1 x 5 x 3."))
        return ""
    lengths = [Decimal(length.replace(",", ".")) for length in re.split(r" ?[x×*] ?", text)]
    if any(not 0 < length <= _PLAUSIBLE_STONE_MM for length in lengths):
        answers.refuse("dimensions", N_("Each length is above 0 and at most 500 millimetres."))
    return " x ".join(f"{length.normalize():f}" for length in lengths)
