"""The papers of an order on its pages: what is missing before the goods leave, and what is here."""

from functools import partial
from typing import Any

from flask import url_for

from marketplace.compliance.models import Cooperative
from marketplace.documents.owners import Owner
from marketplace.documents.queries import documents_of
from marketplace.lots.models import Lot, LotVersion
from marketplace.orders.models import Order
from marketplace.orders.shipping_papers import BEFORE_SHIPMENT, missing_papers_of
from marketplace.unit_of_work import UnitOfWork
from marketplace.web.document_view import unmet_words, upload_address, words_of_documents


def papers_view(uow: UnitOfWork, order: Order, *, for_staff: bool = False) -> dict[str, Any]:
    """Return what an order's page shows of papers; nothing is missing any more once the goods are on their way."""
    session = uow.session
    may_send = not for_staff and uow.actor.may_write_for(order.cooperative_id)
    missing = missing_papers_of(session, order, today=uow.now.date()) if order.state in BEFORE_SHIPMENT else []
    address_of = partial(
        upload_address,
        cooperative=session.get_one(Cooperative, order.cooperative_id).reference,
        site=session.get_one(LotVersion, order.version_id).content.get("site_reference"),
        lot=session.get_one(Lot, order.lot_id).reference,
        order=order.reference,
    )
    return {
        "missing": [
            {
                "text": unmet_words(each),
                "mender": each.mender,
                "href": address_of(each.about) if may_send and each.mender == "cooperative" else None,
            }
            for each in missing
        ],
        "is_before": order.state in BEFORE_SHIPMENT,
        "rows": documents_of(session, Owner(cooperative_id=order.cooperative_id, order_id=order.id)),
        "page": "staff_documents.show" if for_staff else "cooperative_documents.show",
        "add": url_for("cooperative_documents.new", owner=f"order:{order.reference}") if may_send else None,
        **words_of_documents(),
    }
