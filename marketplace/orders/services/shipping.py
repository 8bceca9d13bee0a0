"""The parcel: sent by the cooperative, received by the buyer or proved by the carrier."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.core.errors import FieldError, InvalidInput
from marketplace.core.text import N_
from marketplace.lots.models import LotVersion
from marketplace.lots.parts import content_of_part
from marketplace.orders import terms
from marketplace.orders.answers import Parcel, Receipt
from marketplace.orders.models import Order, Shipment
from marketplace.orders.services.advance import advance
from marketplace.orders.services.custody_news import tell_arrived, tell_sent
from marketplace.orders.shipping_papers import PapersMissing, missing_papers_of
from marketplace.orders.transitions import Action, State
from marketplace.unit_of_work import UnitOfWork


def ship(uow: UnitOfWork, *, order: Order, parcel: Parcel) -> Shipment:
    """Hand the parcel to the courier.

    Raises InvalidInput when what is told of the parcel cannot be right, PapersMissing when the goods may not leave yet.
    """
    errors = _check_parcel(uow.session, order, parcel)
    if order.state == State.CONFIRMED and (missing := missing_papers_of(uow.session, order, today=uow.now.date())):
        raise PapersMissing(missing, errors)
    if errors:
        raise InvalidInput(errors)
    advance(
        uow,
        order=order,
        action=Action.SHIP,
        carrier=parcel.carrier,
        tracking=parcel.tracking,
        seal_number=parcel.seal_number,
        weight_mg=parcel.weight_mg,
    )
    return send(uow, order=order, parcel=parcel, leg="out")


def send(uow: UnitOfWork, *, order: Order, parcel: Parcel, leg: str) -> Shipment:
    """Write down a leg of the goods' road: "out", "onward" from the verifier, or "back"."""
    shipment = Shipment(
        order_id=order.id,
        leg=leg,
        carrier=parcel.carrier,
        tracking=parcel.tracking,
        seal_number=parcel.seal_number,
        weight_mg=parcel.weight_mg,
        insured_minor=parcel.insured.minor,
        currency=parcel.insured.currency,
        shipped_at=uow.now,
    )
    uow.session.add(shipment)
    uow.record("shipment.send", shipment, order, leg=leg, carrier=parcel.carrier, tracking=parcel.tracking)
    tell_sent(uow, order=order, shipment=shipment)
    return shipment


def receive(uow: UnitOfWork, *, order: Order, receipt: Receipt) -> Shipment:
    """Note what the buyer found when the parcel came."""
    advance(uow, order=order, action=Action.RECEIVE, seal_intact=receipt.seal_intact, weight_mg=receipt.weight_mg)
    return note_receipt(uow, order=order, receipt=receipt)


def note_receipt(uow: UnitOfWork, *, order: Order, receipt: Receipt) -> Shipment:
    """Write down what was found when the newest parcel came."""
    shipment = newest_leg(uow, order=order)
    shipment.delivered_at = uow.now
    shipment.seal_intact, shipment.received_weight_mg = receipt.seal_intact, receipt.weight_mg
    uow.record("shipment.receive", shipment, order, seal_intact=receipt.seal_intact, weight_mg=receipt.weight_mg)
    tell_arrived(uow, order=order, shipment=shipment)
    return shipment


def prove_delivery(uow: UnitOfWork, *, order: Order, proof: str) -> Shipment:
    """Note the carrier's proof when the buyer is silent; the inspection days begin."""
    advance(uow, order=order, action=Action.PROVE_DELIVERY, proof=proof)
    return note_proof(uow, order=order, proof=proof)


def note_proof(uow: UnitOfWork, *, order: Order, proof: str) -> Shipment:
    """Write down that the carrier proved the newest parcel's delivery."""
    shipment = newest_leg(uow, order=order)
    shipment.delivered_at = uow.now
    uow.record("shipment.prove", shipment, order, proof=proof)
    tell_arrived(uow, order=order, shipment=shipment)
    return shipment


def check_tracking(session: Session, parcel: Parcel) -> FieldError | None:
    """Return what is wrong with a tracking number that another parcel has."""
    used = select(Shipment.id).where(Shipment.carrier == parcel.carrier, Shipment.tracking == parcel.tracking)
    if session.scalar(used) is not None:
        return FieldError(N_("This tracking number belongs to another parcel. Check it."))
    return None


def _check_parcel(session: Session, order: Order, parcel: Parcel) -> dict[str, FieldError]:
    errors: dict[str, FieldError] = {}
    content = content_of_part(session.get_one(LotVersion, order.version_id).content, order.quantity_mg)
    if abs(parcel.weight_mg - content["weight_mg"]) > terms.tolerance_mg(content["kind"], content["weight_mg"]):
        errors["weight"] = FieldError(N_("This is not the weight of the lot that was sold. Weigh it again."))
    if parcel.insured.minor < order.price_minor:
        errors["insured"] = FieldError(N_("Insure the parcel for the whole price of the order."))
    if (wrong := check_tracking(session, parcel)) is not None:
        errors["tracking"] = wrong
    return errors


def newest_leg(uow: UnitOfWork, *, order: Order) -> Shipment:
    """Return the parcel that was sent last, locked."""
    found = (
        select(Shipment).where(Shipment.order_id == order.id).order_by(Shipment.shipped_at.desc(), Shipment.id.desc())
    )
    return uow.session.scalars(found.limit(1).with_for_update()).one()
