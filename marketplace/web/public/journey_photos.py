"""Photos of what happened to a lot: for everybody once it is on sale or sold, before that for its own and for staff."""

from flask import Blueprint, Response

from marketplace.core.errors import NotFound
from marketplace.custody.queries import events_of_lot, steps_of
from marketplace.http.access import PUBLIC, allow
from marketplace.http.context import current_uow
from marketplace.lots.models import Lot
from marketplace.lots.queries import lot_by_reference, published_version
from marketplace.web.public.journey import LONGEST_REFERENCE
from marketplace.web.public.photos import picture_of

bp = Blueprint("journey_photos", __name__, url_prefix="/lots")


@bp.get("/<reference>/journey/photos/<sha256>/<int:width>.webp")
@allow(PUBLIC)
def show(reference: str, sha256: str, width: int) -> Response:
    """Send a photo that belongs to an entry of this very lot."""
    if len(reference) > LONGEST_REFERENCE or "\x00" in reference:
        raise NotFound
    lot, is_public = _lot(reference)
    session = current_uow().session
    steps = steps_of(session, events_of_lot(session, lot_id=lot.id))
    if not any(sha256 in step.photo_sha256s for step in steps):
        raise NotFound
    return picture_of(sha256, width, is_public=is_public)


def _lot(reference: str) -> tuple[Lot, bool]:
    """Return the lot, and whether everybody may see it; raise NotFound for whom it is not there."""
    uow = current_uow()
    try:
        return published_version(uow.session, reference)[0], True
    except NotFound:
        lot = lot_by_reference(uow.session, reference)
        if uow.actor.is_staff or lot.cooperative_id in uow.actor.memberships:
            return lot, False
        raise
