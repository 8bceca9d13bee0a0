"""Published lots, open to everybody."""

from http import HTTPStatus
from typing import Any, Final

from flask import request
from sqlalchemy.orm import Session

from marketplace.api.blueprint import Resource
from marketplace.api.problems import FieldsRefused
from marketplace.api.v1.documents import guidance_document, lines_document, money_document, stored_guidance_document
from marketplace.api.v1.examples import JOURNEY, LOT, LOT_PAGE, REFERENCE_PARAMETER, STORED_GUIDANCE
from marketplace.api.v1.journeys import journey_document
from marketplace.api.v1.schemas.journey import JourneySchema
from marketplace.api.v1.schemas.lots import LotContentSchema, LotPageSchema, LotSchema, LotsQuery
from marketplace.api.v1.schemas.prices import StoredGuidanceSchema
from marketplace.checks.queries import notes_of_lot
from marketplace.core.errors import NotFound
from marketplace.core.ids import normal_reference
from marketplace.core.money import Money
from marketplace.custody.queries import record_of_lot
from marketplace.http.access import PUBLIC, allow
from marketplace.http.context import current_uow, settings
from marketplace.lots.models import LotListing
from marketplace.lots.queries import stock_of
from marketplace.search.cursors import BadCursor, Place, read_cursor, write_cursor
from marketplace.search.filters import Filters, parse
from marketplace.search.queries import PublishedLot, find_page, published_lot

bp: Final = Resource("lots", __name__, tag="Lots", description="Lots that buyers may see.")
_OWN_PARAMETERS: Final = frozenset({"limit", "cursor"})


@bp.operation("GET", "")
@allow(PUBLIC)
@bp.takes(LotsQuery, location="query")
@bp.answers(200, LotPageSchema, example=LOT_PAGE)
def list_lots(query: dict[str, Any]) -> dict[str, Any]:
    """List published lots.

    Lots on sale and reserved ones; sold ones when asked for. Newest first unless another order is asked for.
    """
    filters = _filters()
    place = _place(query.get("cursor"), filters)
    page = find_page(current_uow().session, filters, place=place, size=query["limit"])
    after = write_cursor(page.next, key=settings().secret_key) if page.next else None
    return {"lots": [_row(lot) for lot in page.lots], "next_cursor": after}


@bp.operation("GET", "/<reference>", parameters=[REFERENCE_PARAMETER])
@allow(PUBLIC)
@bp.answers(200, LotSchema, example=LOT)
@bp.refuses(HTTPStatus.NOT_FOUND)
def get_lot(reference: str) -> dict[str, Any]:
    """Read a published lot.

    The version that was approved, its hash, who gets what, and the guidance of the day it was sent. The answer carries
    an ETag.
    """
    return _document(_published(current_uow().session, reference))


@bp.operation("GET", "/<reference>/guidance", parameters=[REFERENCE_PARAMETER])
@allow(PUBLIC)
@bp.answers(200, StoredGuidanceSchema, example=STORED_GUIDANCE)
@bp.refuses(HTTPStatus.NOT_FOUND)
def get_lot_guidance(reference: str) -> dict[str, Any]:
    """Read the guide of a published lot.

    The guide that was stored with the version on sale, with its working, worked out again from its inputs: `recomputes`
    says whether the same comes out to the cent. Not found for a lot without a guide.
    """
    version = _published(current_uow().session, reference).version
    if not version.guidance:
        raise NotFound
    return stored_guidance_document(version)


@bp.operation("GET", "/<reference>/journey", parameters=[REFERENCE_PARAMETER])
@allow(PUBLIC)
@bp.answers(200, JourneySchema, example=JOURNEY)
@bp.refuses(HTTPStatus.NOT_FOUND)
def get_lot_journey(reference: str) -> dict[str, Any]:
    """Read what happened to a published lot.

    Every custody event in the order of recording; a correction is an event of its own that names what it corrects. The
    entry `audit_event_id` of the signed log holds the digest of the event.
    """
    session = current_uow().session
    record = record_of_lot(session, lot_id=_published(session, reference).listing.lot_id)
    if record is None:
        raise NotFound
    return journey_document(record)


def _published(session: Session, reference: str) -> PublishedLot:
    if "\x00" in reference:
        raise NotFound
    return published_lot(session, normal_reference(reference))


def _filters() -> Filters:
    asked = {name: values for name, values in request.args.to_dict(flat=False).items() if name not in _OWN_PARAMETERS}
    filters, problems = parse(asked)
    if problems:
        raise FieldsRefused(problems, place="parameter")
    return filters


def _place(cursor: str | None, filters: Filters) -> Place | None:
    if not cursor:
        return None
    try:
        return read_cursor(cursor, sort=filters.sort, key=settings().secret_key)
    except BadCursor as error:
        raise FieldsRefused({"cursor": error.message}, place="parameter") from error


def _row(lot: LotListing) -> dict[str, Any]:
    same = (
        "reference", "title", "kind", "form", "variety", "treatment", "fineness_permille", "country", "place",
        "weight_mg", "pieces", "miner_share_bp", "availability", "published_at",
    )  # fmt: skip
    return {
        **{name: getattr(lot, name) for name in same},
        "cooperative": lot.cooperative_name,
        "women_led": lot.is_women_led,
        "price": money_document(Money(lot.price_minor, lot.currency)),
        "unit_price": money_document(Money(lot.unit_price_minor, lot.currency)),
    }


def _document(found: PublishedLot) -> dict[str, Any]:
    version, content = found.version, found.version.content
    return {
        "reference": found.listing.reference,
        "availability": found.listing.availability,
        "published_at": found.listing.published_at,
        "version_number": version.number,
        "version_sha256": version.sha256,
        "content": {name: content.get(name) for name in LotContentSchema().fields},
        "photos": [{**photo, "url": f"/photos/{photo['sha256']}/1600.webp"} for photo in content["photos"]],
        "price": money_document(Money(version.price_minor, version.currency)),
        "net": money_document(Money(version.net_minor, version.currency)),
        "currency": version.currency,
        "parts": _parts(found),
        "split": lines_document(content["price"]["lines"], version.currency),
        "guidance": guidance_document(version.guidance) if version.guidance else None,
        "independent_checks": _checks(found),
    }


def _checks(found: PublishedLot) -> list[dict[str, Any]]:
    notes = notes_of_lot(current_uow().session, found.listing.lot_id)
    return [
        {
            "reference": each.check.reference,
            "finding": each.check.finding,
            "seen": each.check.seen,
            "note": each.check.note,
            "done_at": each.check.ended_at,
            "version_number": each.version_number,
            "version_sha256": each.check.version_sha256,
            "is_for_this_version": each.check.version_sha256 == found.version.sha256,
        }
        for each in notes
    ]


def _parts(found: PublishedLot) -> dict[str, int] | None:
    stock = stock_of(current_uow().session, found.listing.lot_id)
    if stock is None:
        return None
    return {"whole_mg": stock.whole_mg, "least_part_mg": stock.least_mg, "free_mg": stock.free_mg}
