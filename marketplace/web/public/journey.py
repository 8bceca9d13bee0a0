"""The journey of a lot for everyone: what happened to it, step by step, each with its proof."""

from flask import Blueprint, render_template

from marketplace.core.errors import NotFound
from marketplace.custody.queries import record_of_lot
from marketplace.http.access import PUBLIC, allow
from marketplace.http.context import current_uow
from marketplace.lots.queries import published_version
from marketplace.passport.icglr_public import is_covered
from marketplace.passport.queries import latest
from marketplace.web.custody_words import journey_of

bp = Blueprint("public_journey", __name__, url_prefix="/lots")
LONGEST_REFERENCE = 40


@bp.get("/<reference>/journey")
@allow(PUBLIC)
def show(reference: str) -> str:
    """Show what happened to a lot on sale or sold: no name of a miner, no place nearer than the district, no price."""
    if len(reference) > LONGEST_REFERENCE or "\x00" in reference:
        raise NotFound
    session = current_uow().session
    lot, _version = published_version(session, reference)
    record = record_of_lot(session, lot_id=lot.id)
    if record is None:
        raise NotFound
    return render_template(
        "public/custody/journey.html",
        record=record,
        journey=journey_of(record),
        has_passport=latest(session, lot_id=lot.id) is not None,
        has_icglr=is_covered(record),
    )
