"""The ICGLR record of a lot for the authority of its country. It tells the exact site, so taking it is recorded."""

import json
from io import BytesIO
from typing import Final

from flask import Blueprint, render_template, request, send_file
from werkzeug.wrappers import Response

from marketplace.core.actor import StaffRole
from marketplace.core.errors import NotFound
from marketplace.http.access import allow, staff
from marketplace.http.context import current_uow
from marketplace.http.languages import translate
from marketplace.http.limits import limiter
from marketplace.lots.queries import lot_by_reference
from marketplace.passport import icglr
from marketplace.passport.authority import public_record, record_for_authority
from marketplace.passport.icglr_files import as_csv

bp = Blueprint("staff_lot_icglr", __name__, url_prefix="/staff/lots")
TAKERS = staff(StaffRole.MODERATOR)
TABLES: Final = ("lots", "tags", "mineSites", "taxes")
FORMS: Final = ("json", *TABLES)


@bp.get("/<reference>/icglr")
@allow(TAKERS)
def show(reference: str) -> str:
    """Say what the record holds, or why there is none; show only what everybody may read."""
    lot = lot_by_reference(current_uow().session, reference)
    record, refused, document = public_record(current_uow().session, lot=lot), None, None
    try:
        document = icglr.document_of(record)
    except icglr.OutsideIcglr as error:
        refused = translate(error.message)
    return render_template("staff/lots/icglr.html", lot=lot, document=document, refused=refused)


@bp.post("/<reference>/icglr")
@allow(TAKERS)
@limiter.limit("30 per minute")
def take(reference: str) -> Response:
    """Send the whole record as JSON, or one of its tables as CSV; `form` says which."""
    form = request.form.get("form", "json")
    if form not in FORMS:
        raise NotFound
    uow = current_uow()
    lot = lot_by_reference(uow.session, reference)
    document = record_for_authority(uow, lot=lot, form=form)
    if form == "json":
        text, kind, ending = json.dumps(document, ensure_ascii=False, indent=1) + "\n", "application/json", "json"
    else:
        rows = [{name: value for name, value in row.items() if name != "missing"} for row in document[form]]
        text, kind, ending = as_csv(rows), "text/csv", "csv"
    name = f"icglr-{lot.reference}-{form}.{ending}" if form != "json" else f"icglr-{lot.reference}.json"
    answer = send_file(BytesIO(text.encode("utf-8")), mimetype=kind, as_attachment=True, download_name=name)
    answer.headers["Cache-Control"] = "no-store"
    return answer
