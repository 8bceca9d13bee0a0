"""A lot's fields for an authority of the ICGLR, with the place of the mine; why it is taken is recorded."""

from collections.abc import Mapping
from typing import Final

from flask import Blueprint, Response, render_template, request

from marketplace.core.actor import StaffRole
from marketplace.core.errors import InvalidInput
from marketplace.http.access import allow, staff
from marketplace.http.context import current_uow
from marketplace.http.languages import translate as _
from marketplace.http.limits import limiter
from marketplace.lots.queries import lot_by_reference
from marketplace.passport.authority import hand_over, read_handover, refusal
from marketplace.passport.icglr import NotCovered
from marketplace.passport.icglr_files import as_csv, as_json
from marketplace.web.account.places import Page, field_errors

bp = Blueprint("staff_icglr", __name__, url_prefix="/staff/lots")
# The same people who may open the place of a mine.
KEEPERS = staff(StaffRole.MODERATOR)
WRITERS: Final = {"csv": as_csv, "json": as_json}
TYPES: Final = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


@bp.get("/<reference>/icglr")
@allow(KEEPERS)
def ask(reference: str) -> str:
    """Ask why the fields are taken, or say why this lot has none."""
    return _page(reference, values={"sequence": "1"}, errors={})


@bp.post("/<reference>/icglr")
@allow(KEEPERS)
@limiter.limit("10 per minute")
def take(reference: str) -> Page | Response:
    """Send the file."""
    lot = lot_by_reference(current_uow().session, reference)
    try:
        asked = read_handover(request.form)
        fields = hand_over(current_uow(), lot=lot, asked=asked)
    except InvalidInput as error:
        return _page(reference, values=request.form, errors=field_errors(error)), 422
    except NotCovered:
        return _page(reference, values=request.form, errors={}), 422
    answer = Response(WRITERS[asked.form](fields), content_type=TYPES[asked.form])
    answer.headers["Content-Disposition"] = f'attachment; filename="icglr-{lot.reference}.{asked.form}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _page(reference: str, *, values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    session = current_uow().session
    lot = lot_by_reference(session, reference)
    sentence = refusal(session, lot)
    return render_template(
        "staff/lots/icglr.html", lot=lot, refusal=_(sentence) if sentence else None, values=values, errors=errors
    )
