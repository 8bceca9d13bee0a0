"""Drafts as the API reads and writes them: the answers of the form, as typed."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from marshmallow import Schema, fields, validate

from marketplace.api.v1.schemas.fields import Code, Day, Flag, Moment, MoneySchema, Strict, Text, Whole
from marketplace.api.v1.schemas.lots import SplitLineSchema
from marketplace.api.v1.schemas.prices import GuidanceSchema
from marketplace.core.text import N_
from marketplace.lots.checks import PAPERS
from marketplace.lots.draft import FIELDS, LONGEST_TEXT, StepState
from marketplace.lots.models import LOT_STATES, PHOTO_SLOTS
from marketplace.lots.queries import Shelf
from marketplace.lots.vocabulary import (
    CLARITIES,
    FINENESS_METHODS,
    FORMS,
    GRADES,
    MERCURY,
    PARCEL_HINTS,
    SHAPES,
    STANDARDS,
    STEPS,
    TREATMENTS,
)

_CODES: Final[Mapping[str, Iterable[str]]] = {
    "form": FORMS,
    "weight_unit": ("g", "ct", "kg", "tola", "ozt"),
    "fineness_method": FINENESS_METHODS,
    "standard": STANDARDS,
    "mercury": MERCURY,
    "treatment": TREATMENTS,
    "clarity": CLARITIES,
    "shape": SHAPES,
    "grade": GRADES,
    "exported_unit": ("g", "kg"),
    "parcel": PARCEL_HINTS,
    "divisible": ("yes",),
    "sure": ("yes",),
    "no_worst_practice": ("yes",),
    "natural": ("yes",),
    "balance_step": ("0.1", "0.01", "0.001"),
}
_WORDS: Final[Mapping[str, str]] = {
    "weight": "Decimal with a comma or a point, in `weight_unit`.",
    "pieces": "Whole number as text.",
    "parcel": "Of stones: needed for more than one piece; one piece is single.",
    "divisible": "Sold in parts: gold dust and sorted stones only.",
    "least_part": "Of a lot sold in parts: decimal in `weight_unit`, at most half and at least a hundredth of it.",
    "sure": "Needed for a weight that is more often a slip than the truth.",
    "fineness": "916, 91.6 % or 22 kt; may be empty for `water_test` with both weights.",
    "weight_in_air": "Grams; for the method `water_test` only, as are the three below.",
    "weight_in_water": "Grams.",
    "water_celsius": "Temperature of the water, 25 when empty.",
    "dimensions": "Millimetres, such as 7.1 x 5 x 3.",
    "site": "Reference of one of the cooperative's mine sites.",
    "mined_from": "Day, such as 2026-08-01.",
    "mined_to": "Day, such as 2026-08-20.",
    "miners": "Whole number as text.",
    "miners_women": "Whole number as text.",
    "tag_number": "Number of the sealed bag.",
    "wanted": "Amount the cooperative wants to receive, in `wanted_currency`.",
    "wanted_currency": "USD or the cooperative's own currency.",
    "government_valuation": "US dollars; rough diamonds of Sierra Leone only.",
    "independent_valuation": "US dollars; rough diamonds of Sierra Leone only.",
    "exported": "Gold exported this month already, in `exported_unit`; Mali only.",
    "reason": "Needed when the price is outside the guide.",
}


def _answer(name: str) -> Text:
    codes = f"One of: {', '.join(_CODES[name])}." if name in _CODES else ""
    words = " ".join(part for part in (_WORDS.get(name, ""), codes) if part)
    return Text(most=LONGEST_TEXT, metadata={"description": words} if words else {})


def _step(step: str) -> type[Schema]:
    answers: dict[str, Any] = {name: _answer(name) for name in FIELDS[step]}
    made = Strict.from_dict(answers, name=f"{step.capitalize()}Answers")
    made.__doc__ = f"Answers of the step {step}, as typed."
    return made


STEP_SCHEMAS: Final = {step: _step(step) for step in FIELDS}
AnswersSchema = Strict.from_dict(
    {step: fields.Nested(schema) for step, schema in STEP_SCHEMAS.items()}, name="Answers"
)  # fmt: skip


class DraftsQuery(Strict):
    """Which lots of your cooperatives are wanted."""

    shelf = Code([shelf.value for shelf in Shelf], load_default=Shelf.DRAFT.value)
    cursor = Text(most=200, metadata={"description": "`next_cursor` of the page before."})


class NewDraft(Strict):
    """For which cooperative a draft is started."""

    cooperative = Text(most=40, metadata={"description": "Reference; may be left out when you belong to one only."})


class DraftChange(Strict):
    """Answers to keep; fields and steps that are left out stay as they are."""

    answers = fields.Nested(AnswersSchema, required=True)


class Declaration(Strict):
    """The declaration that what was answered is true."""

    declared = Flag(
        required=True,
        validate=validate.OneOf([True], error=N_("Only true: say that what was answered is true.")),
    )


class DraftRowSchema(Strict):
    """A lot of your cooperative in a list."""

    reference = Text(required=True)
    cooperative = Text(required=True)
    state = Code(LOT_STATES, required=True)
    shelf = Code([shelf.value for shelf in Shelf], required=True)
    kind = Text(required=True, allow_none=True)
    revision = Whole(required=True)
    updated_at = Moment(required=True)


class DraftPageSchema(Strict):
    """One page of lots of your cooperatives, last changed first."""

    drafts = fields.List(fields.Nested(DraftRowSchema), required=True)
    next_cursor = Text(required=True, allow_none=True)


class DraftPhotoSchema(Strict):
    """A photo of a draft, drawn anew and without anything but its pixels."""

    slot = Code(PHOTO_SLOTS, required=True)
    sha256 = Text(required=True)
    width = Whole(required=True)
    height = Whole(required=True)
    uploaded_at = Moment(required=True)


class MissingSchema(Strict):
    """One thing that keeps a draft from being sent."""

    step = Code(
        [*STEPS, PAPERS, ""],
        required=True,
        metadata={"description": "Empty when it is not mended in the draft; papers when a document is missing."},
    )
    field = Text(required=True, metadata={"description": "A field of the step, or the kind of the document."})
    detail = Text(required=True)


class DraftPriceSchema(Strict):
    """What a buyer would pay for the amount wanted."""

    wanted = fields.Nested(MoneySchema, required=True, allow_none=True)
    net = fields.Nested(
        MoneySchema, required=True, allow_none=True, metadata={"description": "The binding US dollars."}
    )
    price = fields.Nested(MoneySchema, required=True, allow_none=True)
    rate_of = Day(required=True, allow_none=True)
    split = fields.List(fields.Nested(SplitLineSchema), required=True)


class DraftSchema(Strict):
    """A lot in the making."""

    reference = Text(required=True)
    cooperative = Text(required=True)
    state = Code(LOT_STATES, required=True)
    kind = Text(required=True, allow_none=True)
    revision = Whole(required=True, metadata={"description": "Counts saves; also the ETag."})
    created_at = Moment(required=True)
    updated_at = Moment(required=True)
    answers = fields.Nested(AnswersSchema, required=True)
    steps = fields.Dict(
        keys=Code(STEPS), values=Code([state.value for state in StepState]), required=True,
        metadata={"description": "How far each step is."},
    )  # fmt: skip
    photos = fields.List(fields.Nested(DraftPhotoSchema), required=True)
    price = fields.Nested(DraftPriceSchema, required=True)
    guidance = fields.Nested(GuidanceSchema, required=True, allow_none=True)
    missing = fields.List(fields.Nested(MissingSchema), required=True)


class SubmissionSchema(Strict):
    """The version that was frozen and waits for a decision."""

    reference = Text(required=True)
    state = Code(LOT_STATES, required=True)
    version_number = Whole(required=True)
    version_sha256 = Text(required=True)
    submitted_at = Moment(required=True)
