"""Read the sorting helper's form from an address: a country, up to eight classes, perhaps the whole weight."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from marketplace.compliance.answers import Answers
from marketplace.compliance.vocabulary import CURRENCY_OF_COUNTRY
from marketplace.core.errors import FieldError
from marketplace.core.numbers import NumberRefused, parse_weight_mg
from marketplace.core.text import N_
from marketplace.lots.vocabulary import GEM_FORMS, GRADES, TREATMENTS, varieties
from marketplace.pricing.description import LotDescription
from marketplace.pricing.parcels import MOST_CLASSES

UNITS: Final = ("ct", "g")
FEWEST_SHOWN: Final = 2
# A row counts as filled in when one of these is: the others are given over from the row above.
_OWN: Final = ("grade", "pieces", "weight")
_SAME_AS_ABOVE: Final = ("variety", "form", "treatment")
_CHOICES: Final[Mapping[str, tuple[Callable[[], Mapping[str, str]], str]]] = {
    "variety": (varieties, N_("Class %(number)s: choose the kind of stone.")),
    "form": (lambda: GEM_FORMS, N_("Class %(number)s: choose the form.")),
    "treatment": (lambda: TREATMENTS, N_("Class %(number)s: choose the treatment.")),
    "grade": (lambda: GRADES, N_("Class %(number)s: choose the quality grade.")),
}


@dataclass(frozen=True, slots=True)
class Question:
    """Hold what was asked: the classes that could be read by their row, the whole weight, and what is wrong."""

    classes: Mapping[int, LotDescription]
    total_mg: int | None
    errors: Mapping[str, FieldError] = field(default_factory=dict)

    @property
    def is_answerable(self) -> bool:
        """Say whether there is something to work out and nothing to mend."""
        return bool(self.classes) and not self.errors


def rows_shown(typed: Mapping[str, str], asked: list[str]) -> int:
    """Return how many rows the form has: as many as asked for or filled in, two at least and eight at most."""
    wanted = [int(text) for text in asked if re.fullmatch("[1-9]", text, re.ASCII)]
    return min(max([FEWEST_SHOWN, *wanted, *filled_rows(typed)]), MOST_CLASSES)


def filled_rows(typed: Mapping[str, str]) -> list[int]:
    """Return the rows in which something was filled in."""
    return [row for row in range(1, MOST_CLASSES + 1) if _is_filled(typed, row)]


def values_of(typed: Mapping[str, str], rows: int) -> dict[str, str]:
    """Return what the fields show: as typed; an empty row takes the kind of stone from the row above."""
    values = dict(typed)
    for row in range(2, rows + 1):
        for name in _SAME_AS_ABOVE:
            if not values.get(f"{name}_{row}"):
                values[f"{name}_{row}"] = values.get(f"{name}_{row - 1}", "")
    return values


def read_question(typed: Mapping[str, str]) -> Question:
    """Return what was asked; an untouched form asks nothing and has no errors."""
    if not any(typed.get(name) for name in ("country", "total")) and not filled_rows(typed):
        return Question({}, None)
    answers = Answers(typed)
    country = answers.typed("country")
    if country not in CURRENCY_OF_COUNTRY:
        answers.refuse("country", N_("Choose the country from the list."))
    classes = {}
    for row in filled_rows(typed) or (1,):
        found = _class(answers, row, country=country)
        if found is not None:
            classes[row] = found
    total_mg = _weight_mg(answers, "total") if answers.typed("total") else None
    if total_mg is not None and not answers.errors and sum(each.weight_mg for each in classes.values()) > total_mg:
        answers.refuse("total", N_("The classes together weigh more than this. Check the weights."))
    return Question(classes, total_mg, answers.errors)


def _is_filled(typed: Mapping[str, str], row: int) -> bool:
    return any((typed.get(f"{name}_{row}") or "").strip() for name in _OWN)


def _class(answers: Answers, row: int, *, country: str) -> LotDescription | None:
    before = len(answers.errors)
    chosen = {name: answers.typed(f"{name}_{row}") for name in _CHOICES}
    for name, (allowed, message) in _CHOICES.items():
        if chosen[name] not in allowed():
            answers.refuse(f"{name}_{row}", message, number=row)
    pieces = answers.count(f"pieces_{row}", empty=N_("Enter how many pieces there are."))
    if pieces < 1:
        answers.refuse(f"pieces_{row}", N_("A class has at least one piece."))
    weight_mg = _weight_mg(answers, f"weight_{row}")
    if len(answers.errors) > before or country not in CURRENCY_OF_COUNTRY:
        return None
    return LotDescription(
        kind="gem",
        form=chosen["form"],
        origin_country=country,
        weight_mg=weight_mg,
        pieces=pieces,
        variety=chosen["variety"],
        treatment=chosen["treatment"],
        grade=chosen["grade"],
        parcel="single" if pieces == 1 else "sorted",
    )


def _weight_mg(answers: Answers, name: str) -> int:
    unit = answers.choice(f"{name}_unit", UNITS)
    if unit not in UNITS:
        return 0
    try:
        return parse_weight_mg(answers.typed(name), unit)
    except NumberRefused as refused:
        answers.refuse(name, refused.message, **refused.params)
        return 0
