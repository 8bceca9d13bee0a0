"""Photos that the parties of an order showed: for the parties and for staff who decide."""

from uuid import UUID

from flask import Blueprint, Response

from marketplace.core.actor import Actor, StaffRole
from marketplace.core.errors import NotFound
from marketplace.core.storage import FileMissing
from marketplace.http.access import SIGNED_IN, allow
from marketplace.http.context import current_uow, file_store
from marketplace.orders.models import Order, OrderEvidence
from marketplace.orders.services.evidence import key_of_evidence

bp = Blueprint("evidence", __name__, url_prefix="/orders/evidence")
_READERS = (StaffRole.MODERATOR, StaffRole.VERIFIER, StaffRole.FINANCE, StaffRole.AUDITOR)


@bp.get("/<uuid:evidence_id>")
@allow(SIGNED_IN)
def photo(evidence_id: UUID) -> Response:
    """Send a photo to the parties of its order and to staff; to anyone else it is not there."""
    uow = current_uow()
    found = uow.session.get(OrderEvidence, evidence_id)
    if found is None or found.photo_sha256 is None:
        raise NotFound
    if not _may_see(uow.actor, uow.session.get_one(Order, found.order_id)):
        raise NotFound
    try:
        content = file_store().get(key_of_evidence(found.photo_sha256))
    except FileMissing:
        raise NotFound from None
    response = Response(content, content_type="image/webp")
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


def _may_see(actor: Actor, order: Order) -> bool:
    is_buyer = actor.buyer_id == order.buyer_id or actor.user_id == order.buyer_user_id
    return is_buyer or order.cooperative_id in actor.memberships or actor.has_role(*_READERS)
