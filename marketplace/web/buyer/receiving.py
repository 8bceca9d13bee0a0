"""The receiving check: what the buyer found beside what was sent, and the way on when they differ."""

from flask import Blueprint, render_template

from marketplace.core.errors import NotFound
from marketplace.http.access import BUYER, allow
from marketplace.http.context import current_uow
from marketplace.lots.models import Lot, LotVersion
from marketplace.orders import queries
from marketplace.orders.receiving import compare
from marketplace.web.order_view import actions_of

bp = Blueprint("buyer_receiving", __name__, url_prefix="/orders")


@bp.get("/<reference>/receiving-check")
@allow(BUYER)
def show(reference: str) -> str:
    """Compare seal and weight of the newest parcel to the buyer; before one came there is nothing here."""
    uow = current_uow()
    order = queries.order_of_buyer(uow.session, reference, buyer_id=uow.actor.buyer_id)
    parcels = [each for each in queries.shipments_of(uow.session, order.id) if each.leg != "back"]
    came = [each for each in parcels if each.delivered_at is not None]
    if not came:
        raise NotFound
    parcel = max(came, key=lambda each: each.shipped_at)
    kind = uow.session.get_one(LotVersion, order.version_id).content["kind"]
    check = compare(
        kind=kind, sent_mg=parcel.weight_mg, received_mg=parcel.received_weight_mg, seal_intact=parcel.seal_intact
    )
    return render_template(
        "buyer/receiving.html",
        order=order,
        lot_reference=uow.session.get_one(Lot, order.lot_id).reference,
        parcel=parcel,
        check=check,
        kind=kind,
        actions=actions_of(order, uow.actor, uow),
    )
