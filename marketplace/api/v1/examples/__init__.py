"""Examples of the description, one JSON file each; the tests send every question and compare every answer."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

_FOLDER: Final = Path(__file__).parent


def _example(name: str) -> Any:
    return json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def _reference(description: str, example: str) -> dict[str, Any]:
    return {
        "in": "path", "name": "reference", "required": True, "description": description,
        "schema": {"type": "string"}, "example": example,
    }  # fmt: skip


REFERENCE_PRICES: Final = _example("reference_prices")
SERIES_LIST: Final = _example("series_list")
RATE: Final = _example("rate")
RATE_HISTORY: Final = _example("rate_history")
GUIDANCE_QUESTION: Final = _example("guidance_question")
GUIDANCE: Final = _example("guidance")
STORED_GUIDANCE: Final = _example("stored_guidance")
LOT_PAGE: Final = _example("lot_page")
LOT: Final = _example("lot")
JOURNEY: Final = _example("journey")
ME: Final = _example("me")
NEW_DRAFT: Final = _example("new_draft")
DRAFT_CHANGE: Final = _example("draft_change")
DRAFT: Final = _example("draft")
DRAFT_PAGE: Final = _example("draft_page")
DRAFT_PHOTO: Final = _example("draft_photo")
DECLARATION: Final = _example("declaration")
SUBMISSION: Final = _example("submission")
ORDER_PAGE: Final = _example("order_page")
ORDER: Final = _example("order")
NEW_OFFER: Final = _example("new_offer")
NEGOTIATION: Final = _example("negotiation")
NEGOTIATION_PAGE: Final = _example("negotiation_page")
COUNTER_OFFER: Final = _example("counter_offer")
COUNTERED_NEGOTIATION: Final = _example("negotiation_countered")
ACCEPTED_NEGOTIATION: Final = _example("negotiation_accepted")
DECLINED_NEGOTIATION: Final = _example("negotiation_declined")
WITHDRAWN_NEGOTIATION: Final = _example("negotiation_withdrawn")

REFERENCE_PARAMETER: Final = _reference("Reference of a lot.", "TZ-7F3K-92QD")
DRAFT_REFERENCE: Final = _reference("Reference of a lot of your cooperative.", "TZ-7F3K-92QD")
NEGOTIATION_REFERENCE: Final = _reference("Reference of a negotiation.", "NG-4H2M-81CX")
ORDER_REFERENCE: Final = _reference("Reference of an order.", "OR-4H2M-81CX")
SLOT: Final = {
    "in": "path", "name": "slot", "required": True, "description": "Place of the photo.",
    "schema": {"type": "string", "enum": ["front", "side", "scale", "daylight"]}, "example": "front",
}  # fmt: skip


def photo_body(types: Iterable[str]) -> dict[str, Any]:
    """Describe a body of the bytes of one picture."""
    return {"required": True, "content": {each: {} for each in types}}
