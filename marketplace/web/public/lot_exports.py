"""What happened to a lot, as programs of the trade read it: EPCIS 2.0 as of now, and the meaning of our own terms."""

from hashlib import sha256
from typing import Final

import rfc8785
from flask import Blueprint, Response, jsonify, request
from werkzeug.wrappers import Response as AnyResponse

from marketplace.core.errors import NotFound
from marketplace.custody.queries import record_of_lot
from marketplace.http.access import PUBLIC, allow
from marketplace.http.context import current_uow, settings
from marketplace.lots.queries import published_version
from marketplace.passport.addresses import CUSTODY_CONTEXT
from marketplace.passport.epcis import custody_context, document_of

bp = Blueprint("lot_exports", __name__)
LONGEST_REFERENCE: Final = 40
LINKED_DATA: Final = "application/ld+json"


@bp.get("/lots/<reference>/events.epcis.json")
@allow(PUBLIC)
def events(reference: str) -> AnyResponse:
    """Give the events of a lot on sale or sold; the file stays the same until another one is recorded."""
    if len(reference) > LONGEST_REFERENCE or "\x00" in reference:
        raise NotFound
    session = current_uow().session
    lot, _version = published_version(session, reference)
    record = record_of_lot(session, lot_id=lot.id)
    if record is None:
        raise NotFound
    created_at = max([record.published_at, *(step.recorded_at for step in record.steps)])
    content = rfc8785.dumps(document_of(record, base_url=settings().base_url, created_at=created_at))
    answer = Response(content, mimetype=LINKED_DATA)
    answer.headers["Content-Disposition"] = f'attachment; filename="events-{record.reference}.epcis.json"'
    answer.headers["Cache-Control"] = "public, no-cache"
    answer.set_etag(sha256(content).hexdigest())
    return answer.make_conditional(request)


@bp.get(CUSTODY_CONTEXT)
@allow(PUBLIC)
def context() -> Response:
    """Answer with the meaning of our own terms; this address never says anything else."""
    answer = jsonify(custody_context(settings().base_url))
    answer.mimetype = LINKED_DATA
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return answer
