"""What happened to a lot as of now, for programs of the trade: EPCIS 2.0, ICGLR, and what our own terms mean."""

import json
from hashlib import sha256
from typing import Final

import rfc8785
from flask import Blueprint, Response, jsonify, request
from werkzeug.wrappers import Response as AnyResponse

from marketplace.core.errors import NotFound
from marketplace.custody.queries import record_of_lot
from marketplace.custody.record import LotRecord
from marketplace.http.access import PUBLIC, allow
from marketplace.http.context import current_uow, settings
from marketplace.lots.queries import published_version
from marketplace.passport.addresses import CUSTODY_CONTEXT
from marketplace.passport.epcis import custody_context, document_of
from marketplace.passport.icglr import OutsideIcglr
from marketplace.passport.icglr_files import as_csv
from marketplace.passport.icglr_public import TABLES, public_document, public_rows

bp = Blueprint("lot_exports", __name__)
LONGEST_REFERENCE: Final = 40
LINKED_DATA: Final = "application/ld+json"


@bp.get("/lots/<reference>/events.epcis.json")
@allow(PUBLIC)
def events(reference: str) -> AnyResponse:
    """Give the events of a lot on sale or sold; the file stays the same until another one is recorded."""
    record = _public_record(reference)
    created_at = max([record.published_at, *(step.recorded_at for step in record.steps)])
    content = rfc8785.dumps(document_of(record, base_url=settings().base_url, created_at=created_at))
    return _file(content, kind=LINKED_DATA, name=f"events-{record.reference}.epcis.json")


@bp.get("/lots/<reference>/icglr.json")
@allow(PUBLIC)
def icglr(reference: str) -> AnyResponse:
    """Give the public part of the lot's ICGLR record."""
    record = _public_record(reference)
    try:
        document = public_document(record)
    except OutsideIcglr as error:
        raise NotFound(error.message) from error
    content = json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"
    return _file(content, kind="application/json", name=f"icglr-{record.reference}.json")


@bp.get("/lots/<reference>/icglr/<table>.csv")
@allow(PUBLIC)
def icglr_table(reference: str, table: str) -> AnyResponse:
    """Give one table of it for a spreadsheet."""
    record = _public_record(reference)
    if table not in TABLES:
        raise NotFound
    try:
        rows = public_rows(record, table=table)
    except OutsideIcglr as error:
        raise NotFound(error.message) from error
    return _file(as_csv(rows).encode(), kind="text/csv", name=f"icglr-{record.reference}-{table}.csv")


@bp.get(CUSTODY_CONTEXT)
@allow(PUBLIC)
def context() -> Response:
    """Answer with the meaning of our own terms; this address never says anything else."""
    answer = jsonify(custody_context(settings().base_url))
    answer.mimetype = LINKED_DATA
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return answer


def _public_record(reference: str) -> LotRecord:
    if len(reference) > LONGEST_REFERENCE or "\x00" in reference:
        raise NotFound
    session = current_uow().session
    lot, _version = published_version(session, reference)
    record = record_of_lot(session, lot_id=lot.id)
    if record is None:
        raise NotFound
    return record


def _file(content: bytes, *, kind: str, name: str) -> AnyResponse:
    answer = Response(content, mimetype=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "public, no-cache"
    answer.set_etag(sha256(content).hexdigest())
    return answer.make_conditional(request)
