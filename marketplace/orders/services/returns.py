"""Goods on their way back: sent by the buyer, received by the cooperative, taken back or contested."""

from marketplace.core.errors import InvalidInput
from marketplace.orders.answers import Parcel, Reason, Receipt
from marketplace.orders.models import Order, Shipment
from marketplace.orders.services.advance import advance
from marketplace.orders.services.shipping import check_tracking, note_proof, note_receipt, send
from marketplace.orders.transitions import Action
from marketplace.unit_of_work import UnitOfWork


def send_back(uow: UnitOfWork, *, order: Order, parcel: Parcel) -> Shipment:
    """Hand the goods to a courier on their way back; raise InvalidInput when the papers cannot be right."""
    if (wrong := check_tracking(uow.session, parcel)) is not None:
        raise InvalidInput({"tracking": wrong})
    advance(uow, order=order, action=Action.SEND_BACK, carrier=parcel.carrier, tracking=parcel.tracking)
    return send(uow, order=order, parcel=parcel, leg="back")


def receive_return(uow: UnitOfWork, *, order: Order, receipt: Receipt) -> Shipment:
    """Note what the cooperative found when the goods came back."""
    told = {"seal_intact": receipt.seal_intact, "weight_mg": receipt.weight_mg}
    advance(uow, order=order, action=Action.RECEIVE_RETURN, **told)
    return note_receipt(uow, order=order, receipt=receipt)


def prove_return(uow: UnitOfWork, *, order: Order, proof: str) -> Shipment:
    """Note the carrier's proof when the cooperative is silent; its days to look at the goods begin."""
    advance(uow, order=order, action=Action.PROVE_RETURN, proof=proof)
    return note_proof(uow, order=order, proof=proof)


def take_back(uow: UnitOfWork, *, order: Order) -> Order:
    """Accept the returned goods: the buyer is refunded."""
    return advance(uow, order=order, action=Action.TAKE_BACK)


def contest_return(uow: UnitOfWork, *, order: Order, reason: Reason) -> Order:
    """Say that what came back is not what was sent; staff decides."""
    return advance(uow, order=order, action=Action.CONTEST_RETURN, problem=reason.kind, note=reason.text)
