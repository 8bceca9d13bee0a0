"""What a draft still lacks before it may be sent: one explanation each, with the step that mends it.

Source: the programme's publication requirements; those about the cooperative, the mine site and the law of the country
come from the compliance gate and are placed at their step here.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from marketplace.compliance.gate import Mender, Unmet
from marketplace.core.errors import FieldError, InvalidInput
from marketplace.core.text import N_
from marketplace.lots.draft import DraftAnswers, StepState
from marketplace.lots.vocabulary import PHOTOS_NEEDED, TYPED_STEPS

_STEP_OF_REQUIREMENT: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "mercury": ("quality", "mercury"),
        "cut_in_country": ("weight", "weight"),
        "site_missing": ("origin", "site"),
        "mined_day_missing": ("origin", "mined_from"),
        "right_not_valid": ("origin", "mined_from"),
    }
)
_ELSEWHERE: Final = ("origin", "site")
# Not one of the steps: what is missing there is a document, `field` its kind, and it is sent on the pages of documents.
PAPERS: Final = "papers"
# Without an approved cooperative nothing is sent at all; other duties of staff do not keep a lot from being sent.
_BLOCKS_WHOEVER_MENDS: Final = frozenset(
    {"cooperative_not_approved", "cooperative_suspended", "site_red", "site_abandoned"}
)
_UNANSWERED: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "kind": ("form", N_("Say what it is.")),
        "weight": ("weight", N_("Enter the weight.")),
        "quality": ("", N_("Describe the quality.")),
        "origin": ("site", N_("Say where it was mined.")),
        "price": ("wanted", N_("Say how much you want to receive.")),
    }
)


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that keeps a lot from being sent: where it is mended, and what to say.

    `is_typed` is False for what no other answer mends, such as a licence or a law.
    """

    step: str
    field: str
    message: str
    params: Mapping[str, object] = dataclasses.field(default_factory=dict)
    is_typed: bool = True


@dataclass(frozen=True, slots=True)
class Subject:
    """What the checks look at: answers, number of photos, whether another lot has the bag, and the gate's findings."""

    answers: DraftAnswers
    photos: int
    tag_is_taken: bool
    reason_is_missing: bool
    price_problem: FieldError | None
    unmet: Sequence[Unmet]


class LotIncomplete(InvalidInput):
    """The draft lacks something; `missing` names each with its step."""

    code = "lot_incomplete"
    message = N_("The lot cannot be sent yet. Something is missing.")

    def __init__(self, missing: Sequence[Missing]) -> None:
        self.missing = tuple(missing)
        super().__init__({f"{each.step}.{each.field}": FieldError(each.message, **each.params) for each in missing})


def missing(subject: Subject) -> list[Missing]:
    """Return everything that keeps a draft from being sent, in the order of the steps."""
    found = [*_typed(subject), *_photos(subject), *_told_by_others(subject)]
    order = [*TYPED_STEPS[:2], "photos", *TYPED_STEPS[2:], PAPERS, ""]
    return sorted(found, key=lambda each: order.index(each.step))


def duties_of_staff(unmet: Sequence[Unmet]) -> list[Unmet]:
    """Return what Pact still has to do before publication; it does not keep the lot from being sent."""
    return [each for each in unmet if each.mender is Mender.STAFF and each.code not in _BLOCKS_WHOEVER_MENDS]


def require_declaration(typed: Mapping[str, str]) -> None:
    """Raise InvalidInput unless the declaration was ticked."""
    if typed.get("declared") != "yes":
        raise InvalidInput({"declared": N_("Tick the box to say that this is true.")})


def photos_needed(kind: str | None) -> int:
    """Return how many photos a lot needs; as many as the stricter kind needs while the kind is not known."""
    return PHOTOS_NEEDED[kind] if kind else max(PHOTOS_NEEDED.values())


def state_of_photos(count: int, *, kind: str | None) -> StepState:
    """Return how far the photos are."""
    if count == 0:
        return StepState.NOT_STARTED
    return StepState.DONE if count >= photos_needed(kind) else StepState.INCOMPLETE


def _typed(subject: Subject) -> list[Missing]:
    found: list[Missing] = []
    for step in TYPED_STEPS:
        if getattr(subject.answers, step) is not None:
            continue
        errors = subject.answers.errors.get(step)
        if errors is None:
            name, message = _UNANSWERED[step]
            found.append(Missing(step, name, message))
        else:
            found += [Missing(step, name, error.message, error.params) for name, error in errors.items()]
    return found


def _photos(subject: Subject) -> list[Missing]:
    kind = subject.answers.kind.kind if subject.answers.kind else None
    needed = photos_needed(kind)
    if subject.photos >= needed:
        return []
    message = N_("Add photos: %(needed)s are needed, there are %(present)s.")
    return [Missing("photos", "", message, {"needed": needed, "present": subject.photos})]


def _told_by_others(subject: Subject) -> list[Missing]:
    found: list[Missing] = []
    if subject.tag_is_taken:
        found.append(Missing("origin", "tag_number", N_("Another lot has this bag number. Check the seal.")))
    if subject.price_problem is not None:
        found.append(Missing("price", "wanted", subject.price_problem.message, subject.price_problem.params))
    if subject.reason_is_missing:
        found.append(Missing("price", "reason", REASON_WANTED))
    already = {(each.step, each.field) for each in _typed(subject)}
    for each in subject.unmet:
        if each.mender is Mender.STAFF and each.code not in _BLOCKS_WHOEVER_MENDS:
            continue
        step, name = _place_of(each)
        if (step, name) not in already:
            found.append(Missing(step, name, each.text, each.params, is_typed=False))
    return found


REASON_WANTED: Final = N_("This price is outside the guide. Tell why: it helps the person who checks.")


def _place_of(unmet: Unmet) -> tuple[str, str]:
    if unmet.about:
        return (PAPERS, unmet.about)
    if unmet.code.startswith("cooperative"):
        return ("", "")
    return _STEP_OF_REQUIREMENT.get(unmet.code, _ELSEWHERE)
