"""Photos of lots: published ones for everybody, others for their cooperative and for staff."""

from flask import Blueprint, Response

from marketplace.core.errors import NotFound
from marketplace.core.storage import FileMissing
from marketplace.http.access import PUBLIC, allow
from marketplace.http.context import current_uow, file_store
from marketplace.lots.files import WIDTHS, key_of
from marketplace.lots.queries import photo_is_for, photo_is_public

bp = Blueprint("photos", __name__)
# The address is the digest of the bytes: what is behind it never changes.
_FOR_EVERYBODY = "public, max-age=31536000, immutable"
_FOR_ONE = "private, max-age=3600"


@bp.get("/photos/<sha256>/<int:width>.webp")
@allow(PUBLIC)
def show(sha256: str, width: int) -> Response:
    """Send a photo to whoever may see it; to anyone else it is not there."""
    uow = current_uow()
    is_public = photo_is_public(uow.session, sha256)
    if not (is_public or photo_is_for(uow.session, sha256, uow.actor)):
        raise NotFound
    return picture_of(sha256, width, is_public=is_public)


def picture_of(sha256: str, width: int, *, is_public: bool) -> Response:
    """Send a photo from the store; raise NotFound for one that is not there in this width. Who may see it is asked."""
    if width not in WIDTHS:
        raise NotFound
    try:
        content = file_store().get(key_of(sha256, width))
    except (FileMissing, ValueError):
        raise NotFound from None
    response = Response(content, content_type="image/webp")
    response.headers["Cache-Control"] = _FOR_EVERYBODY if is_public else _FOR_ONE
    return response
