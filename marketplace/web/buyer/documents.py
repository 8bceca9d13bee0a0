"""The papers that travel with a buyer's goods: certificates of her own paid order, never the cooperative's own."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from flask import Blueprint
from werkzeug.wrappers import Response

from marketplace.core.errors import NotFound
from marketplace.documents.models import Document
from marketplace.documents.queries import papers_for_buyer
from marketplace.http.access import BUYER, allow
from marketplace.http.context import current_uow
from marketplace.orders.models import Order
from marketplace.orders.queries import order_of_buyer
from marketplace.orders.transitions import State
from marketplace.web.document_view import file_of, note_reading

bp = Blueprint("buyer_documents", __name__, url_prefix="/orders/<reference>/documents")
bp.after_request(note_reading)
# Before the goods are paid, and once the money is on its way back, they are not hers.
NOT_HERS: Final = frozenset(
    {
        State.PENDING_PAYMENT,
        State.FUNDING,
        State.REFUNDING,
        State.REFUNDED,
        State.REFUND_FAILED,
        State.CANCELLED,
        State.EXPIRED,
    }
)


@bp.get("/<uuid:document_id>/file")
@allow(BUYER)
def file(reference: str, document_id: UUID) -> Response:
    """Give the file of a paper of her own order; noted in the log."""
    uow = current_uow()
    order = order_of_buyer(uow.session, reference, buyer_id=uow.actor.buyer_id)
    row = next((each for each in documents_for_buyer(order) if each.id == document_id), None)
    if row is None:
        raise NotFound
    return file_of(row)


def documents_for_buyer(order: Order) -> Sequence[Document]:
    """Return the papers the buyer of an order may read now."""
    if order.state in NOT_HERS:
        return ()
    return papers_for_buyer(current_uow().session, lot_id=order.lot_id, order_id=order.id)
