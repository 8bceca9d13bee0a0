"""Lots in the making: the same seven steps as the form, for programs."""

from http import HTTPStatus
from typing import Any, Final

from flask import request

from marketplace.api.blueprint import Resource
from marketplace.api.bodies import UnsupportedBody
from marketplace.api.openapi import IDEMPOTENCY_KEY, IF_MATCH, needs
from marketplace.api.preconditions import etag_of, keyed, require_version
from marketplace.api.problems import below
from marketplace.api.tokens import bearer
from marketplace.api.v1 import examples
from marketplace.api.v1.drafts import (
    draft_document,
    own_lot,
    photo_document,
    read_place,
    save_answers,
    wanted_cooperative,
    write_place,
)
from marketplace.api.v1.schemas.drafts import (
    Declaration,
    DraftChange,
    DraftPageSchema,
    DraftPhotoSchema,
    DraftSchema,
    DraftsQuery,
    NewDraft,
    SubmissionSchema,
)
from marketplace.compliance.models import Cooperative
from marketplace.core.errors import NotFound
from marketplace.http.context import current_uow, file_store
from marketplace.http.limits import limiter
from marketplace.lots.models import Lot, LotVersion
from marketplace.lots.queries import Shelf, lots_of_member, shelf_of
from marketplace.lots.queries.lots import PAGE
from marketplace.lots.services import add_photo, remove_photo, start_draft
from marketplace.moderation.services import submit_lot
from marketplace.orders.comparable_sales import sales_like
from marketplace.orders.offer_queries import has_open_offer

bp: Final = Resource("drafts", __name__, tag="Drafts", description="Lots of your cooperatives, from the first answer.")
WRITES: Final = "240 per minute"
PHOTO_TYPES: Final = ("image/jpeg", "image/png", "image/webp", "image/heic", "image/heif")


@bp.operation("GET", "")
@bearer("read")
@bp.takes(DraftsQuery, location="query")
@bp.answers(200, DraftPageSchema, example=examples.DRAFT_PAGE)
@bp.describe(**needs("read"))
def list_drafts(query: dict[str, Any]) -> dict[str, Any]:
    """List lots of your cooperatives.

    Drafts, or those of another shelf; last changed first, twenty a page.
    """
    uow = current_uow()
    found = lots_of_member(uow.session, uow.actor, shelf=Shelf(query["shelf"]), after=read_place(query.get("cursor")))
    lots = found[:PAGE]
    return {
        "drafts": [_row(lot) for lot in lots],
        "next_cursor": write_place(lots[-1]) if len(found) > PAGE else None,
    }


@bp.operation("POST", "")
@limiter.limit(WRITES)
@bearer("write")
@keyed
@bp.takes(NewDraft, example=examples.NEW_DRAFT)
@bp.answers(201, DraftSchema, example=examples.DRAFT)
@bp.describe(**needs("write"), parameters=[IDEMPOTENCY_KEY])
def create_draft(asked: dict[str, Any]) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Start a draft."""
    cooperative = wanted_cooperative(asked.get("cooperative"))
    lot = start_draft(current_uow(), cooperative_id=cooperative.id)
    current_uow().session.flush()
    return draft_document(lot), 201, {**_etag(lot), "Location": f"/api/v1/drafts/{lot.reference}"}


@bp.operation("GET", "/<reference>", parameters=[examples.DRAFT_REFERENCE])
@bearer("read")
@bp.answers(200, DraftSchema, example=examples.DRAFT)
@bp.refuses(HTTPStatus.NOT_FOUND)
@bp.describe(**needs("read"))
def get_draft(reference: str) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Read a lot of your cooperative.

    Its answers as typed, how far each step is, price and guidance so far, and what is still missing.
    """
    lot = own_lot(reference)
    return draft_document(lot), 200, _etag(lot)


@bp.operation("PATCH", "/<reference>", parameters=[examples.DRAFT_REFERENCE])
@limiter.limit(WRITES)
@bearer("write")
@bp.takes(DraftChange, example=examples.DRAFT_CHANGE)
@bp.answers(200, DraftSchema, example=examples.DRAFT)
@bp.refuses(HTTPStatus.NOT_FOUND, HTTPStatus.PRECONDITION_FAILED)
@bp.describe(**needs("write"), parameters=[IF_MATCH])
def change_draft(change: dict[str, Any], reference: str) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Change answers of a draft.

    All answers sent are kept, or none when one of them is refused.
    """
    lot = own_lot(reference, lock=True)
    require_version(lot.draft_revision)
    save_answers(lot, change["answers"])
    return draft_document(lot), 200, _etag(lot)


@bp.operation("PUT", "/<reference>/photos/<slot>", parameters=[examples.DRAFT_REFERENCE, examples.SLOT])
@limiter.limit(WRITES)
@bearer("write")
@bp.answers(200, DraftPhotoSchema, example=examples.DRAFT_PHOTO)
@bp.refuses(
    HTTPStatus.NOT_FOUND,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
)
@bp.describe(**needs("write"), requestBody=examples.photo_body(PHOTO_TYPES))
def put_photo(reference: str, slot: str) -> dict[str, Any]:
    """Put a photo into a place.

    The bytes of one picture. It is drawn anew: place, camera and everything but the pixels are left behind.
    """
    if request.mimetype not in PHOTO_TYPES:
        raise UnsupportedBody(wanted=", ".join(PHOTO_TYPES))
    lot = own_lot(reference, lock=True)
    photo = add_photo(current_uow(), lot=lot, slot=slot, content=request.get_data(), store=file_store())
    return photo_document(photo)


@bp.operation("DELETE", "/<reference>/photos/<slot>", parameters=[examples.DRAFT_REFERENCE, examples.SLOT])
@limiter.limit(WRITES)
@bearer("write")
@bp.answers(204)
@bp.refuses(HTTPStatus.NOT_FOUND)
@bp.describe(**needs("write"))
def delete_photo(reference: str, slot: str) -> None:
    """Take a photo out of a draft."""
    remove_photo(current_uow(), lot=own_lot(reference, lock=True), slot=slot)


@bp.operation("POST", "/<reference>/submission", parameters=[examples.DRAFT_REFERENCE])
@limiter.limit(WRITES)
@bearer("write")
@keyed
@bp.takes(Declaration, example=examples.DECLARATION)
@bp.answers(201, SubmissionSchema, example=examples.SUBMISSION)
@bp.refuses(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT, HTTPStatus.PRECONDITION_FAILED)
@bp.describe(**needs("write"), parameters=[IDEMPOTENCY_KEY, IF_MATCH])
def submit_draft(_declared: dict[str, Any], reference: str) -> dict[str, Any]:
    """Send a draft to be checked.

    What was answered is frozen as a version; people of Pact decide about exactly that.
    """
    uow = current_uow()
    lot = own_lot(reference, lock=True)
    require_version(lot.draft_revision)
    with below("answers"):
        case = submit_lot(uow, lot=lot, sales=sales_like, offers=has_open_offer)
    return _submission(lot, uow.session.get_one(LotVersion, case.version_id))


def _row(lot: Lot) -> dict[str, Any]:
    same = ("reference", "state", "kind", "updated_at")
    cooperative = current_uow().session.get(Cooperative, lot.cooperative_id)
    if cooperative is None:
        raise NotFound
    return {
        **{name: getattr(lot, name) for name in same},
        "cooperative": cooperative.reference,
        "shelf": shelf_of(lot).value,
        "revision": lot.draft_revision,
    }


def _submission(lot: Lot, version: LotVersion) -> dict[str, Any]:
    return {
        "reference": lot.reference,
        "state": lot.state,
        "version_number": version.number,
        "version_sha256": version.sha256,
        "submitted_at": version.submitted_at,
    }


def _etag(lot: Lot) -> dict[str, str]:
    return {"ETag": etag_of(lot.draft_revision)}
